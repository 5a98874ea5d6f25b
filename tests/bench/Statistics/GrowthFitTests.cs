namespace ChurnEngine.Bench.Tests;

public class GrowthFitTests
{
    [Fact]
    public void Of_ExactPower_FindsItWithoutWidth()
    {
        double[] sizes = [1e5, 1e6, 1e7];
        var fit = GrowthFit.Of(sizes, [.. sizes.Select(n => 3 * Math.Pow(n, 1.5))]);
        Assert.Equal(1.5, fit.Exponent, 1e-12);
        Assert.Equal(3, fit.Factor, 1e-9);
        Assert.Equal(1.5, fit.Range!.Low, 1e-9);
        Assert.Equal(1.5, fit.Range.High, 1e-9);
    }

    // By hand: x = 0, 1, 2 and y = 0, 2, 3 in logs: slope 1.5, residuals -1/6, 1/3, -1/6, standard error sqrt(1/6 / 2), t(0.975, 1) = 12.7062.
    [Fact]
    public void Of_ThreeScatteredPoints_IsTheTextbookSlope()
    {
        var fit = GrowthFit.Of([1, Math.E, Math.E * Math.E], [1, Math.Exp(2), Math.Exp(3)]);
        Assert.Equal(1.5, fit.Exponent, 1e-12);
        Assert.Equal(1.5 + 12.7062 * Math.Sqrt(1.0 / 12), fit.Range!.High, 1e-4);
        Assert.Equal(1.5 - 12.7062 * Math.Sqrt(1.0 / 12), fit.Range.Low, 1e-4);
    }

    [Fact]
    public void Of_TwoPoints_HasNoInterval()
    {
        var fit = GrowthFit.Of([10, 100], [1, 10]);
        Assert.Equal(1, fit.Exponent, 1e-12);
        Assert.Null(fit.Range);
    }

    [Fact]
    public void Of_OneSizeOrZeroCost_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => GrowthFit.Of([10, 10], [1, 2]));
        Assert.Throws<ArgumentException>(() => GrowthFit.Of([10, 20], [0, 2]));
        Assert.Throws<ArgumentException>(() => GrowthFit.Of([10], [1, 2]));
    }
}
