using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Explain;
using ChurnEngine.Features;
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
        using var served = ServedModel.Open(choice);
        DriftMonitor.Require(served.Model);
        CheckIgnored(served, request.Settings);
        var unknown = new UnknownLevels(served.Model.Metadata.Features.Count);
        (Observation seen, string? asOf) = input.With(served, request.AsOf, context, (source, _, _) =>
            (context.Stages.Time("watch", () => Observe(served, source, context), done => done.Counts.Rows), source.AsOf is { } instant ? InstantText.Format(instant) : null), unknown);
        MeasuredPerformance? measured = request.WithLabels ? Measure(project!, request, choice, context) : null;
        return Report(served, seen, new LevelCounts(unknown, Unnamed(served, input.Reasons)), (asOf, measured, null), request, context);
    }

    /// <summary>Refuses names of features that the model does not have.</summary>
    internal static void CheckIgnored(ServedModel served, MonitorSettings settings)
    {
        string[] features = [.. served.Model.Metadata.Features.Select(feature => feature.Name)];
        if (settings.Ignored.FirstOrDefault(name => !features.Contains(name)) is { } stranger)
            throw PipelineErrors.UnknownMonitored(stranger, features);
    }

    /// <summary>Features whose values are never told, as in reasons.</summary>
    internal static HashSet<string> Unnamed(ServedModel served, ReasonSettings reasons)
    {
        ReasonBook book = ModelReasons.BookOf(served.Model.Metadata, served.Plan, reasons);
        return [.. served.Model.Metadata.Features.Where((_, feature) => book.FamilyOf(feature) == ReasonBook.NotTold).Select(feature => feature.Name)];
    }

    /// <summary>Judges what was seen, and writes it where that was asked for.</summary>
    internal static MonitorReport Report(ServedModel served, Observation seen, LevelCounts levels, (string? AsOf, MeasuredPerformance? Measured, LogSummary? Log) more, MonitorRequest request, StepContext context)
    {
        MonitorSettings settings = request.Settings;
        DriftReport drift = DriftMonitor.Judge(served.Model, seen.Counts, new ScoreSample(seen.Predicted), settings.Drift, levels);
        bool isCalibrated = served.Model.Metadata is { Task: ModelTask.Classification, CalibrationMethod: not "none" };
        ExpectedPerformance? expected = isCalibrated ? context.Stages.Time("expect", () => ExpectedPerformance.Of(seen.Predicted, seen.Cuts, request.Seed), done => done.Rows) : null;
        var report = new MonitorReport(served.Model.Version, more.AsOf, drift.Rows, [.. drift.Features.Select(feature => RowOf(feature, drift.Rows))], RowOf(drift.Scores), expected is null ? null : RowOf(expected), more.Measured, [.. Alarms(drift, more.Measured, settings)]) { Model = served.Model.Metadata.ModelName, Log = more.Log };
        return request.Out is { } folder ? report with { Files = MonitorFolder.Write(folder, report, settings) } : report;
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
        ChurnModel model = ModelFile.Load(choice.Path);
        // An instant that was watched before its outcomes is measured now, so that what was foretold is seen beside what came.
        var extras = new EvaluationExtras(null, null) { Groups = request.Settings.Segments, Preferred = request.Out is { } folder ? MonitorFolder.Watched(folder, model.Version) : [] };
        LabelledScores scores = EvaluateStep.Score(project, request.LabelsAsOf, choice, context, extras);
        if (scores.Naive is not null)
            throw PipelineErrors.FlagOfChurn("--labels");
        return PerformanceMeasure.Of(new OutcomeSample(scores.Design, InstantText.Format(scores.AsOf), scores.Predicted, scores.Labels, scores.Cuts, scores.Groups), model.Metadata, model.Version, request);
    }

    private static IEnumerable<MonitorAlarm> Alarms(DriftReport drift, MeasuredPerformance? measured, MonitorSettings settings)
    {
        foreach (MonitorAlarm alarm in measured is null ? [] : PerformanceMeasure.Alarms(measured))
            yield return alarm;
        if (drift.Scores.Verdict == DriftVerdict.Drifted)
            yield return new MonitorAlarm(AlarmKind.ScoreDrift, "scores", drift.Scores.Why, "look at the features that drifted, and at the outcomes as they come in (`churn monitor --labels`)");
        foreach (FeatureDrift feature in drift.WithNewCategory.Where(feature => !settings.Ignored.Contains(feature.Feature)))
            yield return new MonitorAlarm(AlarmKind.NewCategory, feature.Feature, feature.New!.Why, "the model takes these customers' value as missing: if the value is meant, train again once outcomes of such customers are known (`churn train`); if not, mend the data");
        foreach (FeatureDrift feature in drift.Drifted.Where(feature => !settings.Ignored.Contains(feature.Feature)))
            yield return new MonitorAlarm(AlarmKind.FeatureDrift, feature.Feature, feature.Why, "find out whether the customers or the data changed; a change that is meant goes into `monitor.ignore` until the next training");
    }

    private static DriftRow RowOf(FeatureDrift drift, long rows) => new(
        drift.Feature, drift.StabilityIndex, drift.Lower, drift.Upper, drift.KullbackLeibler, drift.JensenShannon, drift.KolmogorovSmirnov, drift.Wasserstein,
        drift.ChiSquared, drift.PValue, drift.AdjustedPValue, drift.Missing, drift.MissingAtTraining, WordOf(drift.Verdict), drift.Why)
    {
        NewLevels = drift.New is { } found ? new MonitorFigure(found.Share, found.Lower, found.Upper) : null,
        NewValues = drift.New is { Texts.Count: > 0 } named ? [.. named.Texts.Select(level => new NewLevelRow(level.Text, (double)level.Rows / rows))] : null,
    };

    internal static ScoreRow RowOf(ScoreDrift scores) => new(new MonitorFigure(scores.Mean, scores.Lower, scores.Upper), scores.MeanAtTraining, scores.Change, scores.StabilityIndex, WordOf(scores.Verdict), scores.Why)
    {
        Shares = scores.Shares.Count == 0 ? null : [.. scores.Shares.Select(share => new ScoreShare(share.Then, share.Now))],
    };

    private static ExpectedFigures RowOf(ExpectedPerformance expected) => new(FigureOf(expected.PositiveRate), FigureOf(expected.RocAuc), FigureOf(expected.Precision), FigureOf(expected.Recall));

    private static MonitorFigure? FigureOf(Range95 range) => double.IsNaN(range.Value) ? null : new MonitorFigure(range.Value, range.Lower, range.Upper);

    private static string WordOf(DriftVerdict verdict) => JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.ToString());

    /// <summary>What was seen of some customers: counts by the model's bins, scores, and probabilities from which each is flagged.</summary>
    internal sealed record Observation(BinCounts Counts, float[] Predicted, float[] Cuts);
}
