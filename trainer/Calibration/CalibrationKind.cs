using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>The ways to calibrate, the simplest first.</summary>
public enum CalibrationKind
{
    /// <summary>sigmoid(margin) as it is.</summary>
    None,
    /// <summary>Two parameters: <see cref="PlattCalibrator"/>.</summary>
    Platt,
    /// <summary>Three: <see cref="BetaCalibrator"/>.</summary>
    Beta,
    /// <summary>As many as the rows bear: <see cref="IsotonicCalibrator"/>.</summary>
    Isotonic,
}

/// <summary>Names and fits of the kinds.</summary>
public static class CalibrationKinds
{
    /// <summary>The name that churn.yaml and a model's file have for it.</summary>
    public static string NameOf(this CalibrationKind kind) => kind switch
    {
        CalibrationKind.Platt => "platt",
        CalibrationKind.Beta => "beta",
        CalibrationKind.Isotonic => "isotonic",
        _ => "none",
    };

    /// <summary>Fits one kind.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="margins">[N] finite log-odds of rows that training has not seen.</param>
    /// <param name="labels">[N] 0 or 1, both present.</param>
    /// <remarks>Errors: as <see cref="PlattCalibrator.Fit"/>; of none there are none.</remarks>
    public static Calibration Fit(this CalibrationKind kind, ReadOnlySpan<double> margins, ReadOnlySpan<float> labels) => kind switch
    {
        CalibrationKind.Platt => PlattCalibrator.Fit(margins, labels),
        CalibrationKind.Beta => BetaCalibrator.Fit(margins, labels),
        CalibrationKind.Isotonic => IsotonicCalibrator.Fit(margins, labels),
        _ => SigmoidCalibration.None,
    };
}
