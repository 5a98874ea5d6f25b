using System.Globalization;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Platt scaling: the sigmoid that maps margins to calibrated probabilities.</summary>
public static class PlattCalibrator
{
    // Below this the margins rank the wrong way round, and a sigmoid that keeps ranks can only be flat.
    private const double LeastSlope = 1e-6;

    /// <summary>Fits slope and intercept by maximum likelihood, with Platt's smoothed targets.</summary>
    /// <param name="margins">[N] finite log-odds of rows that the trees were not trained on.</param>
    /// <param name="labels">[N] 0 or 1, both present.</param>
    /// <returns>Slope above 0: where margins rank the wrong way round, 1e-6 with the intercept that fits best.</returns>
    /// <remarks>
    /// Memory: allocates nothing that grows with N.
    /// Errors: CE4001 without rows, CE4003 and CE4004 for labels that are not 0 or 1, CE4005 when only one class is there;
    /// <see cref="ArgumentException"/> when lengths differ or a margin is not finite.
    /// Source: Platt 1999; <see cref="SigmoidFit"/> for the method.
    /// </remarks>
    public static SigmoidCalibration Fit(ReadOnlySpan<double> margins, ReadOnlySpan<float> labels)
    {
        if (margins.Length != labels.Length)
            throw new ArgumentException($"{margins.Length} margins, {labels.Length} labels", nameof(labels));
        (double positiveTarget, double negativeTarget) = Targets(margins, labels);
        double share = labels.Length == 0 ? 0 : Sum(labels) / labels.Length;
        var fit = new SigmoidFit(margins, labels, (positiveTarget, negativeTarget));
        double intercept = Math.Log(share / (1 - share)) - Mean(margins);
        FittedSigmoid fitted = fit.Newton(1, intercept, slopeIsFree: true);
        if (fitted.Slope < LeastSlope)
            fitted = fit.Newton(LeastSlope, intercept, slopeIsFree: false);
        return new SigmoidCalibration(fitted.Slope, fitted.Intercept);
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
}
