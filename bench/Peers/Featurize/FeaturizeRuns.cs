using System.Diagnostics;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Ingest.DuckDb;

namespace ChurnEngine.Bench.Peers;

/// <summary>What a child is asked: a world, the as-of dates, from files or from memory.</summary>
internal sealed record FeaturizeJob(string World, IReadOnlyList<long> AsOf, bool FromFiles, int Threads)
{
    public JobBudget Budget => new() { Threads = Threads };

    public FeaturePlan Plan() => FeaturePlan.Parse(File.ReadAllText(Path.Combine(World, "churn.yaml")), Path.Combine(World, "churn.yaml"));
}

/// <summary>The same features by the two engines, each in a process of its own.</summary>
internal static class FeaturizeRuns
{
    private const double LongPass = 10;

    /// <summary>Ours: load (group by customer, sort by time), then a matrix for each as-of date.</summary>
    /// <param name="job">What to compute.</param>
    /// <param name="plan">The features.</param>
    /// <param name="groupingCounts">From memory: columns as they were read, so that grouping is part of the time; else grouped ones.</param>
    public static PeerMeasures Ours(FeaturizeJob job, FeaturePlan plan, bool groupingCounts)
    {
        if (groupingCounts && !job.FromFiles)
            return FromColumns(job, plan);
        using var session = new IngestSession(new IngestOptions { Budget = job.Budget });
        CustomerData? data = null;
        var snapshots = new List<FeatureSnapshot>();
        try
        {
            PeerMeasures measures = Measure(job, Load, () =>
            {
                foreach (long asOf in job.AsOf)
                    snapshots.Add(SelfFrozenFeatures.Compute(plan, data!, asOf, job.Budget, CancellationToken.None));
            }, Drop);
            foreach (FeatureSnapshot snapshot in snapshots)
                FeatureDigest.Add(snapshot.Matrix, measures);
            measures.Texts["version"] = SourceTree.Commit;
            return measures;
        }
        finally
        {
            Drop();
            data?.Dispose();
        }

        void Load() => data = CustomerData.Load(plan, session, job.Budget, null, CancellationToken.None);

        void Drop()
        {
            snapshots.ForEach(snapshot => snapshot.Dispose());
            snapshots.Clear();
        }
    }

    /// <summary>DuckDB: one statement an as-of date, over the files or over its own tables.</summary>
    /// <param name="job">What to compute.</param>
    /// <param name="plan">The features.</param>
    /// <param name="loadFirst">Read the files into tables of its own before the first statement; that load counts where the job is from files.</param>
    public static PeerMeasures DuckDb(FeaturizeJob job, FeaturePlan plan, bool loadFirst)
    {
        using var database = new DuckDbDatabase(job.Threads, job.Budget.MemoryBytes);
        using DuckDbConnection connection = database.Connect();
        PeerMeasures measures = Measure(job, Load, () =>
        {
            for (int i = 0; i < job.AsOf.Count; i++)
                connection.Execute($"CREATE TABLE features_{i} AS {PlanSql.Select(plan, Source, job.AsOf[i])}");
        }, Drop);
        for (int i = 0; i < job.AsOf.Count; i++)
            FeatureDigest.Add(connection, $"features_{i}", plan.Features, measures);
        measures.Texts["version"] = IngestSession.LibraryVersion.TrimStart('v');
        return measures;

        string Source(PlanTable table) => loadFirst ? $"\"{table.Name}\"" : $"'{table.Source!.Path}'";

        void Load()
        {
            foreach (PlanTable table in loadFirst ? plan.Tables : [])
                connection.Execute($"CREATE TABLE \"{table.Name}\" AS SELECT {Columns(plan, table)} FROM '{table.Source!.Path}'");
        }

        void Drop()
        {
            for (int i = 0; i < job.AsOf.Count; i++)
                connection.Execute($"DROP TABLE IF EXISTS features_{i}");
        }
    }

    // The columns are read before; grouping them and all dates are the timed part. Dates are computed in one sweep, as training does.
    private static PeerMeasures FromColumns(FeaturizeJob job, FeaturePlan plan)
    {
        using var session = new IngestSession(new IngestOptions { Budget = job.Budget });
        using var columns = new ColumnsInMemory(plan, session);
        FeatureSnapshot[] snapshots = [];
        try
        {
            PeerMeasures measures = Measure(job, () => { }, () =>
            {
                using CustomerData data = CustomerData.Load(plan, columns, job.Budget, null, CancellationToken.None);
                snapshots = new Featurizer(plan, data).Compute(job.AsOf, job.Budget, CancellationToken.None);
            }, Drop);
            foreach (FeatureSnapshot snapshot in snapshots)
                FeatureDigest.Add(snapshot.Matrix, measures);
            measures.Texts["version"] = SourceTree.Commit;
            return measures;
        }
        finally
        {
            Drop();
        }

        void Drop()
        {
            foreach (FeatureSnapshot snapshot in snapshots)
                snapshot.Dispose();
            snapshots = [];
        }
    }

    // From files: load and compute once, cold, as a job does. From memory: loaded and run once before, then the median of three; of one, when that took long.
    private static PeerMeasures Measure(FeaturizeJob job, Action load, Action compute, Action drop)
    {
        bool once = job.FromFiles;
        if (!job.FromFiles)
        {
            load();
            long warmUp = Stopwatch.GetTimestamp();
            compute();
            once = Stopwatch.GetElapsedTime(warmUp).TotalSeconds > LongPass;
            drop();
        }
        ResidentMemory.ResetPeak();
        long before = ResidentMemory.CurrentBytes;
        var seconds = new List<double>();
        for (int pass = 0; pass < (once ? 1 : 3); pass++)
        {
            drop();
            long start = Stopwatch.GetTimestamp();
            if (job.FromFiles)
                load();
            compute();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return new PeerMeasures { Numbers = { ["total"] = Sample.Median(seconds), ["memory"] = ResidentMemory.PeakAbove(before) } };
    }

    private static string Columns(FeaturePlan plan, PlanTable table)
    {
        IEnumerable<string?> named = [table.Key, table.Time, table.ValidFrom, table.Known, table.Kind];
        IEnumerable<string> read = plan.Definitions.Where(feature => feature.Table == table.Name).SelectMany(feature => feature.Where.Conditions.OfType<NumericCondition>().Select(condition => condition.Column).Append(feature.Column));
        return string.Join(", ", named.Concat(read).Where(name => !string.IsNullOrEmpty(name)).Distinct().Select(name => WhereClause.Quote(name!)));
    }
}
