namespace ChurnEngine.Evaluation.Tests;

public class ReliabilityTests
{
    [Fact]
    public void Bins_FourRowsInTwo_EqualHandWorked()
    {
        IReadOnlyList<ReliabilityBin> bins = Reliability.Bins([0.75f, 0.125f, 0.25f, 1f], [1, 0, 1, 1], 2);
        Assert.Equal([new ReliabilityBin(0.125f, 0.25f, 2, 0.1875, 0.5), new ReliabilityBin(0.75f, 1f, 2, 0.875, 1)], bins);
        Assert.Equal(0.5 * 0.3125 + 0.5 * 0.125, Reliability.ExpectedCalibrationError([0.75f, 0.125f, 0.25f, 1f], [1, 0, 1, 1], 2), 1e-15);
    }

    [Theory]
    [MemberData(nameof(Samples.Cases), MemberType = typeof(Samples))]
    public void Bins_Random_HoldEveryRowOnceAndNeverPartATie(int seed, int rows, int levels)
    {
        (float[] probability, float[] labels) = Samples.Draw(seed, rows, levels);
        IReadOnlyList<ReliabilityBin> bins = Reliability.Bins(probability, labels);
        Assert.Equal(rows, bins.Sum(b => b.Count));
        Assert.InRange(bins.Count, 1, 15);
        Assert.Equal(labels.Sum(), bins.Sum(b => b.Count * b.PositiveRate), 1e-6);
        for (int i = 1; i < bins.Count; i++)
            Assert.True(bins[i - 1].Highest < bins[i].Lowest);
        Assert.All(bins, b => Assert.Equal(probability.Count(p => p >= b.Lowest && p <= b.Highest), b.Count));
        if (levels == 0 && rows >= 15)
            Assert.All(bins, b => Assert.InRange(b.Count, rows / 15, rows / 15 + 1));
    }

    [Fact]
    public void Ece_ConstantAtThePositiveRate_IsZero() =>
        Assert.Equal(0, Reliability.ExpectedCalibrationError([0.25f, 0.25f, 0.25f, 0.25f], [1, 0, 0, 0]));

    [Fact]
    public void Ece_OutcomesDrawnFromTheProbability_IsNearTheNoise_AndSeesAShift()
    {
        var random = new Random(5);
        float[] probability = new float[100_000], labels = new float[100_000];
        for (int row = 0; row < probability.Length; row++)
        {
            probability[row] = random.NextSingle() * 0.5f;
            labels[row] = random.NextDouble() < probability[row] ? 1 : 0;
        }
        Assert.InRange(Reliability.ExpectedCalibrationError(probability, labels), 0, 0.01);
        Assert.Equal(0.2, Reliability.ExpectedCalibrationError([.. probability.Select(p => p + 0.2f)], labels), 0.01);
    }
}
