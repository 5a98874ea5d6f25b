namespace ChurnEngine.Trainer;

/// <summary>Runs independent items of work on a fixed number of threads.</summary>
/// <remarks>Which thread takes which item is left open, so items must write to places of their own, and their number must not depend on the threads.</remarks>
internal sealed class WorkTeam(int threads, CancellationToken cancellation)
{
    /// <summary>Rows of a chunk: large enough to hide the hand-over, small enough for the second-level cache.</summary>
    public const int ChunkRows = 16_384;

    // Handing items to other threads costs some ten microseconds; below this much work (about one nanosecond a unit) it does not pay.
    private const long SerialBelow = 32_768;

    private readonly ParallelOptions _options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };

    /// <summary>Threads at most.</summary>
    public int Threads => threads;

    /// <summary>Calls <paramref name="body"/> once for each of 0..items-1.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="work">Size of all of them together, in units of about one nanosecond.</param>
    /// <param name="body">What to do with an item.</param>
    /// <remarks>Errors: <see cref="OperationCanceledException"/>.</remarks>
    public void Run(int items, long work, Action<int> body)
    {
        if (_options.MaxDegreeOfParallelism > 1 && items > 1 && work >= SerialBelow)
        {
            Parallel.For(0, items, _options, body);
            return;
        }
        for (int item = 0; item < items; item++)
        {
            cancellation.ThrowIfCancellationRequested();
            body(item);
        }
    }

    /// <summary>Calls <paramref name="body"/> with (chunk, first row, rows) for each fixed chunk of <paramref name="rows"/> rows.</summary>
    public void RunChunks(int rows, Action<int, int, int> body) =>
        Run(ChunkCount(rows), rows, chunk => body(chunk, chunk * ChunkRows, Math.Min(ChunkRows, rows - chunk * ChunkRows)));

    /// <summary>Chunks that <see cref="RunChunks"/> makes of so many rows.</summary>
    public static int ChunkCount(int rows) => (int)(((long)rows + ChunkRows - 1) / ChunkRows);
}
