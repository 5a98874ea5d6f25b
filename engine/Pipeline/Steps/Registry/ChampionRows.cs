using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Registry;

namespace ChurnEngine.Pipeline;

/// <summary>Scores two models on the same customers of one snapshot, later than all that either has learnt from.</summary>
/// <remarks>Each model is fed by its own plan over the project's tables, so that a champion of an older plan can be met as well; customers are matched by key.</remarks>
internal static class ChampionRows
{
    private const string NoTime = "a plain table has no time, so nothing says that any rows are later than its training";

    /// <summary>The rows and both models' predictions, or why there are none.</summary>
    /// <param name="project">Tables; null: none were named.</param>
    /// <param name="asOf">Snapshot; null: the latest whose labels are complete.</param>
    /// <param name="candidate">The model that asks.</param>
    /// <param name="champion">The model to beat.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    public static ChampionComparison Compare(ProjectConfig? project, long? asOf, ServedModel candidate, ServedModel champion, StepContext context)
    {
        string version = champion.Model.Version;
        if (ObstacleBefore(project, candidate, champion) is { } obstacle)
            return new ChampionComparison { Champion = version, Obstacle = obstacle };
        long knownThrough = Math.Max(candidate.Model.Metadata.KnownThrough, champion.Model.Metadata.KnownThrough);
        using IngestSession session = context.OpenIngest(project!.Ingest, project.Resolve("."));
        FeaturePlan plan = PlanOver(project, candidate.Plan), other = PlanOver(project, champion.Plan);
        using CustomerData data = DataLoad.Run(plan, session, context);
        SnapshotCalendar calendar = asOf is { } given ? SnapshotCalendar.Check(data, [given]) : SnapshotCalendar.Propose(data);
        if (calendar.Usable.Count == 0)
            return new ChampionComparison { Champion = version, Obstacle = $"no snapshot is complete: {string.Join("; ", calendar.Censored.Select(dropped => dropped.Reason))}" };
        long instant = calendar.Usable[^1];
        if (instant < knownThrough)
            return new ChampionComparison { Champion = version, Obstacle = $"the snapshot as of {InstantText.Format(instant)} is not later than the training of both, of which all was known on {InstantText.Format(knownThrough)}" };

        using TrainingSet first = Build(plan, data, instant, context);
        // A folder of grouped tables is that of one plan.
        using CustomerData? otherData = other.Hash == plan.Hash ? null : DataLoad.Run(other, session, context with { Grouped = null });
        using TrainingSet second = Build(other, otherData ?? data, instant, context);
        float[] mine = context.Stages.Time("predict", () => candidate.Predict(first.Matrix), done => done.Length);
        float[] theirs = context.Stages.Time("predict champion", () => champion.Predict(second.Matrix), done => done.Length);
        return Match(version, (first, mine), (second, theirs), InstantText.Format(instant));
    }

    private static string? ObstacleBefore(ProjectConfig? project, ServedModel candidate, ServedModel champion)
    {
        if (candidate.Model.Metadata.Task != champion.Model.Metadata.Task)
            return "one predicts a probability, the other a value";
        if (candidate.Plan.IsTimeless || champion.Plan.IsTimeless)
            return NoTime;
        if (project is null)
            return "no data were named; --config says where they are";
        foreach (ServedModel served in new[] { candidate, champion })
        {
            if (served.Model.Metadata.KnownThrough == 0)
                return $"{served.Model.Version} was trained by an engine that did not note when all was known that it learnt from";
            if (served.Plan.Tables.FirstOrDefault(table => !project.Plan.Tables.Any(known => known.Name == table.Name)) is { } missing)
                return $"the project has no table '{missing.Name}', which {served.Model.Version} reads";
        }
        return null;
    }

    // The plan inside a model names no files.
    private static FeaturePlan PlanOver(ProjectConfig project, FeaturePlan inside)
    {
        if (project.Plan.Hash == inside.Hash)
            return project.Plan.WithCategoriesOf(inside);
        FeaturePlan plan = inside;
        foreach (PlanTable table in inside.Tables)
            plan = plan.WithSource(table.Name, project.Plan.Tables.Single(known => known.Name == table.Name).Source ?? throw PipelineErrors.NoSource(table.Name));
        return plan;
    }

    private static TrainingSet Build(FeaturePlan plan, CustomerData data, long instant, StepContext context)
    {
        TrainingSet set = context.Stages.Time("features", () => TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [instant], Budget = context.Budget }, context.Cancellation), built => built.Matrix.RowCount);
        context.Warn(set.Warnings);
        return set;
    }

    private static ChampionComparison Match(string champion, (TrainingSet Set, float[] Predicted) first, (TrainingSet Set, float[] Predicted) second, string asOf)
    {
        Dictionary<string, int> rows = Enumerable.Range(0, second.Predicted.Length).ToDictionary(row => KeyOf(second.Set.Keys, row), StringComparer.Ordinal);
        (int First, int Second)[] pairs = [.. Enumerable.Range(0, first.Predicted.Length).Select(row => (row, rows.GetValueOrDefault(KeyOf(first.Set.Keys, row), -1))).Where(pair => pair.Item2 >= 0)];
        int others = pairs.Count(pair => first.Set.Labels[pair.First] != second.Set.Labels[pair.Second]);
        if (others > 0)
            return new ChampionComparison { Champion = champion, Obstacle = $"the plans of the two label {others:N0} of {pairs.Length:N0} customers differently" };
        if (pairs.Length == 0)
            return new ChampionComparison { Champion = champion, Obstacle = $"no customer is at risk for both as of {asOf}" };
        int alone = first.Predicted.Length + second.Predicted.Length - 2 * pairs.Length;
        return new ChampionComparison
        {
            Champion = champion,
            Design = alone == 0 ? $"as of {asOf}" : string.Create(CultureInfo.InvariantCulture, $"as of {asOf}, without {alone:N0} customers that only one of the plans has"),
            CandidatePredicted = [.. pairs.Select(pair => first.Predicted[pair.First])],
            ChampionPredicted = [.. pairs.Select(pair => second.Predicted[pair.Second])],
            Labels = [.. pairs.Select(pair => first.Set.Labels[pair.First])],
            // One snapshot: a customer is one row.
            Customers = [.. Enumerable.Range(0, pairs.Length)],
        };
    }

    private static string KeyOf(Column keys, int row) => keys switch
    {
        PrimitiveColumn<long> numbers => numbers.Values[row].ToString(CultureInfo.InvariantCulture),
        Utf8Column texts => texts.GetString(row) ?? "",
        _ => throw new InvalidOperationException($"keys of type {keys.Type}"),
    };
}
