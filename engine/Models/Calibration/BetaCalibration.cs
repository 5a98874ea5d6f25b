namespace ChurnEngine.Models;

/// <summary>Beta calibration: log-odds a * ln p - b * ln(1 - p) + c, where p = sigmoid(margin). With a = b it is Platt scaling; else low and high margins are stretched differently.</summary>
/// <param name="A">Steepness where p is small, above 0.</param>
/// <param name="B">Steepness where p is large, above 0.</param>
/// <param name="C">Shift in log-odds.</param>
/// <remarks>Source: Kull, Silva Filho and Flach 2017.</remarks>
public sealed record BetaCalibration(double A, double B, double C) : Calibration
{
    /// <inheritdoc/>
    public override string Method => "beta";

    /// <summary>ln p and -ln(1 - p) of p = sigmoid(margin), without the loss of digits that p itself has near 0 and 1.</summary>
    /// <param name="margin">Log-odds.</param>
    public static (double LogP, double MinusLogQ) Features(double margin)
    {
        // ln sigmoid(|m|): at most 0, and above -ln 2.
        double near = Math.Log(1 / (1 + Math.Exp(-Math.Abs(margin))));
        return (near - Math.Max(-margin, 0), Math.Max(margin, 0) - near);
    }

    /// <inheritdoc/>
    public override double LogOdds(double margin)
    {
        (double logP, double minusLogQ) = Features(margin);
        return A * logP + B * minusLogQ + C;
    }

    /// <inheritdoc/>
    public override double Steepness => Math.Max(A, B);

    internal override string? FirstFault() => A > 0 && B > 0 && double.IsFinite(A) && double.IsFinite(B) && double.IsFinite(C) ? null : $"a beta calibration with a = {A}, b = {B}, c = {C}";
}
