using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>Whom to score: the customers of a project, the rows of a plain table, or those of a date in an offline store.</summary>
public sealed record ScoreInput
{
    private ScoreInput()
    {
    }

    /// <summary>The project whose settings hold; null: the defaults.</summary>
    internal ProjectConfig? Project { get; private init; }

    private string? Table { get; init; }

    private string? Store { get; init; }

    internal ScoreSettings Settings => Project?.Score ?? ScoreSettings.Default;

    /// <summary>How reasons are told.</summary>
    internal ReasonSettings Reasons => Project?.Reasons ?? ReasonSettings.Default;

    /// <summary>What relative paths in the settings start from.</summary>
    internal string Folder => Project?.Resolve(".") ?? Environment.CurrentDirectory;

    /// <summary>The customers of a project.</summary>
    public static ScoreInput Of(ProjectConfig project) => new() { Project = project };

    /// <summary>The rows of a plain table: a file, a glob or a folder.</summary>
    public static ScoreInput OfTable(string table) => new() { Table = table };

    /// <summary>The customers of a date of an offline store, which the model's plan must have filled.</summary>
    /// <param name="store">Its folder.</param>
    /// <param name="project">Lends its settings; null: the defaults.</param>
    public static ScoreInput OfStore(string store, ProjectConfig? project) => new() { Store = store, Project = project };

    /// <summary>Checks all that can be checked without reading the data.</summary>
    /// <returns>Instant asked for, and the files that would be read.</returns>
    internal (string? AsOf, string[] Files) Check(ServedModel served, long? asOf, StepContext context)
    {
        if (Store is not null)
        {
            (OfflineStore store, long date) = OpenStore(served, asOf);
            return (InstantText.Format(date), [store.PathOf(date)]);
        }
        FeaturePlan plan = PlanOf(served);
        using IngestSession session = OpenIngest(context);
        served.RequireColumns(plan, session);
        return (plan.IsTimeless || asOf is null ? null : InstantText.Format(asOf.Value), [.. plan.Tables.SelectMany(table => session.ListFiles(table.Source ?? throw PipelineErrors.NoSource(table.Name)))]);
    }

    /// <summary>Opens the source, hands it on and closes it; <paramref name="unknown"/> counts categories that the model does not know, where anybody asks.</summary>
    internal T With<T>(ServedModel served, long? asOf, StepContext context, Func<IScoringSource, InputFile[], IngestSession, T> work, UnknownLevels? unknown = null)
    {
        using IngestSession session = OpenIngest(context);
        if (Store is null)
            return WithTables(served, (asOf, unknown), session, context, work);
        (OfflineStore store, long date) = OpenStore(served, asOf);
        var table = new TableSource { Name = "features", Path = store.PathOf(date), Format = FileFormat.Parquet };
        InputFile[] inputs = context.Stages.Time("hash inputs", () => InputHash.Of([table.Path], context), files => files.Length);
        return work(new StoreScoringSource(store, date, served.Plan, session, session.Measure(table).Rows, context.Cancellation) { Unknown = unknown }, inputs, session);
    }

    private T WithTables<T>(ServedModel served, (long? AsOf, UnknownLevels? Unknown) asked, IngestSession session, StepContext context, Func<IScoringSource, InputFile[], IngestSession, T> work)
    {
        FeaturePlan plan = PlanOf(served);
        served.RequireColumns(plan, session);
        InputFile[] inputs = context.Stages.Time("hash inputs", () => InputHash.Of(plan, session, context), files => files.Length);
        PopulationMemory? population = PopulationSource.MemoryOf(Project, plan, session);
        using CustomerData data = DataLoad.Run(plan, session, context);
        long asOf = DataLoad.AsOf(data, asked.AsOf, context);
        if (plan.Label is { } label && !plan.IsTimeless && !label.BeginsAt(asOf))
            context.Warn($"as of {InstantText.Format(asOf)} the label looks at {InstantText.Format(label.WindowAt(asOf).From)} to {InstantText.Format(label.WindowAt(asOf).End)}: who leaves before is not foretold, and training knew no such date");
        var featurizer = new Featurizer(plan, data) { Unknown = asked.Unknown is { } unknown ? unknown.Add : null };
        T done = work(new PlanScoringSource(featurizer, asOf), inputs, session);
        if (population?.IsSettled == false)
            _ = population.Leave(featurizer, Settings.AsOf, context);
        return done;
    }

    private FeaturePlan PlanOf(ServedModel served) => Table is null ? served.PlanOf(Project!) : served.PlanOf(Table);

    private IngestSession OpenIngest(StepContext context) => context.OpenIngest(Project?.Ingest ?? IngestSettings.Default, Folder);

    private (OfflineStore Store, long Date) OpenStore(ServedModel served, long? asOf)
    {
        if (Project is not null)
            _ = served.PlanOf(Project);
        var store = OfflineStore.Open(Store!);
        store.Require(served.Plan);
        return (store, store.Require(asOf));
    }
}
