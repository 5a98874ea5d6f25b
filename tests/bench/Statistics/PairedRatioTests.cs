namespace ChurnEngine.Bench.Tests;

public class PairedRatioTests
{
    // Printed tables of the Wilcoxon signed-rank test, two-sided 5%: W at most 0 at n = 6, 2 at 7, 3 at 8, 5 at 9, 8 at 10, 25 at 15, 52 at 20.
    [Theory]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    [InlineData(7, 3)]
    [InlineData(8, 4)]
    [InlineData(9, 6)]
    [InlineData(10, 9)]
    [InlineData(15, 26)]
    [InlineData(20, 53)]
    public void SignedRankCut_KnownSizes_AgreesWithTheTables(int n, int cut) => Assert.Equal(cut, PairedRatio.SignedRankCut(n));

    [Fact]
    public void Of_ConstantRatio_IsThatRatioWithoutWidth()
    {
        double[] b = [1, 2, 3, 5, 8, 13, 21];
        var ratio = PairedRatio.Of([.. b.Select(x => 1.25 * x)], b);
        Assert.Equal(1.25, ratio.Value, 1e-12);
        Assert.Equal(1.25, ratio.Range!.Low, 1e-12);
        Assert.Equal(1.25, ratio.Range.High, 1e-12);
    }

    // ln ratios 0.1 and 0.3: mean 0.2, standard error 0.1, t(0.975, 1) = 12.7062.
    [Fact]
    public void Of_TwoRounds_IsTheTInterval()
    {
        var ratio = PairedRatio.Of([Math.Exp(0.1), Math.Exp(0.3)], [1, 1]);
        Assert.Equal(Math.Exp(0.2), ratio.Value, 1e-9);
        Assert.Equal(0.2 - 1.27062, Math.Log(ratio.Range!.Low), 1e-5);
        Assert.Equal(0.2 + 1.27062, Math.Log(ratio.Range.High), 1e-5);
    }

    [Fact]
    public void Of_OneRound_HasNoInterval() => Assert.Equal(new PairedRatio(2, null), PairedRatio.Of([4], [2]));

    [Fact]
    public void Of_TwoWildRoundsOfTen_HardlyMoves()
    {
        double[] b = [.. Enumerable.Repeat(1.0, 10)];
        double[] a = [1.01, 0.99, 1.02, 0.98, 1.00, 1.01, 0.99, 1.00, 7.0, 4.0];
        var ratio = PairedRatio.Of(a, b);
        Assert.InRange(ratio.Value, 0.99, 1.02);
        Assert.True(ratio.Range!.Contains(1));
    }

    [Fact]
    public void Of_SidesExchanged_IsTheReciprocal()
    {
        double[] a = [1.1, 1.3, 0.9, 1.2, 1.05, 1.15, 1.4], b = [1, 1.1, 0.95, 0.9, 1, 1.02, 1.3];
        PairedRatio forth = PairedRatio.Of(a, b), back = PairedRatio.Of(b, a);
        Assert.Equal(forth.Value, 1 / back.Value, 1e-12);
        Assert.Equal(forth.Range!.Low, 1 / back.Range!.High, 1e-12);
    }

    // The promise of the interval: over many draws it holds the truth in about 95 of 100. Seeded, so the count is a known number.
    [Theory]
    [InlineData(4)]
    [InlineData(10)]
    public void Of_NoisyRounds_CoversTheTruthAsPromised(int rounds)
    {
        var random = new Random(5);
        int covered = 0;
        const int Draws = 2000;
        for (int draw = 0; draw < Draws; draw++)
        {
            double[] a = new double[rounds], b = new double[rounds];
            for (int round = 0; round < rounds; round++)
            {
                double load = Math.Exp(random.NextDouble());
                (a[round], b[round]) = (1.1 * load * Math.Exp(0.05 * Normal(random)), load * Math.Exp(0.05 * Normal(random)));
            }
            if (PairedRatio.Of(a, b).Range!.Contains(1.1))
                covered++;
        }
        Assert.InRange((double)covered / Draws, 0.935, 0.975);
    }

    [Fact]
    public void Of_UnpairedOrZero_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => PairedRatio.Of([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => PairedRatio.Of([], []));
        Assert.Throws<ArgumentException>(() => PairedRatio.Of([0], [1]));
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
