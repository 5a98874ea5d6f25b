using System.Globalization;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;
using ChurnEngine.Monitoring;

namespace ChurnEngine.Pipeline;

/// <summary>Customers whose outcome is known, and what the model said of them before.</summary>
/// <param name="Design">How they came about, in words.</param>
/// <param name="AsOf">Instant that they are of; null of a log.</param>
/// <param name="Predicted">[N] probabilities.</param>
/// <param name="Labels">[N] 0 or 1.</param>
/// <param name="Cuts">[N] probability from which each is flagged.</param>
/// <param name="Groups">[N] segments by column.</param>
internal sealed record OutcomeSample(string Design, string? AsOf, float[] Predicted, float[] Labels, float[] Cuts, IReadOnlyList<GroupedRows> Groups);

/// <summary>Measures performance on outcomes: against training and floors, by segment, the test of concept drift, and against what was foretold.</summary>
internal static class PerformanceMeasure
{
    private const string Retrain = "train again on newer snapshots (`churn train --register`), and promote the new model through the gates";

    public static MeasuredPerformance Of(OutcomeSample sample, ModelMetadata metadata, string version, MonitorRequest request)
    {
        MonitorSettings settings = request.Settings;
        bool isCalibrated = metadata.CalibrationMethod != "none";
        ClassificationMetrics now = ClassificationMetrics.Evaluate(sample.Predicted, sample.Labels, metadata.Threshold) with { Confusion = Confusion.At(sample.Predicted, sample.Labels, sample.Cuts) };
        double? then = metadata.Metrics.TryGetValue("test.roc_auc", out double auc) ? auc : null;
        PerformanceRow[] faults = [.. PerformanceCheck.Faults(now, then, settings.Performance).Select(fault => new PerformanceRow(fault.Metric, fault.Why))];
        return new MeasuredPerformance($"{sample.Design}, {sample.Labels.Length.ToString("N0", CultureInfo.InvariantCulture)} customers", now.ToDictionary(), then, faults)
        {
            Recalibration = isCalibrated && ConceptCheck.Run(sample.Predicted, sample.Labels, metadata.Scores?.Rows ?? 0, settings.Performance, settings.Drift.FalseDiscoveryRate) is { } concept ? RowOf(concept) : null,
            Foretold = isCalibrated ? Foretold(sample, now, version, request) : null,
            Segments = [.. SegmentCheck.Run(sample.Groups, (sample.Predicted, sample.Labels, sample.Cuts), settings.Performance, settings.SegmentLimits, settings.Drift.FalseDiscoveryRate)
                .Select(column => new SegmentColumn(column.Column, [.. column.Segments.Select(RowOf)]))],
        };
    }

    /// <summary>What broke a limit.</summary>
    public static IEnumerable<MonitorAlarm> Alarms(MeasuredPerformance measured)
    {
        foreach (PerformanceRow fault in measured.Faults)
            yield return new MonitorAlarm(AlarmKind.Performance, fault.Metric, fault.Why, Retrain);
        if (measured.Recalibration is { Why.Length: > 0 } concept)
            yield return new MonitorAlarm(AlarmKind.ConceptDrift, "calibration", concept.Why, Retrain);
        foreach (SegmentColumn column in measured.Segments)
        {
            foreach (SegmentFigures segment in column.Segments)
            {
                foreach (PerformanceRow fault in segment.Faults)
                    yield return new MonitorAlarm(AlarmKind.SegmentPerformance, AlarmKind.SegmentSubject(column, segment, fault.Metric), fault.Why, "find out what changed for these customers; until a model is trained again, a threshold of their own (`threshold: { per: ... }`) keeps decisions right");
            }
        }
    }

    // What was watched then is what was said then; else what the same probabilities would have said.
    private static ForetoldReport? Foretold(OutcomeSample sample, ClassificationMetrics now, string version, MonitorRequest request)
    {
        if (sample.AsOf is { } asOf && request.Out is { } folder && MonitorFolder.Window(folder, asOf) is { Expected: { } told } window && window.Version == version)
            return Report($"the window watched as of {asOf}", asOf, [("positive_rate", RangeOf(told.PositiveRate)), ("roc_auc", RangeOf(told.RocAuc)), ("precision", RangeOf(told.Precision)), ("recall", RangeOf(told.Recall))], now);
        return sample.Predicted.Length == 0 ? null : Report("the probabilities of the same customers", sample.AsOf, ForetoldCheck.FiguresOf(ExpectedPerformance.Of(sample.Predicted, sample.Cuts, request.Seed)), now);
    }

    private static ForetoldReport Report(string of, string? asOf, IReadOnlyList<(string, Range95)> expected, ClassificationMetrics now) => new(of, asOf,
        [.. ForetoldCheck.Run(expected, now).Select(figure => new ForetoldRow(figure.Metric, new MonitorFigure(figure.Expected.Value, figure.Expected.Lower, figure.Expected.Upper), figure.Measured, figure.Held))]);

    private static RecalibrationRow RowOf(ConceptDrift concept) =>
        new(concept.Fitted.Slope, concept.Fitted.Intercept, concept.Fitted.Statistic, concept.Fitted.PValue, concept.Fitted.Shift, concept.Why);

    private static SegmentFigures RowOf(SegmentPerformance segment) => new(segment.Rates.Group, segment.Rates.Rows, segment.Rates.IsJudged, FigureOf(segment.RocAuc.Auc, segment.RocAuc.Lower, segment.RocAuc.Upper),
        double.IsNaN(segment.ExpectedAuc) ? null : segment.ExpectedAuc, FigureOf(segment.Rates.Precision), FigureOf(segment.Rates.TruePositiveRate), FigureOf(segment.Rates.PositiveRate), segment.Rates.MeanProbability,
        [.. segment.Faults.Select(fault => new PerformanceRow(fault.Metric, fault.Why))]);

    private static MonitorFigure? FigureOf(ShareInterval share) => FigureOf(share.Value, share.Lower, share.Upper);

    private static MonitorFigure? FigureOf(double value, double low, double high) => double.IsNaN(value) || double.IsNaN(low) || double.IsNaN(high) ? null : new MonitorFigure(value, low, high);

    private static Range95 RangeOf(MonitorFigure? figure) => figure is null ? new Range95(double.NaN, double.NaN, double.NaN) : new Range95(figure.Value, figure.Low, figure.High);
}
