namespace ChurnEngine.Models;

/// <summary>A <see cref="BetaCalibration"/> in the file's scalars.</summary>
internal sealed record BetaScalars(double A, double B, double C);

/// <summary>An <see cref="IsotonicCalibration"/> in the file's scalars.</summary>
internal sealed record IsotonicScalars(double[] Margins, double[] LogOdds, double TailSlope);
