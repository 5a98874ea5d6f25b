using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;
using ChurnEngine.Monitoring;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>Holds the customers of an instant against those that a model was trained on, and its outcomes against what it promised.</summary>
public static class MonitorStep
{
    /// <summary>Name of the file in the report's folder.</summary>
    public const string FileName = "monitor.json";

    /// <summary>Name of the page beside it.</summary>
    public const string PageName = "dashboard.html";

    /// <summary>Verdict of what broke a limit.</summary>
    internal const string Drifted = "drifted";

    /// <summary>Verdict of what has too few rows.</summary>
    internal const string NotJudged = "not_judged";

    /// <summary>Watches one instant.</summary>
    /// <param name="input">Customers of a project, a table or a store.</param>
    /// <param name="project">The project, whose labels tell the outcomes; null: outcomes are not known.</param>
    /// <param name="request">What, and the limits.</param>
    /// <param name="choice">Model and backend.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>One pass over the customers, partition by partition: memory is that of scoring. Errors: CE8201 to CE8203, CE1173; what reading throws.</remarks>
    public static MonitorReport Run(ScoreInput input, ProjectConfig? project, MonitorRequest request, ModelChoice choice, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(request);
        MonitorSettings settings = request.Settings;
        using var served = ServedModel.Open(choice);
        DriftMonitor.Require(served.Model);
        string[] features = [.. served.Model.Metadata.Features.Select(feature => feature.Name)];
        if (settings.Ignored.FirstOrDefault(name => !features.Contains(name)) is { } stranger)
            throw PipelineErrors.UnknownMonitored(stranger, features);
        (Observation seen, string? asOf) = input.With(served, request.AsOf, context, (source, _, _) =>
            (context.Stages.Time("watch", () => Observe(served, source, context), done => done.Counts.Rows), source.AsOf is { } instant ? InstantText.Format(instant) : null));
        DriftReport drift = DriftMonitor.Judge(served.Model, seen.Counts, new ScoreSample(seen.Predicted), settings.Drift);
        bool isCalibrated = served.Model.Metadata is { Task: ModelTask.Classification, CalibrationMethod: not "none" };
        ExpectedPerformance? expected = isCalibrated ? context.Stages.Time("expect", () => ExpectedPerformance.Of(seen.Predicted, seen.Cuts, request.Seed), done => done.Rows) : null;
        MeasuredPerformance? measured = request.WithLabels ? Measure(project!, request, choice, context) : null;
        var report = new MonitorReport(served.Model.Version, asOf, drift.Rows, [.. drift.Features.Select(RowOf)], RowOf(drift.Scores), expected is null ? null : RowOf(expected), measured, [.. Alarms(drift, measured, settings)]) { Model = served.Model.Metadata.ModelName };
        return request.Out is { } folder ? report with { Files = MonitorFolder.Write(folder, report, settings.Drift.StabilityIndex) } : report;
    }

    private static Observation Observe(ServedModel served, IScoringSource source, StepContext context)
    {
        ModelMetadata metadata = served.Model.Metadata;
        var flag = new FlagRule(metadata);
        var parts = new (float[] Predicted, float[] Cuts)[source.PartitionCount];
        var total = new BinCounts(metadata.Features, metadata.Distributions);
        long done = 0;
        Parallel.For(0, parts.Length, context.Budget.ParallelOptions(context.Cancellation), () => new BinCounts(metadata.Features, metadata.Distributions), (partition, _, counts) =>
        {
            using ScoringPartition rows = source.Load(partition);
            counts.Add(rows.Matrix);
            float[] cuts = new float[checked((int)rows.Matrix.RowCount)];
            for (int row = 0; row < cuts.Length; row++)
                cuts[row] = flag.Of(rows.Matrix.Row(row));
            parts[partition] = (served.Predict(rows.Matrix), cuts);
            context.Progress?.Report(new StepProgress("watch", Interlocked.Add(ref done, cuts.Length), source.CustomerCount));
            return counts;
        }, counts =>
        {
            lock (total)
                total.Add(counts);
        });
        return new Observation(total, [.. parts.SelectMany(part => part.Predicted)], [.. parts.SelectMany(part => part.Cuts)]);
    }

    private static MeasuredPerformance Measure(ProjectConfig project, MonitorRequest request, ModelChoice choice, StepContext context)
    {
        LabelledScores scores = EvaluateStep.Score(project, request.LabelsAsOf, choice, context);
        if (scores.Naive is not null)
            throw PipelineErrors.FlagOfChurn("--labels");
        ClassificationMetrics now = ClassificationMetrics.Evaluate(scores.Predicted, scores.Labels, scores.Threshold) with { Confusion = Confusion.At(scores.Predicted, scores.Labels, scores.Cuts) };
        double? then = ModelFile.Load(choice.Path).Metadata.Metrics.TryGetValue("test.roc_auc", out double auc) ? auc : null;
        return new MeasuredPerformance($"{scores.Design}, {scores.Labels.Length:N0} customers", now.ToDictionary(), then, [.. PerformanceCheck.Faults(now, then, request.Settings.Performance).Select(fault => new PerformanceRow(fault.Metric, fault.Why))]);
    }

    private static IEnumerable<MonitorAlarm> Alarms(DriftReport drift, MeasuredPerformance? measured, MonitorSettings settings)
    {
        foreach (PerformanceRow fault in measured?.Faults ?? [])
            yield return new MonitorAlarm(AlarmKind.Performance, fault.Metric, fault.Why, "train again on newer snapshots (`churn train --register`), and promote the new model through the gates");
        if (drift.Scores.Verdict == DriftVerdict.Drifted)
            yield return new MonitorAlarm(AlarmKind.ScoreDrift, "scores", drift.Scores.Why, "look at the features that drifted, and at the outcomes as they come in (`churn monitor --labels`)");
        foreach (FeatureDrift feature in drift.Drifted.Where(feature => !settings.Ignored.Contains(feature.Feature)))
            yield return new MonitorAlarm(AlarmKind.FeatureDrift, feature.Feature, feature.Why, "find out whether the customers or the data changed; a change that is meant goes into `monitor.ignore` until the next training");
    }

    private static DriftRow RowOf(FeatureDrift drift) => new(
        drift.Feature, drift.StabilityIndex, drift.Lower, drift.Upper, drift.KullbackLeibler, drift.JensenShannon, drift.KolmogorovSmirnov, drift.Wasserstein,
        drift.ChiSquared, drift.PValue, drift.AdjustedPValue, drift.Missing, drift.MissingAtTraining, WordOf(drift.Verdict), drift.Why);

    private static ScoreRow RowOf(ScoreDrift scores) => new(new MonitorFigure(scores.Mean, scores.Lower, scores.Upper), scores.MeanAtTraining, scores.Change, scores.StabilityIndex, WordOf(scores.Verdict), scores.Why);

    private static ExpectedFigures RowOf(ExpectedPerformance expected) => new(FigureOf(expected.PositiveRate), FigureOf(expected.RocAuc), FigureOf(expected.Precision), FigureOf(expected.Recall));

    private static MonitorFigure? FigureOf(Range95 range) => double.IsNaN(range.Value) ? null : new MonitorFigure(range.Value, range.Lower, range.Upper);

    private static string WordOf(DriftVerdict verdict) => JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.ToString());

    private sealed record Observation(BinCounts Counts, float[] Predicted, float[] Cuts);
}
