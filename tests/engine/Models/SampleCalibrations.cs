using ChurnEngine.Models;

namespace ChurnEngine.ModelSamples;

/// <summary>Calibrations of every kind, by name.</summary>
internal static class SampleCalibrations
{
    public static IReadOnlyDictionary<string, Calibration> All { get; } = new Dictionary<string, Calibration>
    {
        ["none"] = SigmoidCalibration.None,
        ["platt"] = new SigmoidCalibration(0.8, -0.3),
        ["beta"] = new BetaCalibration(0.6, 1.9, -0.4),
        ["beta, flat at one end"] = new BetaCalibration(1e-6, 1.2, -1),
        ["isotonic, one knot"] = new IsotonicCalibration([-1.25], [-2.5], 0.7),
        ["isotonic"] = Isotonic(5, 40, 0.9),
        ["isotonic, most knots"] = Isotonic(6, IsotonicCalibration.MostKnots, 1.3),
    };

    /// <summary>The same model under another calibration.</summary>
    public static ChurnModel With(ChurnModel model, Calibration calibration) =>
        new() { Predictor = model.Predictor, Calibration = calibration, Metadata = model.Metadata with { CalibrationMethod = calibration.Method } };

    // Steep and flat pieces by turns, over the margins that sample models give.
    private static IsotonicCalibration Isotonic(int seed, int knots, double tailSlope)
    {
        var random = new Random(seed);
        double[] margins = new double[knots], logOdds = new double[knots];
        (double margin, double odds) = (-3, -4);
        for (int i = 0; i < knots; i++)
        {
            margins[i] = margin += 6.0 / knots * (0.2 + random.NextDouble());
            logOdds[i] = odds += 6.0 / knots * (random.Next(2) == 0 ? 0.01 : 2 * random.NextDouble());
        }
        return new IsotonicCalibration(margins, logOdds, tailSlope);
    }
}
