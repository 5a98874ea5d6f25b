using System.Text.Json.Serialization;

namespace ChurnEngine.Pipeline;

/// <summary>A value of a category that training did not know.</summary>
/// <param name="Text">As the data has it.</param>
/// <param name="Share">Of all customers, 0..1.</param>
public sealed record NewLevelRow(string Text, double Share);

/// <summary>The test whether probabilities still fit outcomes: logistic recalibration against slope 1 and intercept 0.</summary>
/// <param name="Slope">Below 1 probabilities are too extreme.</param>
/// <param name="Intercept">Above 0 more leave than was foretold.</param>
/// <param name="Statistic">Likelihood ratio.</param>
/// <param name="PValue">Of chance alone, 0..1.</param>
/// <param name="Shift">How far probabilities would move on average, over their mean.</param>
/// <param name="Why">Which limit it broke; empty when none.</param>
public sealed record RecalibrationRow(double Slope, double Intercept, double Statistic, double PValue, double Shift, string Why);

/// <summary>A figure that was expected before outcomes were known, and what came.</summary>
/// <param name="Metric">positive_rate, roc_auc, precision or recall.</param>
/// <param name="Expected">With its 95% interval.</param>
/// <param name="Measured">On outcomes.</param>
/// <param name="Held">Whether the interval held it.</param>
public sealed record ForetoldRow(string Metric, MonitorFigure Expected, double Measured, bool Held);

/// <summary>How well performance was foretold.</summary>
/// <param name="Of">What foretold it: a window that was watched then, or the probabilities of the same customers.</param>
/// <param name="AsOf">Instant of the customers; null of a log.</param>
/// <param name="Figures">Figure by figure.</param>
public sealed record ForetoldReport(string Of, string? AsOf, IReadOnlyList<ForetoldRow> Figures);

/// <summary>Performance on one segment; a figure that cannot be told is null.</summary>
/// <param name="Segment">Its value.</param>
/// <param name="Rows">Customers.</param>
/// <param name="IsJudged">False for too few.</param>
/// <param name="RocAuc">Measured.</param>
/// <param name="ExpectedAuc">If the probabilities are right.</param>
/// <param name="Precision">At the model's thresholds.</param>
/// <param name="Recall">At the model's thresholds.</param>
/// <param name="PositiveRate">Share that left.</param>
/// <param name="MeanProbability">Share that was foretold.</param>
/// <param name="Faults">Limits that are broken.</param>
public sealed record SegmentFigures(
    string Segment, long Rows, bool IsJudged, MonitorFigure? RocAuc, double? ExpectedAuc, MonitorFigure? Precision, MonitorFigure? Recall, MonitorFigure? PositiveRate, double MeanProbability,
    IReadOnlyList<PerformanceRow> Faults);

/// <summary>Performance by the values of one column.</summary>
/// <param name="Column">Feature or column.</param>
/// <param name="Segments">The largest first, those without a value last.</param>
public sealed record SegmentColumn(string Column, IReadOnlyList<SegmentFigures> Segments);

/// <summary>What one arm of the service said.</summary>
/// <param name="Arm">production, or the name of an arm.</param>
/// <param name="IsAnswered">False of a shadow: nobody saw it.</param>
/// <param name="Customers">Customers whose latest prediction it made.</param>
/// <param name="Scores">Its scores.</param>
/// <param name="Drifted">Features that drifted among its customers.</param>
public sealed record LogArm(string Arm, bool IsAnswered, long Customers, ScoreRow Scores, IReadOnlyList<string> Drifted);

/// <summary>The part of a prediction log that was watched.</summary>
/// <param name="Folder">Of the log.</param>
/// <param name="From">First prediction.</param>
/// <param name="Until">Last prediction.</param>
/// <param name="Predictions">Predictions of the model.</param>
/// <param name="OtherVersions">Predictions of other models in the same time, by version: passed over.</param>
/// <param name="Arms">By name.</param>
public sealed record LogSummary(string Folder, string From, string Until, long Predictions, IReadOnlyDictionary<string, long> OtherVersions, IReadOnlyList<LogArm> Arms)
{
    /// <summary>Customers who have an outcome by now; null when outcomes were not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? WithOutcome { get; init; }
}
