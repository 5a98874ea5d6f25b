namespace ChurnEngine.Evaluation.Tests;

public class ShareIntervalTests
{
    [Theory]
    // Wilson's formula in Python's doubles.
    [InlineData(0, 10, 0, 0.277533), InlineData(8, 10, 0.490162, 0.943318), InlineData(45, 150, 0.232408, 0.377580), InlineData(10, 10, 0.722467, 1)]
    public void Wilson_KnownCounts_HasTheKnownEnds(long successes, long trials, double lower, double upper)
    {
        var interval = ShareInterval.Wilson(successes, trials);
        Assert.Equal((double)successes / trials, interval.Value);
        Assert.Equal(lower, interval.Lower, 1e-6);
        Assert.Equal(upper, interval.Upper, 1e-6);
    }

    [Fact]
    public void Wilson_NoTrials_IsNotDefined_AndWrongCountsThrow()
    {
        Assert.True(double.IsNaN(ShareInterval.Wilson(0, 0).Lower));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShareInterval.Wilson(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShareInterval.Wilson(-1, 2));
    }

    [Theory]
    [InlineData(0.05, 200), InlineData(0.3, 60), InlineData(0.5, 40), InlineData(0.9, 150)]
    public void Wilson_DrawnShares_AreCoveredNineteenTimesInTwenty(double share, int trials)
    {
        const int Draws = 4000;
        var random = new Random(31);
        int covered = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            var interval = ShareInterval.Wilson(Binomial(random, trials, share), trials);
            covered += interval.Lower <= share && share <= interval.Upper ? 1 : 0;
        }
        Assert.InRange((double)covered / Draws, 0.93, 0.98);
    }

    [Fact]
    public void Katz_KnownCounts_HasTheKnownEnds()
    {
        // 30 of 100 against 20 of 100: exp(ln 1.5 -+ 1.959964 * sqrt(1/30 - 1/100 + 1/20 - 1/100)).
        var ratio = RatioInterval.Katz((30, 100), (20, 100));
        Assert.Equal(1.5, ratio.Value, 1e-12);
        Assert.Equal(Math.Exp(Math.Log(1.5) - 1.959963984540054 * Math.Sqrt(0.7 / 30 + 0.8 / 20)), ratio.Lower, 1e-12);
        Assert.Equal(Math.Exp(Math.Log(1.5) + 1.959963984540054 * Math.Sqrt(0.7 / 30 + 0.8 / 20)), ratio.Upper, 1e-12);
        var none = RatioInterval.Katz((5, 100), (0, 100));
        Assert.True(double.IsNaN(none.Value) && none.Lower < none.Upper);
        Assert.True(double.IsNaN(RatioInterval.Katz((0, 0), (1, 2)).Lower));
        Assert.Equal(0, RatioInterval.Katz((0, 50), (10, 50)).Value);
    }

    [Theory]
    [InlineData(0.2, 0.3, 200, 300), InlineData(0.5, 0.5, 120, 80), InlineData(0.1, 0.06, 400, 500)]
    public void Katz_DrawnRatios_AreCoveredNineteenTimesInTwenty(double first, double second, int n, int m)
    {
        const int Draws = 4000;
        var random = new Random(32);
        int covered = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            var ratio = RatioInterval.Katz((Binomial(random, n, first), n), (Binomial(random, m, second), m));
            covered += ratio.Lower <= first / second && first / second <= ratio.Upper ? 1 : 0;
        }
        Assert.InRange((double)covered / Draws, 0.93, 0.98);
    }

    private static long Binomial(Random random, int trials, double share) => Enumerable.Range(0, trials).Count(_ => random.NextDouble() < share);
}
