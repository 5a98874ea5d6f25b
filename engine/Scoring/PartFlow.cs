using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>Computes partitions on the threads of the budget and writes their parts on as many others, so that no core waits for the disk while there is something to compute.</summary>
/// <remarks>Memory: the partitions in flight, at most three a thread: one computed, one waiting, one written. The order of the parts decides nothing in them.</remarks>
internal sealed class PartFlow(JobBudget budget, CancellationToken cancellation)
{
    private readonly JobClock _clock = new();

    /// <summary>Where the time went so far.</summary>
    public JobProfile Profile => _clock.Read(budget.Threads);

    /// <summary>Runs all partitions through; returns when every part is written.</summary>
    /// <param name="partitions">Which.</param>
    /// <param name="load">Reads and featurizes one.</param>
    /// <param name="score">Makes its batch, null where there is nothing to write; disposes nothing.</param>
    /// <param name="write">Writes its part; gets what <paramref name="score"/> made, which is disposed after it.</param>
    public void Run(IReadOnlyList<int> partitions, Func<int, ScoringPartition> load, Func<int, ScoringPartition, ScoredPart> score, Action<ScoredPart> write)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var waiting = new BlockingCollection<ScoredPart>(budget.Threads);
        var writers = new Task[Math.Min(budget.Threads, Math.Max(1, partitions.Count))];
        for (int i = 0; i < writers.Length; i++)
            writers[i] = Task.Factory.StartNew(() => WriteAll(waiting, write, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        ExceptionDispatchInfo? failure = null;
        try
        {
            Parallel.ForEach(Partitioner.Create(partitions, EnumerablePartitionerOptions.NoBuffering), budget.ParallelOptions(stop.Token), partition => Compute(partition, load, score, waiting, stop.Token));
        }
        catch (Exception thrown)
        {
            failure = ExceptionDispatchInfo.Capture(thrown);
        }
        waiting.CompleteAdding();
        try
        {
            Task.WaitAll(writers);
        }
        catch (AggregateException thrown)
        {
            // The computing threads were only told to stop; why is what the writer knows.
            failure = ExceptionDispatchInfo.Capture(thrown.InnerExceptions[0]);
        }
        foreach (ScoredPart left in waiting)
            left.Dispose();
        failure?.Throw();
    }

    private void Compute(int partition, Func<int, ScoringPartition> load, Func<int, ScoringPartition, ScoredPart> score, BlockingCollection<ScoredPart> waiting, CancellationToken stopped)
    {
        long now = Stopwatch.GetTimestamp();
        ScoredPart part;
        using (ScoringPartition rows = load(partition))
        {
            now = _clock.Book(JobActivity.Featurize, now);
            part = score(partition, rows);
            _clock.Book(JobActivity.Score, now);
        }
        try
        {
            waiting.Add(part, stopped);
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    private void WriteAll(BlockingCollection<ScoredPart> waiting, Action<ScoredPart> write, CancellationTokenSource stop)
    {
        try
        {
            foreach (ScoredPart part in waiting.GetConsumingEnumerable(CancellationToken.None))
            {
                using (part)
                {
                    // What is computed is kept when the job is stopped by its user, not when another part cannot be written.
                    if (stop.IsCancellationRequested && !cancellation.IsCancellationRequested)
                        continue;
                    long now = Stopwatch.GetTimestamp();
                    write(part);
                    _clock.Book(JobActivity.Write, now);
                }
            }
        }
        catch
        {
            stop.Cancel();
            // So that a computing thread which waits for room meets the stop, and what is there is disposed.
            throw;
        }
    }
}
