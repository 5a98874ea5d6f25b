using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>A generated world: customers, what they did over many months, and the truth about who was how likely to leave.</summary>
/// <remarks>Churn is drawn at each month's start t with p = sigmoid(f(history before t)), so the best reachable AUC and log-loss are known.
/// Memory: bounded by the chunks in flight, two a thread, of about 10 MB (the music log: 30 MB with what its pool keeps), and what the sinks keep.</remarks>
public static class World
{
    /// <summary>Writes the tables of the scenario, the truth below <c>truth/</c> and, last of all, churn.yaml.</summary>
    /// <param name="options">What world; equal options give equal bytes, whatever the number of threads.</param>
    /// <param name="directory">Folder to fill; made when absent, and refused when it holds anything.</param>
    /// <param name="openSink">Opens the Parquet files; up to eight are open at once, written from the calling thread.</param>
    /// <param name="progress">Told of customers done; may be null.</param>
    /// <param name="cancellation">Stops the work; what was written is deleted.</param>
    /// <returns>How much of everything was generated.</returns>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1801 to CE1811; what the sinks throw. After any of them the folder is as it was.</remarks>
    public static WorldReport Generate(
        WorldOptions options, string directory, OpenBatchSink openSink, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(openSink);
        options.Validate();
        IWorld world = Scenario.Of(options.Scenario)!.Open(options);
        using var folder = WorldFolder.Open(directory, world.Files);
        using var writer = new WorldWriter(world.Files, folder.PathOf, openSink);
        foreach (WorldChunk chunk in ChunksInOrder(options, world, cancellation))
        {
            using (chunk)
                writer.Write(chunk);
            progress?.Report(new StepProgress("generate", writer.Report.Customers, options.Customers));
        }
        writer.Complete();
        AtomicFile.WriteText(folder.PathOf(WorldFolder.ProjectFileName), world.ProjectText());
        folder.Publish();
        return writer.Report;
    }

    // Chunks are made on all threads and handed out in order; at most two a thread are alive.
    private static IEnumerable<WorldChunk> ChunksInOrder(WorldOptions options, IWorld world, CancellationToken cancellation)
    {
        int threads = options.Budget.Threads;
        TaskScheduler scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, threads).ConcurrentScheduler;
        var ahead = new Queue<Task<WorldChunk>>();
        int next = 0;
        try
        {
            while (next < options.Customers || ahead.Count > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                while (next < options.Customers && ahead.Count < 2 * threads)
                {
                    int first = next;
                    int end = Math.Min(options.Customers, first + world.CustomersPerChunk);
                    ahead.Enqueue(Task.Factory.StartNew(() => world.Generate(first, end), cancellation, TaskCreationOptions.None, scheduler));
                    next = end;
                }
                yield return ahead.Dequeue().GetAwaiter().GetResult();
            }
        }
        finally
        {
            // Only after a failure or a cancellation is there anything left.
            foreach (Task<WorldChunk> task in ahead)
            {
                Task.WaitAny([task], CancellationToken.None);
                if (task.IsCompletedSuccessfully)
                    task.Result.Dispose();
            }
        }
    }
}
