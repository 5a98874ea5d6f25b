namespace ChurnEngine.Models;

/// <summary>Maps a margin to a probability. One of a closed set: <see cref="SigmoidCalibration"/> (Platt, or none), <see cref="BetaCalibration"/> and <see cref="IsotonicCalibration"/>.</summary>
/// <remarks>Each is a strictly increasing function of the log-odds under a sigmoid, so that ranks stay, and no probability is 0 or 1 but by rounding.
/// The definition is this one; <see cref="CalibrationGraph"/> writes the same steps as operators.</remarks>
public abstract record Calibration
{
    private protected Calibration()
    {
    }

    /// <summary>Its name: none, platt, beta or isotonic.</summary>
    public abstract string Method { get; }

    /// <summary>The calibrated log-odds of one margin.</summary>
    /// <param name="margin">What the predictor gives; NaN stays NaN.</param>
    public abstract double LogOdds(double margin);

    /// <summary>The calibrated probability of one margin, 0..1.</summary>
    /// <param name="margin">What the predictor gives; NaN stays NaN.</param>
    /// <remarks>Memory: allocates nothing.</remarks>
    public double Probability(double margin) => 1 / (1 + Math.Exp(-LogOdds(margin)));

    /// <summary>The most that calibrated log-odds rise for one margin more: what an error of the margin is multiplied by.</summary>
    public abstract double Steepness { get; }

    /// <summary>The first thing wrong with it; null when every finite margin has a probability.</summary>
    internal abstract string? FirstFault();
}
