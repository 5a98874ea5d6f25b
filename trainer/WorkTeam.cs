using System.Runtime.ExceptionServices;

namespace ChurnEngine.Trainer;

/// <summary>Runs independent items of work on a fixed number of threads: the caller's, and helpers that are started when first needed.</summary>
/// <remarks>
/// Which thread takes which item is left open, so items must write to places of their own, and their number must not depend on the threads where a result could.
/// A tree asks for a hundred such runs of some microseconds each, so a helper spins for a moment before it sleeps; it never spins for longer, and a helper that is late is not
/// waited for, since the caller takes the items itself: neighbours on the machine neither suffer nor stop us.
/// </remarks>
internal sealed class WorkTeam(int threads, CancellationToken cancellation) : IDisposable
{
    /// <summary>Rows of a chunk: large enough to hide the hand-over, small enough for the second-level cache.</summary>
    public const int ChunkRows = 16_384;

    // Handing items to a helper that is awake costs about a microsecond; below this much work (about one nanosecond a unit) it does not pay.
    private const long SerialBelow = 8_192;

    private readonly object _gate = new();
    private Shift? _shift;
    private int _started;
    private int _asleep;
    private bool _closed;

    /// <summary>Threads at most.</summary>
    public int Threads => threads;

    /// <summary>Calls <paramref name="body"/> once for each of 0..items-1.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="work">Size of all of them together, in units of about one nanosecond.</param>
    /// <param name="body">What to do with an item.</param>
    /// <remarks>Errors: <see cref="OperationCanceledException"/>, and whatever an item threw first.</remarks>
    public void Run(int items, long work, Action<int> body)
    {
        if (threads > 1 && items > 1 && work >= SerialBelow)
        {
            var shift = new Shift(items, body, cancellation);
            Post(shift);
            shift.Work();
            shift.Wait();
            // Nothing of a finished shift is kept alive.
            Interlocked.CompareExchange(ref _shift, null, shift);
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

    /// <summary>Sends the helpers home.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Post(Shift shift)
    {
        for (; _started < Math.Min(threads, shift.Items) - 1; _started++)
            new Thread(Help) { IsBackground = true, Name = "trainer" }.Start();
        Volatile.Write(ref _shift, shift);
        // The shift must be seen before the question who sleeps is asked: a helper asks the other way round.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _asleep) > 0)
        {
            lock (_gate)
                Monitor.PulseAll(_gate);
        }
    }

    private void Help()
    {
        Shift? last = null;
        while (Next(last) is { } shift)
        {
            shift.Work();
            last = shift;
        }
    }

    // Some thirty microseconds awake, which bridges the serial steps of a small node, then asleep.
    private Shift? Next(Shift? last)
    {
        const int Spins = 100, Pauses = 8;
        for (int spin = 0; spin < Spins; spin++)
        {
            if (Volatile.Read(ref _shift) is { } shift && shift != last)
                return shift;
            Thread.SpinWait(Pauses);
        }
        lock (_gate)
        {
            Interlocked.Increment(ref _asleep);
            while (!_closed && (Volatile.Read(ref _shift) is not { } shift || shift == last))
                Monitor.Wait(_gate);
            Interlocked.Decrement(ref _asleep);
            return _closed ? null : Volatile.Read(ref _shift);
        }
    }

    /// <summary>One run: its items, who has taken how many, and what went wrong.</summary>
    private sealed class Shift(int items, Action<int> body, CancellationToken cancellation)
    {
        private readonly object _gate = new();
        private int _next;
        private int _done;
        private Exception? _failure;

        public int Items => items;

        /// <summary>Takes items until none is left.</summary>
        public void Work()
        {
            int taken = 0;
            for (; Interlocked.Increment(ref _next) - 1 is var item && item < items; taken++)
            {
                if (_failure is not null || cancellation.IsCancellationRequested)
                    continue;
                try
                {
                    body(item);
                }
                catch (Exception failure)
                {
                    Interlocked.CompareExchange(ref _failure, failure, null);
                }
            }
            if (taken > 0 && Interlocked.Add(ref _done, taken) == items)
            {
                lock (_gate)
                    Monitor.PulseAll(_gate);
            }
        }

        /// <summary>Returns when every item is done.</summary>
        public void Wait()
        {
            const int Spins = 200, Pauses = 8;
            for (int spin = 0; Volatile.Read(ref _done) < items && spin < Spins; spin++)
                Thread.SpinWait(Pauses);
            if (Volatile.Read(ref _done) < items)
            {
                lock (_gate)
                {
                    while (_done < items)
                        Monitor.Wait(_gate);
                }
            }
            if (_failure is not null)
                ExceptionDispatchInfo.Throw(_failure);
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
