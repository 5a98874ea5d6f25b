namespace ChurnEngine.Bench;

/// <summary>A stage that is prepared and warm, and runs a timed round whenever asked.</summary>
internal sealed class StageSession : IDisposable
{
    private readonly StageOptions _options;
    private readonly StageCache _cache;
    private readonly StageWorkload _workload;
    private readonly List<StageRound> _rounds = [];
    private readonly long _residentBefore;

    public StageSession(StageOptions options)
    {
        _options = options;
        Directory.CreateDirectory(options.Cache);
        _cache = new StageCache(options);
        _workload = StageCatalog.Find(options.Stage).Open(options, _cache);
        try
        {
            _workload.Prepare();
            for (int warmUp = 0; warmUp < options.WarmUps; warmUp++)
                RunRound();
        }
        catch
        {
            _workload.Dispose();
            throw;
        }
        _rounds.Clear();
        ResidentMemory.ResetPeak();
        _residentBefore = ResidentMemory.CurrentBytes;
    }

    public StageRound RunRound()
    {
        _workload.Reset();
        // Garbage of the last round is its own, not this one's.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        double started = _workload.Clock;
        long rows = _workload.Run();
        double seconds = _workload.Clock - started;
        var round = new StageRound(seconds, GC.GetTotalAllocatedBytes(precise: true) - allocated, rows);
        _rounds.Add(round);
        return round;
    }

    public StageOutcome Summarize()
    {
        LimitedWork work = _workload.Work(_rounds[^1].Rows);
        return new StageOutcome
        {
            Stage = _options.Stage,
            Commit = SourceTree.Commit,
            Customers = _options.Customers,
            Months = _options.Months,
            Threads = _options.Threads,
            Features = _cache.FeatureCount,
            Trees = _options.Trees,
            Snapshots = _options.Snapshots,
            RowUnit = _workload.RowUnit,
            Rows = _rounds[^1].Rows,
            Seconds = [.. _rounds.Select(round => round.Seconds)],
            AllocatedBytes = (long)Sample.Median([.. _rounds.Select(round => (double)round.AllocatedBytes)]),
            PeakMemoryBytes = ResidentMemory.PeakBytes,
            ResidentBeforeBytes = _residentBefore,
            Limit = work.Limit,
            LimitUnits = work.Units,
        };
    }

    public void Dispose() => _workload.Dispose();
}
