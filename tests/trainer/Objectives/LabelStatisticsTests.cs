namespace ChurnEngine.Trainer.Tests;

public class LabelStatisticsTests
{
    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.2, 1)]
    [InlineData(0.21, 2)]
    [InlineData(0.5, 3)]
    [InlineData(0.6, 3)]
    [InlineData(0.99, 5)]
    public void Quantile_FiveRows_IsTheRowThatReachesTheShare(double share, double expected)
    {
        Assert.Equal(expected, LabelStatistics.Quantile([4, 2, 5, 1, 3], default, share));
        Assert.Equal(expected, LabelStatistics.Quantile([4, 2, 5, 1, 3], [2, 2, 2, 2, 2], share));
    }

    [Fact]
    public void Quantile_Weights_AreRowsSeveralTimesOver()
    {
        var random = new Random(5);
        for (int trial = 0; trial < 200; trial++)
        {
            float[] labels = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => (float)random.Next(6))];
            float[] weights = [.. labels.Select(_ => (float)random.Next(4))];
            double share = random.Next(1, 20) / 20.0;
            float[] repeated = [.. labels.SelectMany((label, row) => Enumerable.Repeat(label, (int)weights[row]))];
            Assert.Equal(LabelStatistics.Quantile(repeated, default, share), LabelStatistics.Quantile(labels, weights, share));
        }
    }

    [Fact]
    public void Quantile_NoWeight_IsZero()
    {
        Assert.Equal(0, LabelStatistics.Quantile([3, 4], [0, 0], 0.5));
        Assert.Equal(0, LabelStatistics.Quantile([], default, 0.5));
    }

    [Fact]
    public void Mean_Weights_Count() => Assert.Equal((2.5, 3.25), (LabelStatistics.Mean([1, 4], default), LabelStatistics.Mean([1, 4], [1, 3])));
}
