using ChurnEngine.Audit;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Models;

namespace ChurnEngine.Pipeline;

/// <summary>Which groups to compare; null leaves the project's setting.</summary>
public sealed record FairnessRequest
{
    /// <summary>Features, or columns as COLUMN or TABLE.COLUMN.</summary>
    public IReadOnlyList<string>? By { get; init; }

    /// <summary>Group to compare with, by column.</summary>
    public IReadOnlyDictionary<string, string> Reference { get; init; } = new Dictionary<string, string>();

    /// <summary>Least ratio of selection rates, 0..1.</summary>
    public double? LeastSelectionRatio { get; init; }

    /// <summary>Least ratio of true positive rates, 0..1.</summary>
    public double? LeastTruePositiveRatio { get; init; }

    /// <summary>Most that a group's mean probability may lie beside its share of positives, 0..1.</summary>
    public double? MostCalibrationGap { get; init; }

    /// <summary>Groups of fewer rows are not judged.</summary>
    public int? LeastRows { get; init; }

    /// <summary>Snapshot, microseconds since 1970 UTC; null: the latest whose labels are complete.</summary>
    public long? AsOf { get; init; }

    /// <summary>Contacts: the so many most likely to leave are selected; null: those from the model's thresholds on.</summary>
    public int? Capacity { get; init; }

    internal FairnessSettings Over(FairnessSettings settings)
    {
        IReadOnlyList<string> by = By ?? settings.By;
        var reference = settings.Reference.Where(pair => by.Contains(pair.Key)).ToDictionary();
        foreach ((string column, string group) in Reference)
            reference[column] = by.Contains(column) ? group : throw PipelineErrors.BadSetting("--reference", column, $"a column that groups are compared by: {string.Join(", ", by)}", $"{column}={group}");
        return new FairnessSettings(by, reference, settings.Rules with
        {
            LeastSelectionRatio = LeastSelectionRatio ?? settings.Rules.LeastSelectionRatio,
            LeastTruePositiveRatio = LeastTruePositiveRatio ?? settings.Rules.LeastTruePositiveRatio,
            MostCalibrationGap = MostCalibrationGap ?? settings.Rules.MostCalibrationGap,
            LeastRows = LeastRows ?? settings.Rules.LeastRows,
        });
    }
}

/// <summary>How groups of customers are treated.</summary>
/// <param name="Version">Version of the model.</param>
/// <param name="Design">How it was measured, in words.</param>
/// <param name="Columns">One for each column that was asked for.</param>
public sealed record FairnessAuditReport(string Version, string Design, IReadOnlyList<FairnessRecord> Columns)
{
    /// <summary>True when no group is treated unlike the others beyond the limits.</summary>
    public bool Passed => Columns.All(column => column.Passed);
}

/// <summary>Compares how a model treats groups of customers, by columns that need not be features.</summary>
public static class FairnessStep
{
    /// <summary>Measures on a project, or on a plain table with its label.</summary>
    /// <param name="project">Plan and tables; null for <paramref name="table"/>.</param>
    /// <param name="table">File, glob or folder; null for <paramref name="project"/>.</param>
    /// <param name="choice">Model and backend.</param>
    /// <param name="request">Which groups.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1195 to CE1199, CE8004, CE8005; <see cref="ChurnDataException"/> CE8006; those of reading.</remarks>
    public static FairnessAuditReport Run(ProjectConfig? project, string? table, ModelChoice choice, FairnessRequest request, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        FairnessSettings settings = request.Over(project?.Fairness ?? FairnessSettings.Default);
        if (settings.By.Count == 0)
            throw ExplainingErrors.NothingToCompareBy();
        settings.Rules.Validate();
        using var served = ServedModel.Open(choice);
        if (served.Model.Metadata.Task == ModelTask.Regression)
            throw ExplainingErrors.FairnessOfAValue(served.Model.Version);
        FeaturePlan plan = project is not null ? served.PlanOf(project) : served.PlanOf(table!);
        using IngestSession session = context.OpenIngest(project?.Ingest ?? IngestSettings.Default, project?.Resolve(".") ?? Environment.CurrentDirectory);
        served.RequireColumns(plan, session);
        var groups = GroupColumns.Find(plan, settings.By, session);
        FeaturePlan wide = groups.Extend(plan);
        // What is kept grouped is kept of the model's own plan.
        using CustomerData data = DataLoad.Run(wide, session, context with { Grouped = null });
        long asOf = plan.IsTimeless ? FeatureSnapshot.Timeless : InstantOf(data, request.AsOf);
        using TrainingSet set = Build(wide, data, new TrainingSetOptions { AsOf = [asOf], Budget = context.Budget }, context);
        using FeatureMatrix matrix = groups.Narrow(set.Matrix, plan.Features);
        float[] probability = context.Stages.Time("predict", () => served.Predict(matrix), done => done.Length), cuts = ThresholdFit.CutsOf(served.Model.Metadata, matrix);
        string selected = "those from the model's thresholds on";
        if (request.Capacity is { } contacts)
        {
            ThresholdDecision cut = ThresholdChooser.Choose(new ThresholdRule.ByCapacity(contacts), probability, set.Labels);
            Array.Fill(cuts, (float)cut.Threshold);
            selected = $"the {cut.Flagged:N0} most likely to leave";
        }
        string design = $"measured {(plan.IsTimeless ? $"on {table}" : $"as of {InstantText.Format(asOf)}")} on {set.Labels.Length:N0} customers; selected are {selected}";
        return new FairnessAuditReport(served.Model.Version, design, context.Stages.Time("compare", () => Compare(groups.Assign(set.Matrix), (probability, set.Labels, cuts), settings), _ => set.Labels.Length).Select(RecordOf).ToArray());
    }

