using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public class PlattCalibratorTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(0.4, -1.5)]
    [InlineData(3, 2)]
    public void Fit_LabelsFromAKnownSigmoid_RecoversIt(double slope, double intercept)
    {
        (double[] margins, float[] labels) = Draw(200_000, slope, intercept);
        SigmoidCalibration fitted = PlattCalibrator.Fit(margins, labels);
        Assert.Equal(slope, fitted.Slope, slope * 0.03);
        Assert.Equal(intercept, fitted.Intercept, 0.06);
    }

    [Fact]
    public void Fit_AtTheOptimum_MeetsTheSmoothedTargetsInTheMean()
    {
        (double[] margins, float[] labels) = Draw(500, 1.3, -0.5);
        SigmoidCalibration fitted = PlattCalibrator.Fit(margins, labels);
        double positives = labels.Sum(), negatives = labels.Length - positives;
        double target = positives * (positives + 1) / (positives + 2) + negatives / (negatives + 2);
        Assert.Equal(target, margins.Sum(fitted.Probability), 1e-4);
    }

    [Fact]
    public void Fit_SeparableRows_StaysFinite()
    {
        SigmoidCalibration fitted = PlattCalibrator.Fit([-2, -1, 1, 2], [0, 0, 1, 1]);
        Assert.InRange(fitted.Slope, 0.1, 10);
        Assert.Equal(0, fitted.Intercept, 6);
    }

    [Fact]
    public void Fit_MarginsThatRankWrongly_KeepsTheSlopePositive()
    {
        SigmoidCalibration fitted = PlattCalibrator.Fit([-2, -1, 1, 2, 3, 4], [1, 1, 0, 0, 0, 0]);
        Assert.InRange(fitted.Slope, 1e-9, 1e-3);
        Assert.InRange(fitted.Probability(0), 0.25, 0.45);
    }

    [Fact]
    public void Fit_HugeOrEqualMargins_StaysFinite()
    {
        foreach (double[] margins in (double[][])[[-1e6, 1e6, -1e6, 1e6], [5, 5, 5, 5]])
        {
            SigmoidCalibration fitted = PlattCalibrator.Fit(margins, [0, 1, 0, 1]);
            Assert.True(double.IsFinite(fitted.Slope) && double.IsFinite(fitted.Intercept) && fitted.Slope > 0);
            Assert.All(margins, margin => Assert.InRange(fitted.Probability(margin), 0, 1));
        }
    }

    [Fact]
    public void Fit_BadInput_SaysWhatIsWrong()
    {
        Assert.Equal(4001, Code([], []));
        Assert.Equal(4003, Code([1, 2], [1, float.NaN]));
        Assert.Equal(4004, Code([1, 2], [1, 2]));
        Assert.Equal(4005, Code([1, 2], [1, 1]));
        Assert.Throws<ArgumentException>(() => PlattCalibrator.Fit([1], [1, 0]));
        Assert.Throws<ArgumentException>(() => PlattCalibrator.Fit([1, double.NaN], [1, 0]));
    }

    private static int Code(double[] margins, float[] labels) =>
        Assert.Throws<ChurnDataException>(() => PlattCalibrator.Fit(margins, labels)).Code.Number;

    private static (double[] Margins, float[] Labels) Draw(int rows, double slope, double intercept)
    {
        var random = new Random(42);
        double[] margins = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() * 6 - 3)];
        float[] labels = [.. margins.Select(margin => random.NextDouble() < 1 / (1 + Math.Exp(-(slope * margin + intercept))) ? 1f : 0f)];
        return (margins, labels);
    }
}
