namespace ChurnEngine.Evaluation.Tests.Intervals;

public sealed class PairedBootstrapTests
{
    [Fact]
    public void RocAuc_OfTheRowsAsTheyAre_IsTheMetric()
    {
        foreach ((int seed, int levels) in new[] { (1, 0), (2, 5), (3, 40) })
        {
            (float[] first, float[] labels) = Samples.Draw(seed, 600, levels);
            (float[] second, _) = Samples.Draw(seed + 50, 600, levels);
            PairedDifference found = PairedBootstrap.RocAuc(first, second, labels, [.. Enumerable.Range(0, 600)], new PairedBootstrapOptions { Resamples = 100 });
            Assert.Equal(RocAuc.Compute(first, labels), found.First, 12);
            Assert.Equal(RocAuc.Compute(second, labels), found.Second, 12);
            Assert.InRange(found.Difference, found.Lower, found.Upper);
        }
    }

    [Fact]
    public void RocAuc_AnyNumberOfThreads_GivesTheSameInterval()
    {
        (float[] first, float[] labels) = Samples.Draw(5, 500, 0);
        (float[] second, _) = Samples.Draw(6, 500, 0);
        int[] customers = [.. Enumerable.Range(0, 500).Select(row => row / 3)];
        PairedDifference[] found = [.. new[] { 1, 2, 5 }.Select(threads => PairedBootstrap.RocAuc(first, second, labels, customers, new PairedBootstrapOptions { Resamples = 200, Seed = 9, Threads = threads }))];
        Assert.Single(found.Distinct());
        Assert.Equal(167, found[0].Customers);
        Assert.NotEqual(found[0], PairedBootstrap.RocAuc(first, second, labels, customers, new PairedBootstrapOptions { Resamples = 200, Seed = 10 }));
    }

    [Fact]
    public void Interval_OfTheSameScores_IsNothing()
    {
        (float[] scores, float[] labels) = Samples.Draw(7, 300, 0);
        PairedDifference found = PairedBootstrap.RocAuc(scores, scores, labels, [.. Enumerable.Range(0, 300)], new PairedBootstrapOptions { Resamples = 100 });
        Assert.Equal((0, 0, 0), (found.Difference, found.Lower, found.Upper));
    }

    [Fact]
    public void Interval_RowsOfOneCustomerRepeated_IsAsWideAsWithoutThem()
    {
        (float[] first, float[] labels) = Samples.Draw(8, 400, 0);
        (float[] second, _) = Samples.Draw(9, 400, 0);
        var options = new PairedBootstrapOptions { Resamples = 400 };
        PairedDifference once = PairedBootstrap.RocAuc(first, second, labels, [.. Enumerable.Range(0, 400)], options);
        float[] Five(float[] values) => [.. values.SelectMany(value => Enumerable.Repeat(value, 5))];
        PairedDifference repeated = PairedBootstrap.RocAuc(Five(first), Five(second), Five(labels), [.. Enumerable.Range(0, 2000).Select(row => row / 5)], options);
        Assert.Equal(once.Lower, repeated.Lower, 12);
        Assert.Equal(once.Upper, repeated.Upper, 12);
        PairedDifference asIfIndependent = PairedBootstrap.RocAuc(Five(first), Five(second), Five(labels), [.. Enumerable.Range(0, 2000)], options);
        Assert.True(asIfIndependent.Upper - asIfIndependent.Lower < 0.6 * (once.Upper - once.Lower));
    }

    /// <summary>Where no difference is, a 95% interval misses 0 about once in twenty.</summary>
    [Fact]
    public void Interval_NoDifference_Covers0AsOftenAsItSays()
    {
        int missed = 0;
        for (int trial = 0; trial < 200; trial++)
        {
            var random = new Random(trial);
            float[] labels = [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble() < 0.3 ? 1f : 0f)];
            float[] Scores() => [.. labels.Select(label => (float)(random.NextDouble() + 0.3 * label))];
            PairedDifference found = PairedBootstrap.RocAuc(Scores(), Scores(), labels, [.. Enumerable.Range(0, 300)], new PairedBootstrapOptions { Resamples = 200, Seed = trial });
            missed += found.Lower > 0 || found.Upper < 0 ? 1 : 0;
        }
        Assert.InRange(missed, 2, 22);
    }

    [Fact]
    public void Rmse_BetterValues_LieBelow()
    {
        var random = new Random(3);
        float[] labels = [.. Enumerable.Range(0, 500).Select(_ => (float)random.NextDouble())];
        float[] near = [.. labels.Select(label => label + 0.1f * (float)(random.NextDouble() - 0.5))], far = [.. labels.Select(label => label + 0.3f * (float)(random.NextDouble() - 0.5))];
        PairedDifference found = PairedBootstrap.Rmse(near, far, labels, [.. Enumerable.Range(0, 500)], new PairedBootstrapOptions { Resamples = 200 });
        Assert.True(found.Upper < 0);
        Assert.InRange(found.First, 0.02, 0.04);
    }

    [Fact]
    public void Interval_OneClassInMostDraws_IsNotKnown()
    {
        float[] labels = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        float[] scores = [.. Enumerable.Range(0, 10).Select(row => (float)row)];
        PairedDifference found = PairedBootstrap.RocAuc(scores, [.. scores.Reverse()], labels, [.. Enumerable.Range(0, 10)], new PairedBootstrapOptions { Resamples = 200 });
        Assert.True(double.IsNaN(found.Lower) && double.IsNaN(found.Upper));
    }

    [Fact]
    public void RocAuc_BadInput_IsTheCallersFault()
    {
        var options = new PairedBootstrapOptions();
        Assert.Throws<ArgumentException>(() => PairedBootstrap.RocAuc([1, 2], [1], [0, 1], [0, 1], options));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.RocAuc([1, float.NaN], [1, 2], [0, 1], [0, 1], options));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.RocAuc([1, 2], [1, 2], [0, 2], [0, 1], options));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.RocAuc([], [], [], [], options));
        Assert.Throws<ArgumentOutOfRangeException>(() => PairedBootstrap.RocAuc([1, 2], [1, 2], [0, 1], [0, 1], options with { Resamples = 10 }));
    }
}
