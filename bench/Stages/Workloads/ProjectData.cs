using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench;

/// <summary>A project with its tables in memory, and the training rows that `churn train` would make of them.</summary>
internal sealed class ProjectData : IDisposable
{
    private const int RolesAfterTraining = 3;
    private readonly IngestSession _session;

    /// <summary>Reads and groups all tables.</summary>
    public ProjectData(ProjectConfig project, JobBudget budget)
    {
        Project = project;
        _session = new IngestSession(new IngestOptions { Budget = budget, BadShareLimit = project.Ingest.BadShareLimit });
        Data = CustomerData.Load(project.Plan, _session, budget, null, CancellationToken.None);
    }

    public ProjectConfig Project { get; }

    public CustomerData Data { get; }

    /// <summary>Writes Parquet.</summary>
    public IBatchSink OpenParquet(string path, Schema schema) => _session.OpenParquet(path, schema);

    /// <summary>Features and labels of the training snapshots and the three after them.</summary>
    public TrainingSet TrainingSet(StageOptions options)
    {
        int wanted = options.Snapshots + RolesAfterTraining;
        IReadOnlyList<long> usable = SnapshotCalendar.Propose(Data).Usable;
        if (usable.Count < wanted)
            throw new BenchException($"{options.Snapshots} snapshots to train on and {RolesAfterTraining} more cannot be had from {options.Months} months: there are {usable.Count} in all", "raise --months or lower --snapshots");
        long[] asOf = [.. usable.TakeLast(wanted)];
        return Features.TrainingSet.Build(Project.Plan, Data, new TrainingSetOptions { AsOf = asOf, FreezeThrough = asOf[options.Snapshots - 1], Budget = options.Budget }, CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Data.Dispose();
        _session.Dispose();
    }
}
