namespace ChurnEngine.Evaluation.Tests;

/// <summary>Metrics of rows that do not count alike.</summary>
public class WeightedMetricTests
{
    [Theory]
    [MemberData(nameof(Samples.Cases), MemberType = typeof(Samples))]
    public void WholeWeights_AreRowsSeveralTimesOver(int seed, int rows, int levels)
    {
        (float[] scores, float[] labels) = Samples.Draw(seed, rows, levels);
        (labels[0], labels[1]) = (1, 0);
        var random = new Random(seed);
        float[] weights = [.. labels.Select((_, row) => row < 2 ? 1f : random.Next(4))];
        float[] manyScores = [.. Repeat(scores, weights)], manyLabels = [.. Repeat(labels, weights)];
        Assert.Equal(RocAuc.Compute(manyScores, manyLabels), RocAuc.Compute(scores, labels, weights), 1e-12);
        Assert.Equal(AveragePrecision.Compute(manyScores, manyLabels), AveragePrecision.Compute(scores, labels, weights), 1e-12);
        Assert.Equal(ProbabilityLoss.LogLoss(manyScores, manyLabels), ProbabilityLoss.LogLoss(scores, labels, weights), 1e-12);
        Assert.Equal(ProbabilityLoss.Brier(manyScores, manyLabels), ProbabilityLoss.Brier(scores, labels, weights), 1e-12);
        Assert.Equal(ProbabilityLoss.LogLossScalar(scores, labels, weights), ProbabilityLoss.LogLoss(scores, labels, weights), 1e-12);
        Assert.Equal(ProbabilityLoss.BrierScalar(scores, labels, weights), ProbabilityLoss.Brier(scores, labels, weights), 1e-12);
        Assert.Equal(ValueLoss.Squared(manyScores, manyLabels), ValueLoss.Squared(scores, labels, weights), 1e-12);
        Assert.Equal(ValueLoss.Absolute(manyScores, manyLabels), ValueLoss.Absolute(scores, labels, weights), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Samples.Cases), MemberType = typeof(Samples))]
    public void WeightsOfOne_ChangeNothing(int seed, int rows, int levels)
    {
        (float[] scores, float[] labels) = Samples.Draw(seed, rows, levels);
        float[] ones = [.. labels.Select(_ => 1f)];
        Assert.Equal(RocAuc.Compute(scores, labels), RocAuc.Compute(scores, labels, ones), 1e-12);
        Assert.Equal(AveragePrecision.Compute(scores, labels), AveragePrecision.Compute(scores, labels, ones), 1e-12);
        Assert.Equal(RocAuc.Compute(scores, labels), RocAuc.Compute(scores, labels, default));
    }

    [Fact]
    public void OneClassWithoutWeight_IsNaN()
    {
        Assert.Equal(double.NaN, RocAuc.Compute([1, 2, 3], [0, 1, 0], [1, 0, 1]));
        Assert.Equal(double.NaN, AveragePrecision.Compute([1, 2, 3], [0, 1, 0], [1, 0, 1]));
        Assert.Equal(double.NaN, AveragePrecision.Compute([1, 2, 3], [0, 1, 0], [0, 1, 0]));
        Assert.Equal(double.NaN, ProbabilityLoss.Brier([0.5f], [1], [0]));
    }

    [Fact]
    public void Lengths_MustAgree()
    {
        Assert.Throws<ArgumentException>(() => RocAuc.Compute([1, 2], [0, 1], [1]));
        Assert.Throws<ArgumentException>(() => AveragePrecision.Compute([1, float.NaN], [0, 1], [1, 1]));
        Assert.Throws<ArgumentException>(() => ProbabilityLoss.LogLoss([1, 0], [0, 1], [1]));
        Assert.Throws<ArgumentException>(() => ValueLoss.Absolute([1, 0], [0, 1], [1]));
    }

    private static IEnumerable<float> Repeat(float[] values, float[] weights) => values.SelectMany((value, row) => Enumerable.Repeat(value, (int)weights[row]));
}
