using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.Monitoring;

namespace ChurnEngine.Pipeline;

/// <summary>Holds what a service was asked, and what it answered, against the model's training; and its predictions against outcomes as they come.</summary>
public static class LogMonitorStep
{
    /// <summary>Watches a part of a prediction log.</summary>
    /// <param name="log">Which part.</param>
    /// <param name="project">Lends settings and, where labels are asked for, outcomes; null: the defaults.</param>
    /// <param name="request">What, and the limits.</param>
    /// <param name="choice">Model; its predictions are those of the log.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>The log is read twice: once for which predictions count, once for what they say. Memory: some 150 bytes a customer, beside that of the outcomes.
    /// Errors: CE1220 to CE1224, CE8201 to CE8203, CE1173; what reading throws.</remarks>
    public static MonitorReport Run(LogRequest log, ProjectConfig? project, MonitorRequest request, ModelChoice choice, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        using var served = ServedModel.Open(choice);
        DriftMonitor.Require(served.Model);
        MonitorStep.CheckIgnored(served, request.Settings);
        using IngestSession session = context.OpenIngest(project?.Ingest ?? IngestSettings.Default, project?.Resolve(".") ?? Environment.CurrentDirectory);
        using var outcomes = LogOutcomes.Open(log, project, request.WithLabels, served, session, context);
        LogIndex index = context.Stages.Time("read log", () => LogIndex.Read(log, served.Model.Version, outcomes, session, context), read => read.Predictions);
        Warn(index, log, served.Model.Version, context);
        int[] segments = Segments(served, outcomes is null ? [] : request.Settings.Segments, context);
        string folder = Path.Combine(Path.GetFullPath(log.Folder), served.Model.Version);
        LogRows rows = context.Stages.Time("watch", () => LogRows.Read(folder, served, index, segments, session, context), _ => index.Predictions);
        HashSet<string> unnamed = MonitorStep.Unnamed(served, project?.Reasons ?? ReasonSettings.Default);
        OutcomeSample? sample = outcomes is null ? null : Sample(rows, outcomes, served, segments, index);
        MeasuredPerformance? measured = sample is null ? null : PerformanceMeasure.Of(sample, served.Model.Metadata, served.Model.Version, request);
        LogArmRows[] arms = [.. rows.Arms.Values.OrderBy(arm => arm.Name, StringComparer.Ordinal)];
        var summary = new LogSummary(Path.GetFullPath(log.Folder), InstantText.Format(index.Span.First), InstantText.Format(index.Span.Last), index.Predictions, index.Others,
            [.. arms.Select(arm => ArmOf(arm, served.Model, unnamed, request.Settings))])
        {
            WithOutcome = sample?.Labels.Length,
        };
        (MonitorStep.Observation seen, UnknownLevels unknown) = Sum(arms, served.Model.Metadata);
        return MonitorStep.Report(served, seen, new LevelCounts(unknown, unnamed), (InstantText.Format(log.Until ?? index.Span.Last), measured, summary), request, context);
    }

    private static void Warn(LogIndex index, LogRequest log, string version, StepContext context)
    {
        foreach ((string other, long predictions) in index.Others)
            context.Warn($"{predictions:N0} predictions of model {other} are passed over: {version} is watched");
        int journals = Directory.EnumerateFiles(Path.GetFullPath(log.Folder), "*" + Journal.Suffix, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Count();
        if (journals > 0)
            context.Warn($"{journals} journals of the log are still written to: their predictions are watched when they have become Parquet, after `serve.log.rotate_minutes` at the latest");
    }

    private static int[] Segments(ServedModel served, IReadOnlyList<string> names, StepContext context)
    {
        List<int> found = [];
        FeatureInfo[] features = [.. served.Plan.Features];
        foreach (string name in names)
        {
            if (Array.FindIndex(features, feature => feature.Name == name) is >= 0 and int feature)
                found.Add(feature);
            else
                context.Warn($"segments by '{name}' are left out: a log has the model's features alone");
        }
        return [.. found];
    }

    private static OutcomeSample Sample(LogRows rows, LogOutcomes outcomes, ServedModel served, int[] segments, LogIndex index)
    {
        float[] labels = outcomes.Of(rows.Known.Customers, rows.Known.AsOf);
        int[] told = [.. Enumerable.Range(0, labels.Length).Where(row => !float.IsNaN(labels[row]))];
        if (told.Length == 0)
            throw LogErrors.NoOutcomes(index.Predictions);
        float[] Told(IReadOnlyList<float> values) => Array.ConvertAll(told, row => values[row]);
        return new OutcomeSample($"measured on {outcomes.Name}, the latest prediction of each customer with one", null, Told(rows.Known.Predicted), Told(labels), Told(rows.Known.Cuts),
            [.. segments.Select((feature, i) => GroupColumns.Of(served.Plan.Features[feature], Told(rows.SegmentValues[i])))]);
    }

    private static LogArm ArmOf(LogArmRows arm, ChurnModel model, HashSet<string> unnamed, MonitorSettings settings)
    {
        DriftReport drift = DriftMonitor.Judge(model, arm.Counts, new ScoreSample([.. arm.Predicted]), settings.Drift, new LevelCounts(arm.Unknown, unnamed));
        return new LogArm(arm.Name, arm.IsAnswered, drift.Rows, MonitorStep.RowOf(drift.Scores), [.. drift.WithNewCategory.Concat(drift.Drifted).Select(feature => feature.Feature).Distinct()]);
    }

    private static (MonitorStep.Observation Seen, UnknownLevels Unknown) Sum(LogArmRows[] arms, ModelMetadata metadata)
    {
        var counts = new BinCounts(metadata.Features, metadata.Distributions);
        var unknown = new UnknownLevels(metadata.Features.Count);
        foreach (LogArmRows arm in arms)
        {
            counts.Add(arm.Counts);
            unknown.Add(arm.Unknown);
        }
        return (new MonitorStep.Observation(counts, [.. arms.SelectMany(arm => arm.Predicted)], [.. arms.SelectMany(arm => arm.Cuts)]), unknown);
    }
}
