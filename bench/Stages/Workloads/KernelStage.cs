namespace ChurnEngine.Bench;

/// <summary>All fast forms of one kernel at all its settings, so often that a round takes some tens of milliseconds: lets the guard compare a kernel across commits.</summary>
internal sealed class KernelStage(StageOptions options, StageCache cache, Type benchmark) : StageWorkload(options, cache)
{
    /// <summary>Prefix of such a stage's name.</summary>
    public const string Prefix = "kernel:";

    // The same for every build, or two builds would not do the same work.
    private const int RowsEach = 1 << 24;
    private readonly List<(IKernelBenchmark Benchmark, Action Call, int Calls)> _cases = [];

    public override string RowUnit => "rows";

    // A kernel is one thread's work.
    public override double Clock => ThreadClock.Seconds;

    public static IReadOnlyList<string> Names { get; } = [.. KernelCase.All.Select(one => Prefix + KernelCase.KernelOf(one.Benchmark)).Distinct()];

    public static StageWorkload Open(string name, StageOptions options, StageCache cache) =>
        KernelCase.All.FirstOrDefault(one => Prefix + KernelCase.KernelOf(one.Benchmark) == name) is { } found ? new KernelStage(options, cache, found.Benchmark)
        : throw new BenchException($"there is no kernel '{name[Prefix.Length..]}'", $"the kernels are {string.Join(", ", Names.Select(known => known[Prefix.Length..]))}");

    public override void Prepare()
    {
        foreach (KernelCase one in KernelCase.All.Where(one => one.Benchmark == benchmark))
        {
            IKernelBenchmark opened = one.Open();
            _cases.Add((opened, KernelTimer.Bind(opened, one.Fast), Math.Max(1, RowsEach / opened.RowsPerCall)));
        }
    }

    public override long Run()
    {
        long rows = 0;
        foreach ((IKernelBenchmark opened, Action call, int calls) in _cases)
        {
            for (int i = 0; i < calls; i++)
                call();
            rows += (long)calls * opened.RowsPerCall;
        }
        return rows;
    }

    public override LimitedWork Work(long rows)
    {
        LimitedWork perRow = _cases[0].Benchmark.WorkPerRow;
        return perRow with { Units = perRow.Units * rows };
    }

    public override void Dispose()
    {
        foreach ((IKernelBenchmark opened, _, _) in _cases)
            (opened as IDisposable)?.Dispose();
        base.Dispose();
    }
}
