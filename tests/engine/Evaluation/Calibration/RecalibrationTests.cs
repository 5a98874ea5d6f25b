namespace ChurnEngine.Evaluation.Tests;

public sealed class RecalibrationTests
{
    [Fact]
    public void Test_LabelsOfTheProbabilities_AreNotRejectedMoreOftenThanTheyShould()
    {
        int rejected = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            (float[] probability, float[] labels) = Draw(seed, 2000, 1, 0);
            rejected += Recalibration.Test(probability, labels)!.PValue <= 0.05 ? 1 : 0;
        }
        // 20 expected; 95% of binomial counts lie within.
        Assert.InRange(rejected, 11, 30);
    }

    // Scores that are no probabilities are calibrated on some rows, and tested on as many others: both errors are chance.
    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(1000, 4000)]
    public void Test_CalibrationOfASample_IsNotRejectedMoreOftenThanItShould(int calibratedOn, int rows)
    {
        int rejected = 0, believed = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            (float[] scores, float[] labels) = Draw(seed, calibratedOn + rows, 0.6, 0.3);
            double[] logOdds = [.. scores.Select(score => Math.Log(score / (1 - score)))];
            FittedSigmoid platt = new SigmoidFit(logOdds.AsSpan(0, calibratedOn), labels.AsSpan(0, calibratedOn), (1, 0)).Newton(1, 0, slopeIsFree: true);
            float[] probability = [.. logOdds[calibratedOn..].Select(value => (float)Sigmoid(platt.Slope * value + platt.Intercept))];
            rejected += Recalibration.Test(probability, labels.AsSpan(calibratedOn), calibratedOn)!.PValue <= 0.05 ? 1 : 0;
            believed += Recalibration.Test(probability, labels.AsSpan(calibratedOn))!.PValue <= 0.05 ? 1 : 0;
        }
        Assert.InRange(rejected, 11, 30);
        Assert.True(believed > 60, $"{believed} of 400 would be rejected were the calibration taken for exact");
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(1, 0.6)]
    [InlineData(1.5, -0.4)]
    public void Test_LabelsOfAnotherSigmoid_FindsItAndRejects(double slope, double intercept)
    {
        (float[] probability, float[] labels) = Draw(3, 40_000, slope, intercept);
        Recalibration found = Recalibration.Test(probability, labels)!;
        Assert.Equal(slope, found.Slope, 0.06);
        Assert.Equal(intercept, found.Intercept, 0.08);
        Assert.True(found.PValue < 1e-6, $"{found.PValue}");
        double expected = probability.Average(p => Math.Abs(Sigmoid(slope * Math.Log(p / (1 - p)) + intercept) - p)) / probability.Average();
        Assert.Equal(expected, found.Shift, 0.03);
    }

    // By hand: all at one half, three of four positive. The best constant is 3/4, so the ratio is 2 (4 ln 2 + 3 ln 3/4 + ln 1/4).
    [Fact]
    public void Test_OneProbability_HasTheRatioByHand()
    {
        Recalibration found = Recalibration.Test([0.5f, 0.5f, 0.5f, 0.5f], [1, 1, 1, 0])!;
        Assert.Equal(2 * (4 * Math.Log(2) + 3 * Math.Log(0.75) + Math.Log(0.25)), found.Statistic, 1e-9);
        Assert.Equal(Math.Exp(-found.Statistic / 2), found.PValue, 1e-12);
        Assert.Equal(0.5, found.Shift, 1e-6);
    }

    [Fact]
    public void Test_EndsAndOneClass_AreBorne()
    {
        Assert.Null(Recalibration.Test([0.2f, 0.3f], [0, 0]));
        Recalibration extreme = Recalibration.Test([0, 1, 0, 1, 0.5f], [1, 1, 0, 0, 1])!;
        Assert.True(double.IsFinite(extreme.Slope) && extreme.PValue is >= 0 and <= 1 && double.IsFinite(extreme.Shift));
        Assert.Throws<ArgumentException>(() => Recalibration.Test([0.2f], [0, 0]));
        Assert.Throws<ArgumentException>(() => Recalibration.Test([0.2f, float.NaN], [0, 1]));
    }

    private static (float[] Probability, float[] Labels) Draw(int seed, int rows, double slope, double intercept)
    {
        var random = new Random(seed);
        float[] probability = new float[rows], labels = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            double logOdds = -1.5 + 2.5 * (random.NextDouble() + random.NextDouble() - 1);
            probability[row] = (float)Sigmoid(logOdds);
            labels[row] = random.NextDouble() < Sigmoid(slope * logOdds + intercept) ? 1 : 0;
        }
        return (probability, labels);
    }

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
}
