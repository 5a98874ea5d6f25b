using System.Globalization;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Monitoring;

/// <summary>Whether the same customers now leave by another law than the model learnt.</summary>
/// <param name="Fitted">The sigmoid that would set the probabilities right, with its test.</param>
/// <param name="Why">Which limit was broken, in words; empty when none.</param>
public sealed record ConceptDrift(Recalibration Fitted, string Why)
{
    /// <summary>Whether the law has changed.</summary>
    public bool HasDrifted => Why.Length > 0;
}

/// <summary>The stated test of concept drift: are calibrated probabilities still calibrated?</summary>
/// <remarks>Data drift moves customers; the probability of a given customer stays right. Only another law makes probabilities wrong, so logistic recalibration is fitted to outcomes
/// and tested against slope 1 and intercept 0 by the likelihood ratio. Two things must hold, as for drift: it is not chance, and probabilities would move by more than a limit.</remarks>
public static class ConceptCheck
{
    /// <summary>Tests it.</summary>
    /// <param name="probability">[N] calibrated, 0..1.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="calibratedOn">Rows that the probabilities were calibrated on: what chance made of those is no change of the law. 0 where that is not known.</param>
    /// <param name="limits">Its <see cref="PerformanceLimits.CalibrationError"/> is how far probabilities may have to move.</param>
    /// <param name="significance">p-value from which it is not chance, above 0 and below 1.</param>
    /// <returns>Null when only one outcome is there.</returns>
    public static ConceptDrift? Run(float[] probability, float[] labels, long calibratedOn, PerformanceLimits limits, double significance)
    {
        ArgumentNullException.ThrowIfNull(limits);
        limits.Validate();
        if (Recalibration.Test(probability, labels, calibratedOn) is not { } fitted)
            return null;
        bool hasDrifted = fitted.PValue <= significance && fitted.Shift >= limits.CalibrationError;
        return new ConceptDrift(fitted, !hasDrifted ? "" : string.Create(CultureInfo.InvariantCulture,
            $"probabilities no longer fit outcomes: recalibration has slope {fitted.Slope:0.##} and intercept {fitted.Intercept:+0.##;-0.##;0} where 1 and 0 were right (likelihood ratio {fitted.Statistic:0.#}, p {fitted.PValue:0.0e+0}), and would move them by {fitted.Shift:P0} of their mean"));
    }
}
