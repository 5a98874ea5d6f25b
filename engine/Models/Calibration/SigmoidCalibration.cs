namespace ChurnEngine.Models;

/// <summary>Platt scaling: sigmoid(slope * margin + intercept).</summary>
/// <param name="Slope">1 leaves the margin as it is; must be above 0, so that ranks stay.</param>
/// <param name="Intercept">Shift in log-odds.</param>
/// <remarks>Source: Platt 1999.</remarks>
public sealed record SigmoidCalibration(double Slope, double Intercept) : Calibration
{
    /// <summary>No change: the probability is sigmoid(margin).</summary>
    public static SigmoidCalibration None { get; } = new(1, 0);

    /// <inheritdoc/>
    public override string Method => this == None ? "none" : "platt";

    /// <inheritdoc/>
    public override double LogOdds(double margin) => Slope * margin + Intercept;

    /// <inheritdoc/>
    public override double Steepness => Slope;

    internal override string? FirstFault() => double.IsFinite(Slope) && double.IsFinite(Intercept) ? null : $"a calibration with slope {Slope} and intercept {Intercept}";
}
