using System.Globalization;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Platt scaling: the sigmoid that maps margins to calibrated probabilities.</summary>
public static class PlattCalibrator
{
    // Below this the margins rank the wrong way round, and a sigmoid that keeps ranks can only be flat.
    private const double LeastSlope = 1e-6;
    private const int MostSteps = 100;

    /// <summary>Fits slope and intercept by maximum likelihood, with Platt's smoothed targets.</summary>
    /// <param name="margins">[N] finite log-odds of rows that the trees were not trained on.</param>
    /// <param name="labels">[N] 0 or 1, both present.</param>
    /// <returns>Slope above 0: where margins rank the wrong way round, 1e-6 with the intercept that fits best.</returns>
    /// <remarks>
    /// Memory: allocates nothing that grows with N.
    /// Errors: CE4001 without rows, CE4003 and CE4004 for labels that are not 0 or 1, CE4005 when only one class is there;
    /// <see cref="ArgumentException"/> when lengths differ or a margin is not finite.
    /// Source: Platt 1999; Newton's method with backtracking after Lin, Lin and Weng 2007.
    /// </remarks>
    public static SigmoidCalibration Fit(ReadOnlySpan<double> margins, ReadOnlySpan<float> labels)
    {
        if (margins.Length != labels.Length)
            throw new ArgumentException($"{margins.Length} margins, {labels.Length} labels", nameof(labels));
        (double positiveTarget, double negativeTarget) = Targets(margins, labels);
        double share = labels.Length == 0 ? 0 : Sum(labels) / labels.Length;
        var data = new Problem(margins, labels, positiveTarget, negativeTarget);
        var start = new SigmoidCalibration(1, Math.Log(share / (1 - share)) - Mean(margins));
        SigmoidCalibration fitted = Newton(data, start, slopeIsFree: true);
        return fitted.Slope >= LeastSlope ? fitted : Newton(data, start with { Slope = LeastSlope }, slopeIsFree: false);
    }

    // Smoothed towards 1/2 by one pseudo-row of each class, so that separable data does not give an infinite slope.
    private static (double Positive, double Negative) Targets(ReadOnlySpan<double> margins, ReadOnlySpan<float> labels)
    {
        if (labels.IsEmpty)
            throw TrainerErrors.NoRows("calibration");
        long positives = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            if (float.IsNaN(labels[row]))
                throw TrainerErrors.MissingLabel("calibration", row);
            if (labels[row] is not (0 or 1))
                throw TrainerErrors.UnexpectedLabel("calibration", row, labels[row], Logistic.Labels);
            if (!double.IsFinite(margins[row]))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"margin of row {row} is {margins[row]}"), nameof(margins));
            positives += labels[row] == 1 ? 1 : 0;
        }
        long negatives = labels.Length - positives;
        if (positives == 0 || negatives == 0)
            throw TrainerErrors.ConstantLabel("calibration", labels[0]);
        return ((positives + 1.0) / (positives + 2.0), 1 / (negatives + 2.0));
    }

    private static SigmoidCalibration Newton(in Problem data, SigmoidCalibration start, bool slopeIsFree)
    {
        SigmoidCalibration at = start;
        Derivatives here = data.At(at);
        for (int step = 0; step < MostSteps; step++)
        {
            (double slopeStep, double interceptStep) = here.NewtonStep(slopeIsFree);
            double decrease = here.SlopeGradient * slopeStep + here.InterceptGradient * interceptStep;
            if (-decrease < 1e-12 * (1 + here.Loss))
                break;
            double scale = 1;
            SigmoidCalibration next;
            Derivatives there;
            do
            {
                next = new SigmoidCalibration(at.Slope + scale * slopeStep, at.Intercept + scale * interceptStep);
                there = data.At(next);
                scale /= 2;
            }
            while (there.Loss > here.Loss + 1e-4 * 2 * scale * decrease && scale > 1e-10);
            if (there.Loss >= here.Loss)
                break;
            (at, here) = (next, there);
        }
        return at;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum / values.Length;
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum;
    }

    private readonly ref struct Problem(ReadOnlySpan<double> margins, ReadOnlySpan<float> labels, double positiveTarget, double negativeTarget)
    {
        private readonly ReadOnlySpan<double> _margins = margins;
        private readonly ReadOnlySpan<float> _labels = labels;

        /// <summary>Cross entropy with its first and second derivatives.</summary>
        public Derivatives At(SigmoidCalibration calibration)
        {
            var sums = default(Derivatives);
            for (int row = 0; row < _margins.Length; row++)
            {
                double margin = _margins[row];
                double target = _labels[row] == 1 ? positiveTarget : negativeTarget;
                double logOdds = calibration.Slope * margin + calibration.Intercept;
                double small = Math.Exp(-Math.Abs(logOdds));
                double probability = logOdds >= 0 ? 1 / (1 + small) : small / (1 + small);
                double residual = probability - target;
                double curvature = small / ((1 + small) * (1 + small));
                sums.Loss += Math.Max(logOdds, 0) - target * logOdds + Math.Log(1 + small);
                sums.SlopeGradient += residual * margin;
                sums.InterceptGradient += residual;
                sums.SlopeSlope += curvature * margin * margin;
                sums.SlopeIntercept += curvature * margin;
                sums.InterceptIntercept += curvature;
            }
            return sums;
        }
    }

    private struct Derivatives
    {
        // Keeps the Hessian positive definite when all margins are equal.
        private const double Ridge = 1e-12;

        public double Loss;
        public double SlopeGradient;
        public double InterceptGradient;
        public double SlopeSlope;
        public double SlopeIntercept;
        public double InterceptIntercept;

        public readonly (double Slope, double Intercept) NewtonStep(bool slopeIsFree)
        {
            if (!slopeIsFree)
                return (0, -InterceptGradient / (InterceptIntercept + Ridge));
            double a = SlopeSlope + Ridge, b = SlopeIntercept, c = InterceptIntercept + Ridge;
            double determinant = a * c - b * b;
            return (-(c * SlopeGradient - b * InterceptGradient) / determinant, -(a * InterceptGradient - b * SlopeGradient) / determinant);
        }
    }
}
