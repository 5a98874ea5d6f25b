namespace ChurnEngine.Reporting;

/// <summary>One window of monitoring: the customers of an instant against a model's training.</summary>
/// <param name="AsOf">Instant, ISO 8601; empty of a table without time.</param>
/// <param name="Version">Model.</param>
/// <param name="Customers">Customers.</param>
/// <param name="Features">Each feature.</param>
public sealed record MonitorWindow(string AsOf, string Version, long Customers, IReadOnlyList<MonitorFeature> Features)
{
    /// <summary>Mean score.</summary>
    public double MeanScore { get; init; }

    /// <summary>Mean score when the model was calibrated; NaN where it is not known.</summary>
    public double MeanAtTraining { get; init; } = double.NaN;

    /// <summary>PSI of the scores; NaN where it is not known.</summary>
    public double ScorePsi { get; init; } = double.NaN;

    /// <summary>ROC-AUC to be expected, if the probabilities are right; NaN where it is not known.</summary>
    public double ExpectedAuc { get; init; } = double.NaN;

    /// <summary>ROC-AUC on outcomes that were known by then; NaN where it was not measured.</summary>
    public double MeasuredAuc { get; init; } = double.NaN;

    /// <summary>ROC-AUC at training; NaN where it is not known.</summary>
    public double AucAtTraining { get; init; } = double.NaN;

    /// <summary>What performance was measured on, in words; empty where it was not.</summary>
    public string MeasuredOn { get; init; } = "";

    /// <summary>What broke a limit: subject, why, what to do next.</summary>
    public IReadOnlyList<(string Subject, string Why, string Next)> Alarms { get; init; } = [];
}

/// <summary>One feature of a window.</summary>
/// <param name="Name">Name.</param>
/// <param name="Psi">Population stability index.</param>
/// <param name="Distance">Kolmogorov-Smirnov distance; NaN of a category.</param>
/// <param name="Missing">Share of rows without a value.</param>
/// <param name="MissingAtTraining">The same at training.</param>
/// <param name="HasDrifted">Whether it broke a limit.</param>
public sealed record MonitorFeature(string Name, double Psi, double Distance, double Missing, double MissingAtTraining, bool HasDrifted);
