using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>A training set to put together from a store.</summary>
public sealed record PairsRequest
{
    /// <summary>Folder of the store.</summary>
    public required string Store { get; init; }

    /// <summary>Table of pairs: Parquet, Arrow, CSV or JSON lines.</summary>
    public required string Pairs { get; init; }

    /// <summary>Its column with the key; null: the store's own name for it.</summary>
    public string? KeyColumn { get; init; }

    /// <summary>Its column with the instant.</summary>
    public string TimeColumn { get; init; } = "as_of";

    /// <summary>True: the last date of the store at or before each instant serves; false: the very instant.</summary>
    public bool Latest { get; init; }

    /// <summary>With <see cref="Latest"/>: oldest features that still serve, in days, 0 and up; null: any.</summary>
    public int? MaxAgeDays { get; init; }

    /// <summary>File to write.</summary>
    public required string Out { get; init; }

    /// <summary>Only read the pairs and choose the dates; write nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What is taken out of feature stores: training sets, a file for point reads, one customer.</summary>
public static class StoreReadStep
{
    private const long Day = 86_400_000_000;

    /// <summary>Puts the features of a store beside the rows of a table of (customer, instant) pairs.</summary>
    /// <param name="project">When given, its plan must be the store's.</param>
    /// <param name="request">Store, pairs, output.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>Errors: what <see cref="FeatureJoin"/> throws.</remarks>
    public static StoreJoinReport Join(ProjectConfig? project, PairsRequest request, StepContext context)
    {
        OfflineStore store = Open(request.Store, project);
        using IngestSession session = context.OpenIngest(project?.Ingest ?? IngestSettings.Default, project?.Resolve(".") ?? Environment.CurrentDirectory);
        var join = new JoinRequest
        {
            Pairs = new TableSource { Name = "pairs", Path = request.Pairs },
            KeyColumn = request.KeyColumn,
            TimeColumn = request.TimeColumn,
            At = request.Latest ? JoinDate.Latest : JoinDate.Exact,
            MaxAgeMicros = request.MaxAgeDays is { } days ? days * Day : long.MaxValue,
            Out = request.Out,
            CheckOnly = request.DryRun,
        };
        JoinReport done = context.Stages.Time("join", () => FeatureJoin.Run(store, join, session, session.OpenParquet, (context.Progress, context.Cancellation)), report => report.Rows);
        context.NoteRefusals(session, null);
        if (done.UnmatchedFile is { } file)
            context.Warn($"{done.UnknownCustomer + done.NotAtRisk + done.NoDate:N0} rows of '{request.Pairs}' have no features and were left out, first {done.FirstUnmatched}; all are in {file}");
        return new StoreJoinReport
        {
            Path = Path.GetFullPath(request.Out),
            Rows = done.Rows,
            Features = store.Manifest.Features.Count,
            Dates = done.Dates,
            Unmatched = new Dictionary<string, long> { ["unknown_customer"] = done.UnknownCustomer, ["not_at_risk"] = done.NotAtRisk, ["no_date"] = done.NoDate },
            UnmatchedFile = done.UnmatchedFile,
            PlanHash = store.Manifest.PlanHash,
            Design = (request.Latest
                ? $"each row has the features of the last stored date at or before its instant{(request.MaxAgeDays is { } age ? $", at most {age} days old" : "")}"
                : "each row has the features as of its very instant") + "; a feature at t sees what happened before t and was known by then; rows stand as in the pairs",
        };
    }

    /// <summary>Writes one date of a store into a SQLite file for point reads.</summary>
    /// <param name="project">When given, its plan must be the store's.</param>
    /// <param name="store">Folder of the store.</param>
    /// <param name="asOf">The date; null: the latest.</param>
    /// <param name="path">File to write.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    public static PublishReport Publish(ProjectConfig? project, string store, long? asOf, string path, StepContext context)
    {
        (OfflineStore source, long date, OnlineHeader header) = Choose(project, store, asOf);
        using IngestSession session = context.OpenIngest(IngestSettings.Default, Environment.CurrentDirectory);
        long rows = context.Stages.Time("publish", () => OnlineWriter.Write(path, header, source.Read(date, session, context.Cancellation), context.Progress, context.Cancellation), written => written);
        return new PublishReport(Path.GetFullPath(path), InstantText.Format(date), rows, header.Features.Count, header.PlanHash);
    }

    /// <summary>Says what <see cref="Publish"/> would write, after checking what can be checked without reading the features.</summary>
    public static PublishReport PlanPublish(ProjectConfig? project, string store, long? asOf, string path, StepContext context)
    {
        (OfflineStore source, long date, OnlineHeader header) = Choose(project, store, asOf);
        using IngestSession session = context.OpenIngest(IngestSettings.Default, Environment.CurrentDirectory);
        long rows = session.Measure(new TableSource { Name = "features", Path = source.PathOf(date), Format = FileFormat.Parquet }).Rows;
        return new PublishReport(Path.GetFullPath(path), InstantText.Format(date), rows, header.Features.Count, header.PlanHash);
    }

    /// <summary>Reads one customer out of an online store.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE3073 for a file that is none, CE3074 for a customer it does not have.</remarks>
    public static CustomerFeatures Get(string path, string customer)
    {
        using var store = OnlineStore.Open(path);
        StoredValue[] values = store.Require(customer);
        var features = new Dictionary<string, object?>();
        for (int i = 0; i < values.Length; i++)
            features.Add(store.Header.Features[i].Name, values[i].IsMissing ? null : values[i].Text is { } text ? text : values[i].Number);
        return new CustomerFeatures(customer, InstantText.Format(store.Header.AsOf), store.Header.PlanHash, features);
    }

    private static (OfflineStore Store, long Date, OnlineHeader Header) Choose(ProjectConfig? project, string folder, long? asOf)
    {
        OfflineStore store = Open(folder, project);
        long date = store.Require(asOf);
        var header = new OnlineHeader
        {
            PlanHash = store.Manifest.PlanHash,
            Entity = store.Manifest.Entity,
            KeyType = store.Manifest.KeyType,
            AsOf = date,
            Features = store.Manifest.Features,
        };
        return (store, date, header);
    }

    private static OfflineStore Open(string folder, ProjectConfig? project)
    {
        var store = OfflineStore.Open(folder);
        if (project is not null)
            store.Require(project.Plan);
        return store;
    }
}