    /// <summary>What training says of groups, on the snapshot that tests the model; the tables are read again for the columns that are no features.</summary>
    /// <returns>Null where the project names no groups.</returns>
    internal static IReadOnlyList<FairnessRecord>? OfTraining(ProjectConfig project, (FeaturePlan Plan, FittedModel Fitted, ModelMetadata Described) model, (long AsOf, SnapshotSplit Split) test, StepContext context)
    {
        if (project.Fairness.By.Count == 0)
            return null;
        // What is refused was told before; a second quarantine of the same rows would tell nothing.
        using var session = new IngestSession(new IngestOptions { Budget = context.Budget, BadShareLimit = project.Ingest.BadShareLimit });
        var groups = GroupColumns.Find(model.Plan, project.Fairness.By, session);
        FeaturePlan wide = groups.Extend(model.Plan);
        using CustomerData data = context.Stages.Time("read groups", () => CustomerData.Load(wide, session, context.Budget, context.Progress, context.Cancellation), loaded => loaded.RowsRead);
        using TrainingSet set = Build(wide, data, new TrainingSetOptions { AsOf = [test.AsOf], LabelsKnownAt = test.Split.KnownAt, Budget = context.Budget }, context);
        using FeatureMatrix matrix = groups.Narrow(set.Matrix, model.Plan.Features);
        float[] probability = model.Fitted.Probabilities(FittedModel.Margins(model.Fitted.Predictor, matrix, context));
        IReadOnlyList<FairnessReport> reports = Compare(groups.Assign(set.Matrix), (probability, set.Labels, ThresholdFit.CutsOf(model.Described, matrix)), project.Fairness);
        foreach (FairnessFinding finding in reports.SelectMany(report => report.Findings))
            context.Warn($"fairness: {finding.Message}");
        return [.. reports.Select(RecordOf)];
    }

    /// <summary>Compares the groups of every column.</summary>
    internal static IReadOnlyList<FairnessReport> Compare(IReadOnlyList<GroupedRows> groups, (float[] Probability, float[] Labels, float[] Cuts) scores, FairnessSettings settings) =>
        [.. groups.Select(rows => FairnessCheck.Run(rows, scores.Probability, scores.Labels, scores.Cuts, settings.Rules, settings.Reference.GetValueOrDefault(rows.Column)))];

    private static long InstantOf(CustomerData data, long? asked)
    {
        SnapshotCalendar calendar = asked is { } given ? SnapshotCalendar.Check(data, [given]) : SnapshotCalendar.Propose(data);
        return calendar.Usable.Count > 0 ? calendar.Usable[^1] : throw PipelineErrors.TooFewSnapshots(0, [], string.Join("; ", calendar.Censored.Select(dropped => dropped.Reason)));
    }

    private static TrainingSet Build(FeaturePlan plan, CustomerData data, TrainingSetOptions options, StepContext context) =>
        context.Stages.Time("features of groups", () => TrainingSet.Build(plan, data, options, context.Cancellation), built => built.Matrix.RowCount);

    /// <summary>The same as plain data.</summary>
    internal static FairnessRecord RecordOf(FairnessReport report) => new()
    {
        Column = report.Column,
        Reference = report.Reference,
        Groups = [.. report.Groups.Select(group => new FairnessGroup(group.Group, group.Rows, group.IsJudged, Share(group.SelectionRate), Share(group.TruePositiveRate), Share(group.FalsePositiveRate),
            Share(group.Precision), group.MeanProbability, Share(group.PositiveRate), group.Ece, Ratio(group.SelectionRatio), Ratio(group.TruePositiveRatio), Ratio(group.FalsePositiveRatio)))],
        Findings = [.. report.Findings.Select(finding => finding.Message)],
    };

    private static FairnessInterval Share(ShareInterval share) => new(share.Value, share.Lower, share.Upper);

    private static FairnessInterval? Ratio(RatioInterval? ratio) => ratio is { } known ? new FairnessInterval(known.Value, known.Lower, known.Upper) : null;
}
