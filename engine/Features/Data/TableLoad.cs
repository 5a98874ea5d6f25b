using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Loads one table: the caller reads its batches, as many loaders as there are threads turn them into runs.</summary>
/// <remarks>Which loader takes which batch is chance. It shows in nothing: runs are grouped by customer and sorted by all that a row holds, codes are
/// made common by the order of what they stand for, and of several errors the one of the earliest batch is thrown.</remarks>
internal sealed class TableLoad : IDisposable
{
    // DuckDB hands over 2,048 rows at a time: too few to wake a thread for.
    private const int RowsAHand = 1 << 15;
    private readonly ConcurrentBag<TableRun> _runs = [];
    private readonly ConcurrentBag<TableRun> _labelRuns = [];
    private readonly List<RowLoader> _loaders = [];

    /// <param name="layout">What the plan asks of the table.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="keyType">Type of the customers' keys.</param>
    /// <param name="extractAt">Instant of the extract.</param>
    /// <param name="room">Memory for the rows.</param>
    public TableLoad(TableLayout layout, TableColumns columns, ColumnType keyType, long extractAt, RowRoom room)
    {
        (Layout, Columns, KeyType, ExtractAt, Room) = (layout, columns, keyType, extractAt, room);
        Shape = new StoreShape(layout, columns.KnownIndex >= 0);
        LabelShape = new StoreShape(null, columns.KnownIndex >= 0);
    }

    public TableLayout Layout { get; }
    public TableColumns Columns { get; }
    public ColumnType KeyType { get; }
    public long ExtractAt { get; }
    public RowRoom Room { get; }
    public StoreShape Shape { get; }
    public StoreShape LabelShape { get; }
    public long RowsRead { get; private set; }

    /// <summary>True when rows were left out on purpose.</summary>
    public bool IsCut { get; init; }

    /// <summary>True when the rows are a few of a table's.</summary>
    public bool IsPart { get; init; }

    /// <summary>The loaders; a run's number says which one made it.</summary>
    public IReadOnlyList<RowLoader> Loaders => _loaders;

    /// <summary>Takes the rows over, and those that mean churn; the caller disposes them.</summary>
    public (BucketedRows Rows, BucketedRows Labels) TakeRows()
    {
        var taken = (new BucketedRows(Shape, [.. _runs]), new BucketedRows(LabelShape, [.. _labelRuns]));
        _runs.Clear();
        _labelRuns.Clear();
        return taken;
    }

    /// <summary>Loads every batch.</summary>
    /// <param name="batches">Read on the calling thread; disposed here when they are ours.</param>
    /// <param name="threads">Loaders at work.</param>
    /// <param name="progress">Called now and then with the rows read so far.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public void Run((IEnumerable<RecordBatch> All, bool AreOurs) batches, int threads, Action<long> progress, CancellationToken cancellation)
    {
        if (threads == 1)
        {
            RunAlone(batches, progress, cancellation);
            return;
        }
        using var hands = new BlockingCollection<Hand>(2 * threads);
        var failure = new FirstFailure();
        RowLoader[] loaders = [.. Enumerable.Range(0, threads).Select(NewLoader)];
        Task[] workers = [.. loaders.Select(loader => Task.Factory.StartNew(() => Work(loader, hands, failure), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        ExceptionDispatchInfo? unread = null;
        try
        {
            Read(batches, hands, failure, progress, cancellation);
        }
        catch (Exception error)
        {
            unread = ExceptionDispatchInfo.Capture(error);
        }
        hands.CompleteAdding();
        Task.WaitAll(workers, CancellationToken.None);
        // What a loader stumbled over came before what could not be read.
        failure.Throw();
        unread?.Throw();
    }

    public void Dispose()
    {
        foreach (RowLoader loader in _loaders)
            loader.Dispose();
        foreach (TableRun run in _runs.Concat(_labelRuns))
            run.Dispose();
    }

    private RowLoader NewLoader(int number)
    {
        var loader = new RowLoader(this, number, run => Keep(run, _runs), run => Keep(run, _labelRuns));
        _loaders.Add(loader);
        return loader;
    }

    private void Keep(TableRun run, ConcurrentBag<TableRun> runs)
    {
        runs.Add(run);
        Room.Settle(run);
    }

    private void RunAlone((IEnumerable<RecordBatch> All, bool AreOurs) batches, Action<long> progress, CancellationToken cancellation)
    {
        RowLoader loader = NewLoader(0);
        long sequence = 0;
        foreach (RecordBatch batch in batches.All)
        {
            using (batches.AreOurs ? batch : null)
                loader.Append(batch, sequence++);
            RowsRead += batch.Length;
            cancellation.ThrowIfCancellationRequested();
            progress(RowsRead);
        }
        loader.Finish();
    }

    private void Read((IEnumerable<RecordBatch> All, bool AreOurs) batches, BlockingCollection<Hand> hands, FirstFailure failure, Action<long> progress, CancellationToken cancellation)
    {
        var hand = new Hand(0, batches.AreOurs);
        try
        {
            long sequence = 0;
            foreach (RecordBatch batch in batches.All)
            {
                hand.Batches.Add(batch);
                RowsRead += batch.Length;
                sequence++;
                cancellation.ThrowIfCancellationRequested();
                if (failure.IsSet)
                    return;
                if ((hand.Rows += batch.Length) < RowsAHand)
                    continue;
                hands.Add(hand, cancellation);
                hand = new Hand(sequence, batches.AreOurs);
                progress(RowsRead);
            }
            hands.Add(hand, cancellation);
            hand = new Hand(sequence, batches.AreOurs);
            progress(RowsRead);
        }
        catch when (!cancellation.IsCancellationRequested)
        {
            hands.Add(hand, cancellation);
            hand = new Hand(long.MaxValue, batches.AreOurs);
            throw;
        }
        finally
        {
            hand.Drop();
        }
    }

    // Goes on after a failure elsewhere with what came before it, so that the earliest failure is the one found.
    private static void Work(RowLoader loader, BlockingCollection<Hand> hands, FirstFailure failure)
    {
        foreach (Hand hand in hands.GetConsumingEnumerable())
        {
            long sequence = hand.Sequence;
            try
            {
                foreach (RecordBatch batch in failure.IsBefore(sequence) ? [] : hand.Batches)
                    loader.Append(batch, sequence++);
            }
            catch (Exception error)
            {
                failure.Set(sequence, error);
            }
            hand.Drop();
        }
        try
        {
            if (!failure.IsSet)
                loader.Finish();
        }
        catch (Exception error)
        {
            failure.Set(long.MaxValue - 1, error);
        }
    }

    /// <summary>Batches handed to a loader at once.</summary>
    private sealed class Hand(long sequence, bool areOurs)
    {
        public long Sequence { get; } = sequence;
        public List<RecordBatch> Batches { get; } = [];
        public int Rows { get; set; }

        public void Drop()
        {
            if (areOurs)
                Batches.ForEach(batch => batch.Dispose());
            Batches.Clear();
        }
    }

    private sealed class FirstFailure
    {
        private readonly Lock _lock = new();
        private long _sequence = long.MaxValue;
        private ExceptionDispatchInfo? _error;

        public bool IsSet => Volatile.Read(ref _error) is not null;

        public bool IsBefore(long sequence) => Volatile.Read(ref _sequence) < sequence;

        public void Set(long sequence, Exception error)
        {
            lock (_lock)
            {
                if (sequence >= _sequence)
                    return;
                Volatile.Write(ref _sequence, sequence);
                Volatile.Write(ref _error, ExceptionDispatchInfo.Capture(error));
            }
        }

        public void Throw() => _error?.Throw();
    }
}
