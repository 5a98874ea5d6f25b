using ChurnEngine.Evaluation;

namespace ChurnEngine.Monitoring.Tests;

public sealed class PerformanceTests
{
    // The probabilities are right by construction: what was expected holds what then happens, in most worlds.
    [Fact]
    public void Expected_OfRightProbabilities_HoldsWhatHappens()
    {
        var random = new Random(4);
        int rate = 0, auc = 0, precision = 0, recall = 0;
        for (int world = 0; world < 60; world++)
        {
            float[] probability = [.. Enumerable.Range(0, 3000).Select(_ => (float)Math.Pow(random.NextDouble(), 3))], cuts = [.. Enumerable.Repeat(0.4f, 3000)];
            float[] labels = [.. probability.Select(p => random.NextDouble() < p ? 1f : 0)];
            var expected = ExpectedPerformance.Of(probability, cuts, world);
            ClassificationMetrics now = ClassificationMetrics.Evaluate(probability, labels, 0.4);
            rate += Holds(expected.PositiveRate, now.PositiveRate);
            auc += Holds(expected.RocAuc, now.RocAuc.Auc);
            precision += Holds(expected.Precision, now.Confusion.Precision);
            recall += Holds(expected.Recall, now.Confusion.Recall);
        }
        Assert.All((int[])[rate, auc, precision, recall], held => Assert.InRange(held, 50, 60));

        static int Holds(Range95 range, double value) => value >= range.Lower && value <= range.Upper ? 1 : 0;
    }

    [Fact]
    public void Expected_OfTiesAndNobodyFlagged_IsDefined()
    {
        var expected = ExpectedPerformance.Of([0.5f, 0.5f, 0.5f, 0.5f], [0.9f, 0.9f, 0.9f, 0.9f], 1);
        Assert.Equal(0.5, expected.RocAuc.Value, 1e-12);
        Assert.True(double.IsNaN(expected.Precision.Value));
        Assert.Equal(0, expected.Recall.Value);
        Assert.Equal(expected, ExpectedPerformance.Of([0.5f, 0.5f, 0.5f, 0.5f], [0.9f, 0.9f, 0.9f, 0.9f], 1));
    }

    [Fact]
    public void Faults_NameWhatBroke_AndNothingElse()
    {
        var random = new Random(6);
        float[] probability = [.. Enumerable.Range(0, 4000).Select(_ => random.NextSingle() * 0.5f)];
        float[] right = [.. probability.Select(p => random.NextDouble() < p ? 1f : 0)], noise = [.. probability.Select(_ => random.NextDouble() < 0.5 ? 1f : 0)];
        ClassificationMetrics good = ClassificationMetrics.Evaluate(probability, right, 0.4), bad = ClassificationMetrics.Evaluate(probability, noise, 0.4);
        Assert.Empty(PerformanceCheck.Faults(good, good.RocAuc.Auc, new PerformanceLimits()));
        Assert.Equal(["roc_auc", "mean_probability"], PerformanceCheck.Faults(bad, good.RocAuc.Auc, new PerformanceLimits()).Select(fault => fault.Metric));
        Assert.Equal(["recall"], PerformanceCheck.Faults(good, null, new PerformanceLimits { Floors = new Dictionary<string, double> { ["recall"] = 0.99, ["precision"] = 0.01 } }).Select(fault => fault.Metric));
    }
}
