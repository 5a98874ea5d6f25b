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

    /// <summary>[B] share of customers in each bin of scores, the lowest first, when the model was calibrated and now; empty where it is not known.</summary>
    public IReadOnlyList<(double Then, double Now)> ScoreShares { get; init; } = [];

    /// <summary>What a service was asked; NaN but of a prediction log.</summary>
    public double PredictionsADay { get; init; } = double.NaN;

    /// <summary>Performance that was measured, beside the floors that are set for it; NaN for a metric that could not be measured.</summary>
    public IReadOnlyList<(string Metric, double Measured, double Floor)> Floors { get; init; } = [];

    /// <summary>ROC-AUC to be expected, if the probabilities are right; NaN where it is not known.</summary>
    public double ExpectedAuc { get; init; } = double.NaN;

    /// <summary>ROC-AUC on outcomes that were known by then; NaN where it was not measured.</summary>
    public double MeasuredAuc { get; init; } = double.NaN;

    /// <summary>ROC-AUC at training; NaN where it is not known.</summary>
    public double AucAtTraining { get; init; } = double.NaN;

    /// <summary>What performance was measured on, in words; empty where it was not.</summary>
    public string MeasuredOn { get; init; } = "";

    /// <summary>What was expected of the customers that performance was measured on, and what came; empty where it was not.</summary>
    public IReadOnlyList<MonitorForetold> Foretold { get; init; } = [];

    /// <summary>Performance by segment; empty where it was not measured.</summary>
    public IReadOnlyList<MonitorSegment> Segments { get; init; } = [];

    /// <summary>What the arms of a service said; empty but of a prediction log.</summary>
    public IReadOnlyList<MonitorArm> Arms { get; init; } = [];

    /// <summary>The test whether probabilities fit outcomes, in words; empty where it was not made.</summary>
    public string Recalibration { get; init; } = "";

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
public sealed record MonitorFeature(string Name, double Psi, double Distance, double Missing, double MissingAtTraining, bool HasDrifted)
{
    /// <summary>Share of rows with a value that training did not know; NaN of a number.</summary>
    public double NewLevels { get; init; } = double.NaN;

    /// <summary>Whether that broke a limit.</summary>
    public bool HasNewCategory { get; init; }

    /// <summary>Such values, as far as they may be named.</summary>
    public IReadOnlyList<string> NewValues { get; init; } = [];
}

/// <summary>A figure that was expected before outcomes were known, and what came.</summary>
/// <param name="AsOf">Instant of the customers; empty of a log.</param>
/// <param name="Metric">Its name.</param>
/// <param name="Expected">Expected, with its 95% interval.</param>
/// <param name="Measured">On outcomes.</param>
/// <param name="Held">Whether the interval held it.</param>
public sealed record MonitorForetold(string AsOf, string Metric, (double Value, double Low, double High) Expected, double Measured, bool Held);

/// <summary>Performance on one segment; NaN is what cannot be told.</summary>
/// <param name="Column">What it is a value of.</param>
/// <param name="Name">The value.</param>
/// <param name="Customers">Customers.</param>
/// <param name="Left">Share that left.</param>
/// <param name="Foretold">Share that was foretold.</param>
/// <param name="Auc">ROC-AUC with its 95% interval.</param>
/// <param name="ExpectedAuc">ROC-AUC if the probabilities are right.</param>
/// <param name="Precision">At the model's thresholds.</param>
/// <param name="Recall">At the model's thresholds.</param>
/// <param name="Note">Metrics below a limit, or that it is too few to judge.</param>
public sealed record MonitorSegment(string Column, string Name, long Customers, double Left, double Foretold, (double Value, double Low, double High) Auc, double ExpectedAuc, double Precision, double Recall, string Note);

/// <summary>What one arm of a service said.</summary>
/// <param name="Name">production, or the arm's name.</param>
/// <param name="Customers">Customers whose latest prediction it made.</param>
/// <param name="Mean">Mean score with its 95% interval.</param>
/// <param name="Drifted">What drifted among its customers.</param>
public sealed record MonitorArm(string Name, long Customers, (double Value, double Low, double High) Mean, IReadOnlyList<string> Drifted);
