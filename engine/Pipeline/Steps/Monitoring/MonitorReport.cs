using System.Text.Json.Serialization;
using ChurnEngine.Monitoring;


namespace ChurnEngine.Pipeline;

/// <summary>What to watch.</summary>
public sealed record MonitorRequest
{
    /// <summary>Instant to watch the customers at; null: as scoring chooses it.</summary>
    public long? AsOf { get; init; }

    /// <summary>Whether performance on outcomes that are known by now is measured too; of a project alone.</summary>
    public bool WithLabels { get; init; }

    /// <summary>Snapshot to measure performance on; null: the latest whose labels are complete.</summary>
    public long? LabelsAsOf { get; init; }

    /// <summary>Limits.</summary>
    public MonitorSettings Settings { get; init; } = MonitorSettings.Default;

    /// <summary>Folder for monitor.json, the windows and the page; null for none.</summary>
    public string? Out { get; init; }

    /// <summary>Key of the draws of what is to be expected.</summary>
    public long Seed { get; init; }
}

/// <summary>One feature against its training, as <see cref="FeatureDrift"/> says it.</summary>
/// <param name="Feature">Name.</param>
/// <param name="Psi">Population stability index, missing values being a bin.</param>
/// <param name="PsiLow">Lower end of its 95% interval, without what chance alone gives.</param>
/// <param name="PsiHigh">Upper end.</param>
/// <param name="KullbackLeibler">Nats.</param>
/// <param name="JensenShannon">Distance, 0..1.</param>
/// <param name="KolmogorovSmirnov">Of numbers, 0..1.</param>
/// <param name="Wasserstein">Of numbers, in widths between the quartiles at training.</param>
/// <param name="ChiSquared">Pearson's statistic.</param>
/// <param name="PValue">Of chance alone, 0..1.</param>
/// <param name="AdjustedPValue">Over all features.</param>
/// <param name="Missing">Share of rows without a value.</param>
/// <param name="MissingAtTraining">The same at training.</param>
/// <param name="Verdict">stable, drifted, or not_judged for too few rows.</param>
/// <param name="Why">Which limit it broke.</param>
public sealed record DriftRow(
    string Feature, double Psi, double PsiLow, double PsiHigh, double KullbackLeibler, double JensenShannon, double? KolmogorovSmirnov, double? Wasserstein,
    double ChiSquared, double PValue, double AdjustedPValue, double Missing, double MissingAtTraining, string Verdict, string Why)
{
    /// <summary>Of a category: share of rows with a value that training did not know, told apart from the missing; null of a number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MonitorFigure? NewLevels { get; init; }

    /// <summary>Such values, the most frequent first; null where there is none, or where they may not be named.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<NewLevelRow>? NewValues { get; init; }
}

/// <summary>The scores against those of the rows that the model was calibrated on.</summary>
/// <param name="Mean">Now, with its 95% interval.</param>
/// <param name="MeanAtTraining">Then; null where the model does not say.</param>
/// <param name="Change">Relative change of the mean.</param>
/// <param name="Psi">Of the distribution.</param>
/// <param name="Verdict">As of a feature.</param>
/// <param name="Why">Which limit they broke.</param>
public sealed record ScoreRow(MonitorFigure Mean, double? MeanAtTraining, double? Change, double? Psi, string Verdict, string Why)
{
    /// <summary>The distribution, in bins of about equal share at training, the lowest scores first; null where the model does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ScoreShare>? Shares { get; init; }
}

/// <summary>Customers in one bin of scores.</summary>
/// <param name="AtTraining">Their share then, 0..1.</param>
/// <param name="Now">Now.</param>
public sealed record ScoreShare(double AtTraining, double Now);

/// <summary>A figure with its 95% interval.</summary>
/// <param name="Value">Expected, or measured.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public sealed record MonitorFigure(double Value, double Low, double High);

/// <summary>How good the model should be, if its probabilities are right; a figure that cannot be told is null.</summary>
/// <param name="PositiveRate">Share that will leave.</param>
/// <param name="RocAuc">ROC-AUC.</param>
/// <param name="Precision">At the model's thresholds.</param>
/// <param name="Recall">At the model's thresholds.</param>
public sealed record ExpectedFigures(MonitorFigure? PositiveRate, MonitorFigure? RocAuc, MonitorFigure? Precision, MonitorFigure? Recall);

/// <summary>A limit that performance broke.</summary>
/// <param name="Metric">Which metric.</param>
/// <param name="Why">In words, with the figures.</param>
public sealed record PerformanceRow(string Metric, string Why);

/// <summary>Performance on outcomes that are known by now.</summary>
/// <param name="Design">As of when, on whom.</param>
/// <param name="Metrics">By name.</param>
/// <param name="AucAtTraining">ROC-AUC on the training's test snapshot; null where the model does not say.</param>
/// <param name="Faults">Limits that are broken.</param>
public sealed record MeasuredPerformance(string Design, IReadOnlyDictionary<string, double> Metrics, double? AucAtTraining, IReadOnlyList<PerformanceRow> Faults)
{
    /// <summary>The test of concept drift; null of uncalibrated probabilities, or where one outcome is absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RecalibrationRow? Recalibration { get; init; }

    /// <summary>How well it was foretold before outcomes were known; null of uncalibrated probabilities.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ForetoldReport? Foretold { get; init; }

    /// <summary>By the columns of `monitor.segments`.</summary>
    public IReadOnlyList<SegmentColumn> Segments { get; init; } = [];
}

/// <summary>Something to look after.</summary>
/// <param name="Kind">feature_drift, new_category, score_drift, performance, concept_drift or segment_performance.</param>
/// <param name="Subject">Feature, metric, or segment and metric.</param>
/// <param name="Why">Which limit was broken, with the figures.</param>
/// <param name="Next">What to do next.</param>
public sealed record MonitorAlarm(string Kind, string Subject, string Why, string Next);

/// <summary>What watching found.</summary>
/// <param name="Version">Model.</param>
/// <param name="AsOf">Instant the customers are as of; null of a table.</param>
/// <param name="Customers">Customers watched.</param>
/// <param name="Features">Each feature against training, in the model's order.</param>
/// <param name="Scores">The scores.</param>
/// <param name="Expected">How good the model should be on them, if its probabilities are right; null of a regression, or of uncalibrated probabilities.</param>
/// <param name="Measured">How good it was where outcomes are known; null when that was not asked for.</param>
/// <param name="Alarms">All that broke a limit; empty when all is well.</param>
public sealed record MonitorReport(string Version, string? AsOf, long Customers, IReadOnlyList<DriftRow> Features, ScoreRow Scores, ExpectedFigures? Expected, MeasuredPerformance? Measured, IReadOnlyList<MonitorAlarm> Alarms)
{
    /// <summary>Name of the model.</summary>
    public string Model { get; init; } = "churn";

    /// <summary>The part of a prediction log that was watched; null of a project, a table or a store.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LogSummary? Log { get; init; }

    /// <summary>Files that were written: monitor.json and the page; null when none was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Files { get; init; }
}
