namespace ChurnEngine.Monitoring.Tests;

public sealed class DriftMeasuresTests
{
    [Fact]
    public void Measures_OfTwoBins_AreWhatAHandWorksOut()
    {
        double[] then = [80, 20], now = [50, 50];
        Assert.Equal((0.5 - 0.8) * Math.Log(0.5 / 0.8) + (0.5 - 0.2) * Math.Log(0.5 / 0.2), DriftMeasures.StabilityIndex(then, now).Value, 1e-12);
        Assert.Equal(0.5 * Math.Log(0.5 / 0.8) + 0.5 * Math.Log(0.5 / 0.2), DriftMeasures.KullbackLeibler(then, now), 1e-12);
        double Half(double share, double other) => share * Math.Log2(share / ((share + other) / 2));
        Assert.Equal(Math.Sqrt((Half(0.8, 0.5) + Half(0.5, 0.8) + Half(0.2, 0.5) + Half(0.5, 0.2)) / 2), DriftMeasures.JensenShannon(then, now), 1e-12);
        Assert.Equal(0.3, DriftMeasures.KolmogorovSmirnov(then, now), 1e-12);
        // The four cells of a two by two table: n (ad - bc)^2 over the product of the margins.
        (double statistic, int degrees, double p) = DriftMeasures.ChiSquared(then, now);
        Assert.Equal(200.0 * Math.Pow(80 * 50 - 20 * 50, 2) / (100.0 * 100 * 130 * 70), statistic, 1e-9);
        Assert.Equal(1, degrees);
        Assert.Equal(8.8e-6, p, 1e-6);
    }

    [Fact]
    public void Wasserstein_OfAShiftByOneBin_IsItsWidth()
    {
        float[] edges = [0, 1, 2, 3, 4, 5];
        // Uniform over four bins of width 1, quartiles at 1 and 3 by their bins' upper edges; then all of it one further.
        double[] then = [0, 25, 25, 25, 25, 0, 0], now = [0, 0, 25, 25, 25, 25, 0];
        Assert.Equal(1.0 / 2, DriftMeasures.Wasserstein(then, now, edges), 1e-12);
        Assert.Equal(0, DriftMeasures.Wasserstein(then, then, edges));
        Assert.True(double.IsNaN(DriftMeasures.Wasserstein([1, 1], [1, 1], [0])));
    }

    [Fact]
    public void Measures_OfEqualShares_AreZero_AndEmptyBinsStayFinite()
    {
        double[] then = [10, 0, 30], same = [100, 0, 300];
        Assert.Equal(0, DriftMeasures.StabilityIndex(then, same).Value, 1e-15);
        Assert.Equal((0.0, 0.0, 0.0), (DriftMeasures.KullbackLeibler(then, same), DriftMeasures.JensenShannon(then, same), DriftMeasures.KolmogorovSmirnov(then, same)));
        Assert.Equal(1, DriftMeasures.ChiSquared(then, same).PValue, 1e-12);
        (double value, double variance, _) = DriftMeasures.StabilityIndex(then, [0, 40, 0]);
        Assert.True(double.IsFinite(value) && double.IsFinite(variance) && value > 1);
        Assert.Equal(1, DriftMeasures.JensenShannon([1, 0], [0, 1]), 1e-12);
        Assert.True(double.IsNaN(DriftMeasures.KolmogorovSmirnov([0, 0], [1, 1])));
    }

    // What the interval promises: of samples drawn from a known change it holds the true index as often as it says, near enough.
    [Fact]
    public void StabilityIndex_IntervalHoldsTheTrueValue()
    {
        double[] then = [0.1, 0.2, 0.3, 0.4], now = [0.2, 0.25, 0.3, 0.25];
        double truth = then.Zip(now, (q, p) => (p - q) * Math.Log(p / q)).Sum();
        var random = new Random(3);
        int held = 0;
        for (int trial = 0; trial < 400; trial++)
        {
            (double value, double variance, double bias) = DriftMeasures.StabilityIndex(Draw(then, 4000), Draw(now, 2000));
            held += Math.Abs(value - bias - truth) <= 1.96 * Math.Sqrt(variance) ? 1 : 0;
        }
        Assert.InRange(held, 360, 396);

        double[] Draw(double[] shares, int rows)
        {
            double[] counts = new double[shares.Length];
            for (int i = 0; i < rows; i++)
            {
                double at = random.NextDouble();
                int bin = 0;
                while (bin < shares.Length - 1 && at >= shares[bin])
                    at -= shares[bin++];
                counts[bin]++;
            }
            return counts;
        }
    }

    [Fact]
    public void FalseDiscoveryRate_IsBenjaminisAndHochbergs()
    {
        // In order 0.005, 0.01, 0.02, 0.03, 0.04 times 5 over the rank, and none above the next.
        double[] expected = [0.1 / 3, 0.0375, 0.04, 0.025, 0.025], adjusted = DriftMeasures.FalseDiscoveryRate([0.02, 0.03, 0.04, 0.01, 0.005]);
        Assert.All(expected.Zip(adjusted), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.Empty(DriftMeasures.FalseDiscoveryRate([]));
    }

    [Fact]
    public void Measures_OfOtherBins_AreRefused() => Assert.Throws<ArgumentException>(() => DriftMeasures.StabilityIndex([1, 2], [1, 2, 3]));
}
