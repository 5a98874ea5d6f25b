using ChurnEngine.Evaluation;

namespace ChurnEngine.Reporting;

/// <summary>All that an evaluation report says, as plain data: it is written as it is to report.json, and drawn in the page.</summary>
public sealed record EvaluationData
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>The design of the numbers, by name: as-of, gap, horizon, split and the like.</summary>
    public required IReadOnlyList<ReportFact> Design { get; init; }

    /// <summary>What the reader should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>All metrics by name.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>95% intervals of those that have one, by bootstrap over customers; empty without.</summary>
    public IReadOnlyDictionary<string, BootstrapInterval> Intervals { get; init; } = new Dictionary<string, BootstrapInterval>();

    /// <summary>Resamples of the bootstrap.</summary>
    public int Resamples { get; init; }

    /// <summary>Threshold of all rows that have none of their segment.</summary>
    public required double Threshold { get; init; }

    /// <summary>Why that threshold; empty where nobody said.</summary>
    public string ThresholdReason { get; init; } = "";

    /// <summary>The four cells, each row at its own threshold.</summary>
    public required Confusion Confusion { get; init; }

    /// <summary>All thresholds of the model, then of what it is compared with.</summary>
    public required IReadOnlyList<NamedCurve> Curves { get; init; }

    /// <summary>Predicted and observed rates of these rows.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>The same of the margins' own sigmoid, before calibration, on the rows that calibrated; empty where nobody kept it.</summary>
    public IReadOnlyList<ReportPoint> ReliabilityBefore { get; init; } = [];

    /// <summary>How the model was calibrated, in words; empty where nobody said.</summary>
    public string Calibration { get; init; } = "";

    /// <summary>Scores by outcome.</summary>
    public required ScoreHistogram Histogram { get; init; }

    /// <summary>What contacting costs and brings, for the cost curve.</summary>
    public required ReportEconomics Economics { get; init; }

    /// <summary>Share of all splits' gain by feature, or effect of one standard deviation of a linear model, the greatest first.</summary>
    public IReadOnlyList<ReportBar> Importance { get; init; } = [];

    /// <summary>What <see cref="Importance"/> is.</summary>
    public string ImportanceOf { get; init; } = "";

    /// <summary>What the metric loses when a feature is shuffled, the greatest first; empty where it was not measured.</summary>
    public IReadOnlyList<ReportBar> Permutation { get; init; } = [];

    /// <summary>By which metric that was measured.</summary>
    public string PermutationMetric { get; init; } = "";

    /// <summary>Loss by round of boosting; null of another model.</summary>
    public ReportLearning? Learning { get; init; }

    /// <summary>What errors have in common; null where it was not measured.</summary>
    public ErrorAnalysis? Errors { get; init; }

    /// <summary>Feature that <see cref="Segments"/> are of; empty without.</summary>
    public string SegmentFeature { get; init; } = "";

    /// <summary>Metrics by segment, the largest first.</summary>
    public IReadOnlyList<SegmentRow> Segments { get; init; } = [];

    /// <summary>What features do to the predictions of a sample of these rows; null where it was not measured.</summary>
    public ShapSample? Shap { get; init; }

    /// <summary>How groups of customers are treated; empty where none were configured.</summary>
    public IReadOnlyList<ReportGroups> Groups { get; init; } = [];

    /// <summary>The model and what it is compared with, itself first.</summary>
    public required IReadOnlyList<ComparisonRow> Comparison { get; init; }
}

/// <summary>A fact with its name.</summary>
/// <param name="Name">Such as "as of".</param>
/// <param name="Value">In words.</param>
public sealed record ReportFact(string Name, string Value);

/// <summary>A point.</summary>
/// <param name="X">From left to right.</param>
/// <param name="Y">From below to above.</param>
public readonly record struct ReportPoint(double X, double Y);

/// <summary>A bar with its spread.</summary>
/// <param name="Name">A feature.</param>
/// <param name="Value">How much.</param>
/// <param name="Spread">Standard deviation; 0 where there is none.</param>
public sealed record ReportBar(string Name, double Value, double Spread);

/// <summary>All thresholds of one model or rule.</summary>
/// <param name="Name">Short, for a legend.</param>
/// <param name="Curve">Its thresholds.</param>
public sealed record NamedCurve(string Name, CutCurve Curve);

/// <summary>What an offer costs and brings.</summary>
/// <param name="Value">What a customer who stays is worth.</param>
/// <param name="Cost">What a contact costs.</param>
/// <param name="SaveRate">Share of leaving customers whom the offer keeps, 0..1.</param>
public sealed record ReportEconomics(double Value, double Cost, double SaveRate)
{
    /// <summary>What contacting these rows would have brought.</summary>
    /// <param name="flagged">Contacts.</param>
    /// <param name="truePositives">Of them those who were leaving.</param>
    public double Gain(long flagged, long truePositives) => truePositives * Value * SaveRate - flagged * Cost;
}

/// <summary>Loss over the rounds of boosting.</summary>
/// <param name="Metric">What was watched.</param>
/// <param name="Train">Loss over the training rows by round.</param>
/// <param name="Validation">Loss over the rows that stop; empty without.</param>
/// <param name="Kept">Round up to which trees were kept.</param>
public sealed record ReportLearning(string Metric, IReadOnlyList<ReportPoint> Train, IReadOnlyList<ReportPoint> Validation, int Kept);

/// <summary>Metrics of one segment.</summary>
/// <param name="Segment">Value of the feature, or "(missing)".</param>
/// <param name="Threshold">From which its rows are flagged.</param>
/// <param name="Metrics">By name, as of the whole.</param>
public sealed record SegmentRow(string Segment, double Threshold, IReadOnlyDictionary<string, double> Metrics);

/// <summary>One thing that is compared.</summary>
/// <param name="Name">Such as "this model", "previous model", "rule: ...".</param>
/// <param name="Version">Version of a model; empty of a rule.</param>
/// <param name="Metrics">By name; a rule has fewer.</param>
/// <param name="Intervals">95% intervals; empty of a rule.</param>
/// <param name="Differences">Of this model to it, with paired intervals: above 0 this model has more; empty of this model and of a rule.</param>
public sealed record ComparisonRow(string Name, string Version, IReadOnlyDictionary<string, double> Metrics, IReadOnlyDictionary<string, BootstrapInterval> Intervals, IReadOnlyDictionary<string, BootstrapInterval> Differences);
