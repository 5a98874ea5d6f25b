using ChurnEngine.Audit;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Looks for leakage in a project's own plan and data, on the very snapshots that training would take.</summary>
public static class LeakageAuditStep
{
    /// <summary>Runs every check; one that finds something does not hide the next.</summary>
    /// <remarks>Changes nothing. Errors: <see cref="ChurnConfigException"/> without a label, without a usable snapshot, or CE8002 for a limit that makes no sense.</remarks>
    public static LeakageAuditReport Run(ProjectConfig project, LeakageAuditRequest request, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(request);
        var alarms = new AlarmRules { FeatureAuc = request.FeatureAuc };
        var announcements = new AnnouncementRules { WithinDays = request.AnnounceDays, Share = request.AnnounceShare };
        alarms.Validate();
        announcements.Validate();
        using IngestSession session = context.OpenIngest(project.Ingest, project.Resolve("."));
        using CustomerData data = DataLoad.Run(project.Plan, session, context);
        SnapshotCalendar calendar = SnapshotCalendar.Propose(data);
        SnapshotSplit? split = project.Plan.IsTimeless ? null : TrainStep.ChooseSnapshots(project, data, calendar);
        long[] asOf = [.. split?.AsOf ?? calendar.Usable];
        string[] roles = [.. split?.Roles ?? ["train"]];
        using TrainingSet set = context.Stages.Time("features", () =>
            TrainingSet.Build(project.Plan, data, new TrainingSetOptions { AsOf = asOf, LabelsKnownAt = split?.KnownAt ?? new Dictionary<long, long>(), Budget = context.Budget }, context.Cancellation), built => built.Matrix.RowCount);
        context.Warn(set.Warnings);

        List<AuditCheck> checks = [];
        if (!project.Plan.IsTimeless)
        {
            long[] cuts = Spread(asOf, request.Dates);
            // What is refused was told while loading; a second quarantine of the same rows would tell nothing.
            using var quiet = new IngestSession(new IngestOptions { Budget = context.Budget, BadShareLimit = project.Ingest.BadShareLimit });
            var again = new Recomputation(set.Plan, data, cut => CustomerData.Load(set.Plan, quiet, cut, context.Budget, context.Cancellation), (context.Budget, context.Cancellation));
            checks.Add(Time(context, "truncation", () => TruncationCheck.Run(again, cuts), _ => again.CellsCompared));
            SpareInstant[] spare = SpareInstants(project.Plan, quiet);
            checks.Add(Time(context, "arrival", () => ArrivalCheck.Run(again, spare, cuts), _ => spare.Length));
            var history = new KindHistory(project.Plan.Label!, data.CustomerCount, announcements);
            checks.Add(Time(context, "announcements", () =>
            {
                if (!project.Plan.Label!.IsByKindAlone)
                    return AnnouncementCheck.NotJudged;
                EventScan.Read(project.Plan, data.KeyType, quiet, history, context);
                return AnnouncementCheck.Run(again, history, DataLoad.EndOfData(data), asOf, announcements);
            }, check => (long)check.Measures["customers"]));
        }
        // Whether a feature alone knows the label is asked of two classes.
        if (project.Plan.Label?.IsNumeric != true)
            checks.Add(Time(context, "single features", () => SingleFeatures(set, roles, alarms, context.Budget), check => (long)check.Measures["rows_checked"]));
        checks.Add(Time(context, "folds", () => FoldCheck.Run(set, roles), _ => set.Matrix.RowCount));
        if (!project.Plan.IsTimeless)
            checks.Add(OrderCheck.Run(asOf, roles, project.Plan.Label!, data.LongestLatenessMicros));
        return new LeakageAuditReport(checks.All(check => check.Passed), project.Plan.Hash,
            [.. set.Snapshots.Select((range, i) => new SnapshotUse(InstantText.Format(range.AsOf), roles[i], range.Count, range.Positives) { MeanLabel = project.Plan.Label!.IsNumeric ? range.LabelMean : null })], [.. checks.Select(Describe)]);
    }

    private static AuditCheck SingleFeatures(TrainingSet set, string[] roles, AlarmRules rules, JobBudget budget)
    {
        long rows = set.Snapshots.Where((_, i) => roles[i] == "train").Sum(range => range.Count);
        return SingleFeatureCheck.Run(set.Matrix.View(0, rows), set.Labels.AsSpan(0, checked((int)rows)), rules, budget);
    }

    private static AuditCheck Time(StepContext context, string stage, Func<AuditCheck> check, Func<AuditCheck, long> rows)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        context.Progress?.Report(new StepProgress($"audit {stage}", 0, 0));
        return context.Stages.Time(stage, check, rows);
    }

    private static long[] Spread(long[] asOf, int count)
    {
        count = Math.Min(count, asOf.Length);
        return count <= 1 ? [asOf[^1]] : [.. Enumerable.Range(0, count).Select(i => asOf[(asOf.Length - 1) * i / (count - 1)])];
    }

    private static SpareInstant[] SpareInstants(FeaturePlan plan, IngestSession session) =>
    [
        .. from table in plan.Tables
           where !table.IsStatic && table.Source is not null
           from field in session.Describe(table.Source!)
           where field.Type is ColumnType.TimestampMicros or ColumnType.TimestampMillis or ColumnType.Date32
           where field.Name != table.Time && field.Name != table.ValidFrom && field.Name != table.Known && field.Name != table.Key
           select new SpareInstant(table.Name, field.Name),
    ];

    private static LeakageCheck Describe(AuditCheck check) => new(check.Name, check.Passed, check.Design,
        [.. check.Findings.Select(finding => new LeakageFinding(finding.Level == AuditLevel.Alarm ? "alarm" : "note", finding.Subject, finding.Message, finding.Hint))], check.Measures);
}
