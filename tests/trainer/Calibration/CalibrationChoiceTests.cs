using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public class CalibrationChoiceTests
{
    [Fact]
    public void Beta_LabelsFromAKnownBeta_RecoversIt()
    {
        var truth = new BetaCalibration(0.5, 2, -0.7);
        (double[] margins, float[] labels) = Draw(1, 200_000, truth.Probability);
        BetaCalibration fitted = BetaCalibrator.Fit(margins, labels);
        // The three lean on each other: what must be found is the curve.
        for (double margin = -3; margin <= 3; margin += 0.25)
            Assert.Equal(truth.Probability(margin), fitted.Probability(margin), 0.01);
    }

    [Fact]
    public void Beta_AtTheOptimum_NoNeighbourIsBetter()
    {
        (double[] margins, float[] labels) = Draw(2, 400, margin => 1 / (1 + Math.Exp(-Math.Sinh(margin))));
        BetaCalibration fitted = BetaCalibrator.Fit(margins, labels);
        double best = Loss(fitted);
        foreach ((double a, double b, double c) in (ReadOnlySpan<(double, double, double)>)[(1e-3, 0, 0), (-1e-3, 0, 0), (0, 1e-3, 0), (0, -1e-3, 0), (0, 0, 1e-3), (0, 0, -1e-3)])
            Assert.True(Loss(new BetaCalibration(fitted.A + a, fitted.B + b, fitted.C + c)) > best, $"{a} {b} {c}");

        // With Platt's smoothed targets, which is what is minimised.
        double Loss(BetaCalibration calibration)
        {
            double positives = labels.Sum(), negatives = labels.Length - positives, sum = 0;
            for (int row = 0; row < margins.Length; row++)
            {
                double target = labels[row] == 1 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2), p = calibration.Probability(margins[row]);
                sum -= target * Math.Log(p) + (1 - target) * Math.Log(1 - p);
            }
            return sum;
        }
    }

    [Theory]
    [InlineData(CalibrationKind.Beta)]
    [InlineData(CalibrationKind.Isotonic)]
    public void Fit_HostileMargins_RisesAndStaysFinite(CalibrationKind kind)
    {
        (double[] Margins, float[] Labels)[] cases =
        [
            ([-2, -1, 1, 2], [0, 0, 1, 1]), ([-2, -1, 1, 2, 3, 4], [1, 1, 0, 0, 0, 0]), ([5, 5, 5, 5], [0, 1, 0, 1]), ([-1e6, 1e6, -1e6, 1e6], [0, 1, 0, 1]),
            ([1, 2, 3, 4, 5], [0, 1, 0, 1, 0]), ([-9, -8, -7], [0, 0, 1]),
            ([.. Enumerable.Range(0, 300).Select(i => i * 1e-9)], [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? 1f : 0f)]),
        ];
        foreach ((double[] margins, float[] labels) in cases)
        {
            Calibration fitted = kind.Fit(margins, labels);
            double[] probability = [.. Enumerable.Range(-40, 81).Select(i => fitted.Probability(i / 4.0))];
            Assert.All(probability.Zip(probability.Skip(1)), pair => Assert.True(pair.First <= pair.Second, $"{kind}: {pair}"));
            Assert.All(probability, value => Assert.InRange(value, 0, 1));
        }
    }

    [Fact]
    public void Isotonic_AnyRisingCurve_IsCloserThanPlatt()
    {
        (double[] margins, float[] labels) = Draw(3, 50_000, margin => margin < 0 ? 0.05 : margin < 1.5 ? 0.1 : 0.7);
        IsotonicCalibration fitted = IsotonicCalibrator.Fit(margins, labels);
        Assert.InRange(fitted.Margins.Length, 3, 200);
        foreach ((double margin, double rate) in (ReadOnlySpan<(double, double)>)[(-1.5, 0.05), (0.75, 0.1), (2.2, 0.7)])
            Assert.Equal(rate, fitted.Probability(margin), 0.03);
    }

    [Fact]
    public void Of_MarginsThatAreRight_TakesPlatt_AndWrongOnesTakeWhatMendsThem()
    {
        Assert.Equal(CalibrationKind.Platt, Choose(Draw(4, 400, margin => 1 / (1 + Math.Exp(-margin)))).Kind);
        Assert.Equal(CalibrationKind.Platt, Choose(Draw(5, 20_000, margin => 1 / (1 + Math.Exp(-0.7 * margin - 0.2)))).Kind);
        Assert.Equal(CalibrationKind.Beta, Choose(Draw(6, 60_000, new BetaCalibration(0.2, 3, 0).Probability)).Kind);
        CalibrationChoice steps = Choose(Draw(7, 60_000, margin => margin < 0 ? 0.05 : margin < 1.5 ? 0.1 : 0.7));
        Assert.Equal(CalibrationKind.Isotonic, steps.Kind);
        Assert.Equal([CalibrationKind.None, CalibrationKind.Platt, CalibrationKind.Beta, CalibrationKind.Isotonic], steps.LogLoss.Keys.Order());
        Assert.True(steps.LogLoss[CalibrationKind.Isotonic] < steps.LogLoss[CalibrationKind.Beta]);
        Assert.Contains("least out-of-fold", steps.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AnyThreads_GivesTheSameBits_AndAskedForIsTaken()
    {
        (double[] margins, float[] labels) = Draw(8, 3000, margin => 1 / (1 + Math.Exp(-margin)));
        foreach (CalibrationKind? kind in (CalibrationKind?[])[null, CalibrationKind.None, CalibrationKind.Isotonic])
        {
            CalibrationChoice one = CalibrationChoice.Of(margins, labels, new CalibrationOptions { Kind = kind, Seed = 3 }), four = CalibrationChoice.Of(margins, labels, new CalibrationOptions { Kind = kind, Seed = 3, Threads = 4 });
            Assert.Equal(one.Calibration, four.Calibration);
            Assert.Equal(one.OutOfFold, four.OutOfFold);
            Assert.Equal(one.LogLoss, four.LogLoss);
            Assert.Equal(kind ?? one.Kind, one.Kind);
        }
    }

    [Fact]
    public void Of_OutOfFold_IsNotFittedOnTheRow()
    {
        // Labels are noise: a fit that had seen a row would lean towards its label, and lose less than the base rate's entropy.
        (double[] margins, float[] labels) = Draw(9, 2000, _ => 0.3);
        CalibrationChoice choice = CalibrationChoice.Of(margins, labels, new CalibrationOptions { Kind = CalibrationKind.Isotonic });
        double rate = labels.Average(), entropy = -rate * Math.Log(rate) - (1 - rate) * Math.Log(1 - rate);
        Assert.True(choice.LogLoss[CalibrationKind.Isotonic] > entropy);
        Assert.Equal(choice.LogLoss[CalibrationKind.Isotonic], labels.Select((label, row) => -Math.Log(label == 1 ? choice.OutOfFold[row] : 1 - choice.OutOfFold[row])).Average(), 1e-6);
    }

    [Fact]
    public void Of_FewRowsOfAClass_FallsBackOrSaysWhy()
    {
        CalibrationChoice few = Choose(([0, 1, 2, 3], [0, 1, 0, 0]));
        Assert.Equal((CalibrationKind.Platt, 0), (few.Kind, few.Folds));
        Assert.Equal(2, Choose(([0, 1, 2, 3], [0, 1, 1, 0])).Folds);
        Assert.Equal(4005, Assert.Throws<ChurnDataException>(() => Choose(([0, 1], [1, 1]))).Code.Number);
        Assert.Equal(4060, Assert.Throws<ChurnConfigException>(() => CalibrationChoice.Of([0, 1], [1, 0], new CalibrationOptions { Folds = 1 })).Code.Number);
    }

    private static CalibrationChoice Choose((double[] Margins, float[] Labels) rows) => CalibrationChoice.Of(rows.Margins, rows.Labels, new CalibrationOptions { Threads = 2 });

    private static (double[] Margins, float[] Labels) Draw(int seed, int rows, Func<double, double> probability)
    {
        var random = new Random(seed);
        double[] margins = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() * 6 - 3)];
        return (margins, [.. margins.Select(margin => random.NextDouble() < probability(margin) ? 1f : 0f)]);
    }
}
