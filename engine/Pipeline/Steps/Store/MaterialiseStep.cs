using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Fills a feature store with dates.</summary>
public static class MaterialiseStep
{
    /// <summary>Folder of the store beside a project's file, unless another is named.</summary>
    public const string DefaultFolder = "feature-store";

    /// <summary>Computes and stores what is missing of the dates asked for; those that are there stay, unless they are to be computed anew.</summary>
    /// <remarks>Data is loaded once, and not at all when nothing is missing. Stopped or killed, it leaves whole dates, and the same request goes on from there.
    /// Errors: what <see cref="StoreWriter"/> throws; <see cref="ChurnConfigException"/> when the project's plan is not the store's.</remarks>
    public static MaterialiseReport Run(ProjectConfig project, MaterialiseRequest request, StepContext context)
    {
        string folder = FolderOf(project, request.Store);
        StoreWriter.CheckFolder(folder, project.Plan);
        if (request.AsOf.Count > 0 && !request.Overwrite && OfflineStore.Find(folder) is { } there && request.AsOf.All(there.Has))
            return Report(folder, project.Plan, request.AsOf, _ => (null, "kept"));

        using IngestSession session = context.OpenIngest(project.Ingest, project.Resolve("."));
        using CustomerData data = DataLoad.Run(project.Plan, session, context);
        long end = DataLoad.EndOfData(data);
        long[] dates = request.AsOf.Count > 0 ? [.. request.AsOf.Distinct().Order()] : [DataLoad.AsOf(data, project.Score.AsOf, context)];
        foreach (long date in dates)
            StoreWriter.CheckDate(date, end);
        using var writer = StoreWriter.Open(folder, project.Plan, data, session.OpenParquet);
        var states = new Dictionary<long, (long? Rows, string State)>();
        context.Stages.Time("materialise", () => Fill(writer, dates, (request.Overwrite, end), states, context), rows => rows);
        return Report(folder, project.Plan, dates, asOf => states[asOf]);
    }

    /// <summary>Says which dates are there and which are missing, after checking folder and plan; reads no data and writes nothing.</summary>
    public static MaterialiseReport Plan(ProjectConfig project, MaterialiseRequest request)
    {
        string folder = FolderOf(project, request.Store);
        StoreWriter.CheckFolder(folder, project.Plan);
        OfflineStore? there = OfflineStore.Find(folder);
        IReadOnlyList<long> dates = request.AsOf.Count > 0 || project.Score.AsOf is not { } asOf ? request.AsOf : [asOf];
        return Report(folder, project.Plan, dates, date => (null, there?.Has(date) == true && !request.Overwrite ? "there" : "missing"));
    }

    /// <summary>The dates of a backfill, from the first on, up to the last.</summary>
    /// <param name="from">First instant, microseconds since 1970 UTC.</param>
    /// <param name="to">Last instant.</param>
    /// <param name="every">Step, such as <c>30d</c>, <c>12h</c> or <c>1mo</c>.</param>
    public static IReadOnlyList<long> DatesBetween(long from, long to, string every) => StoreDates.Between(from, to, every);

    /// <summary>The store that was named, or the project's own.</summary>
    internal static string FolderOf(ProjectConfig project, string? store) => Path.GetFullPath(store ?? project.Resolve(DefaultFolder));

    private static long Fill(StoreWriter writer, long[] dates, (bool Overwrite, long EndOfData) how, Dictionary<long, (long?, string)> states, StepContext context)
    {
        long total = 0;
        for (int i = 0; i < dates.Length; i++)
        {
            context.Progress?.Report(new StepProgress("materialise", i, dates.Length));
            if (!how.Overwrite && writer.Store.Has(dates[i]))
            {
                states[dates[i]] = (null, "kept");
                continue;
            }
            long rows = writer.Materialise(dates[i], how.EndOfData, context.Budget, context.Cancellation);
            states[dates[i]] = (rows, rows > 0 ? "written" : "empty");
            if (rows == 0)
                context.Warn($"as of {InstantText.Format(dates[i])} nobody is at risk: no date was stored");
            total += rows;
        }
        context.Progress?.Report(new StepProgress("materialise", dates.Length, dates.Length));
        return total;
    }

    private static MaterialiseReport Report(string folder, FeaturePlan plan, IEnumerable<long> dates, Func<long, (long? Rows, string State)> stateOf) =>
        new(folder, plan.Hash, plan.Features.Count, [.. dates.Distinct().Order().Select(asOf => new StoredDate(InstantText.Format(asOf), stateOf(asOf).Rows, stateOf(asOf).State))]);
}
