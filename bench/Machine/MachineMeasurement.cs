using System.Diagnostics;

namespace ChurnEngine.Bench;

/// <summary>Measures what this machine can do: every operation, at every level of its memory, on one core and on all.</summary>
internal static class MachineMeasurement
{
    private const int Repeats = 11;
    private const double SecondsEach = 0.006;
    public static readonly string[] Operations = [MachineLimit.Read, MachineLimit.Copy, MachineLimit.RandomRead, MachineLimit.ChainedRead, MachineLimit.ScatterAdd];
    public static readonly string[] Levels = [MachineLimit.L1, MachineLimit.L2, MachineLimit.L3, MachineLimit.Dram];

    /// <summary>Measures everything; some seconds.</summary>
    public static SuiteRun Run(CancellationToken cancellation)
    {
        SuiteRun run = SuiteRun.Start("machine");
        CacheSizes caches = CacheSizes.Read();
        var entries = new List<ResultEntry>();
        foreach (int threads in Environment.ProcessorCount > 1 ? new[] { 1, Environment.ProcessorCount } : [1])
        {
            foreach (string level in Levels)
            {
                cancellation.ThrowIfCancellationRequested();
                entries.AddRange(Level(level, threads, caches.WorkingSet(level, threads)));
            }
        }
        return run with { Entries = entries };
    }

    // Each thread has a working set of its own; all start an operation together, and the slowest decides.
    private static IEnumerable<ResultEntry> Level(string level, int threads, long bytes)
    {
        double[,,] rates = new double[Operations.Length, Repeats, threads];
        using var together = new Barrier(threads);
        var workers = new Thread[threads];
        for (int t = 0; t < threads; t++)
        {
            int thread = t;
            workers[t] = new Thread(() => Measure(new MemoryProbe(level, bytes), together, (operation, repeat, rate) => rates[operation, repeat, thread] = rate));
            workers[t].Start();
        }
        foreach (Thread worker in workers)
            worker.Join();
        for (int operation = 0; operation < Operations.Length; operation++)
        {
            double[] sums = [.. Enumerable.Range(0, Repeats).Select(repeat => Enumerable.Range(0, threads).Sum(thread => rates[operation, repeat, thread]))];
            string name = MachineLimit.Of(Operations[operation], level, threads > 1);
            yield return Entry(name, level, (threads, bytes), sums);
        }
    }

    private static void Measure(MemoryProbe probe, Barrier together, Action<int, int, double> note)
    {
        using (probe)
        {
            for (int operation = 0; operation < Operations.Length; operation++)
            {
                string name = Operations[operation];
                if (name == MachineLimit.ChainedRead)
                    probe.LinkLines();
                probe.Run(name);
                for (int repeat = 0; repeat < Repeats; repeat++)
                {
                    together.SignalAndWait();
                    double done = 0;
                    long started = Stopwatch.GetTimestamp();
                    double seconds;
                    do
                    {
                        done += probe.Run(name);
                        seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                    }
                    while (seconds < SecondsEach);
                    note(operation, repeat, done / seconds);
                }
            }
        }
    }

    // The best of the repeats: other work can only hide what the machine can do.
    private static ResultEntry Entry(string name, string level, (int Threads, long Bytes) size, double[] rates)
    {
        double scale = MachineLimit.IsInBytes(name) ? 1e9 : 1e6;
        return new ResultEntry
        {
            Name = name,
            Parameters = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["level"] = level, ["threads"] = $"{size.Threads}", ["bytes_a_thread"] = $"{size.Bytes}" },
            Unit = MachineLimit.IsInBytes(name) ? "GB/s" : "M/s",
            Value = Math.Round(rates.Max() / scale, 3),
            Interval = new Interval(Math.Round(rates.Min() / scale, 3), Math.Round(rates.Max() / scale, 3)),
        };
    }
}
