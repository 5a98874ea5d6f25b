namespace ChurnEngine.Evaluation.Tests.Report;

public class BootstrapIntervalsTests
{
    [Theory]
    [MemberData(nameof(Samples.Cases), MemberType = typeof(Samples))]
    public void Measure_OnTheSampleItself_EqualsTheMetrics(int seed, int rows, int levels)
    {
        (float[] probability, float[] labels) = Samples.Draw(seed, rows, levels);
        (labels[0], labels[1]) = (0, 1);
        IReadOnlyDictionary<string, double> expected = ClassificationMetrics.Evaluate(probability, labels, 0.4).ToDictionary();
        var measured = BootstrapIntervals.Measure([Model(probability)], labels, new BootstrapOptions { Resamples = 20 })[0];
        Assert.Equal(BootstrapIntervals.Metrics, measured.Metrics.Keys);
        Assert.All(measured.Metrics, metric => Assert.Equal(expected[metric.Key], metric.Value.Value, 1e-6));
        Assert.All(measured.Metrics.Values, interval => Assert.True(interval.Lower <= interval.Upper));
        Assert.All(measured.Differences.Values, difference => Assert.Equal(new BootstrapInterval(0, 0, 0), difference));
    }

    [Fact]
    public void Measure_AnyThreads_GivesTheSameBits_AndAnotherSeedDoesNot()
    {
        (float[] probability, float[] labels) = Samples.Draw(11, 500, 0);
        BootstrapInterval[] one = Run(1, 4), four = Run(4, 4), other = Run(1, 5);
        Assert.Equal(one, four);
        Assert.NotEqual(one, other);

        BootstrapInterval[] Run(int threads, long seed) => [.. BootstrapIntervals.Measure([Model(probability)], labels, new BootstrapOptions { Resamples = 100, Threads = threads, Seed = seed })[0].Metrics.Values];
    }

    [Fact]
    public void Measure_Auc_IsAsWideAsDeLongSays()
    {
        (float[] probability, float[] labels) = Samples.Draw(12, 2000, 0);
        AucInterval expected = RocAuc.DeLong(probability, labels);
        BootstrapInterval actual = BootstrapIntervals.Measure([Model(probability)], labels, new BootstrapOptions { Resamples = 2000 })[0].Metrics["roc_auc"];
        Assert.Equal(expected.Lower, actual.Lower, 0.004);
        Assert.Equal(expected.Upper, actual.Upper, 0.004);
    }

    [Fact]
    public void Measure_TwoModels_PairsThem()
    {
        (float[] probability, float[] labels) = Samples.Draw(13, 1000, 0);
        // The same ranks: the AUC differs by nothing in any resample, and the log-loss by much.
        float[] squeezed = Array.ConvertAll(probability, value => 0.5f + 0.01f * value);
        var measured = BootstrapIntervals.Measure([Model(probability), Model(squeezed)], labels, new BootstrapOptions { Resamples = 50 });
        Assert.Equal(new BootstrapInterval(0, 0, 0), measured[1].Differences["roc_auc"]);
        BootstrapInterval loss = measured[1].Differences["log_loss"];
        Assert.True(loss.Upper - loss.Lower > 0 && loss.Upper - loss.Lower < measured[0].Metrics["log_loss"].Upper - measured[0].Metrics["log_loss"].Lower + 0.1);
    }

    [Fact]
    public void Measure_WrongInput_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => BootstrapIntervals.Measure([], [0, 1], new BootstrapOptions()));
        Assert.Throws<ArgumentException>(() => BootstrapIntervals.Measure([Model([0.5f, 0.6f])], [1, 1], new BootstrapOptions()));
        Assert.Throws<ArgumentException>(() => BootstrapIntervals.Measure([Model([0.5f])], [0, 1], new BootstrapOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => BootstrapIntervals.Measure([Model([0.5f, 0.6f])], [0, 1], new BootstrapOptions { Resamples = 1 }));
    }

    private static BootstrapModel Model(float[] probability) => new(probability, Array.ConvertAll(probability, _ => 0.4f));
}
