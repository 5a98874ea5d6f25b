using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Finds the customers of all tables, puts them in order, and groups the rows of each block.</summary>
internal sealed class CustomerGrouping
{
    private readonly IReadOnlyList<TableRows> _tables;
    private readonly BucketedRows? _labels;
    private readonly RowRoom _room;
    private readonly ParallelOptions _parallel;
    private readonly int _signups;
    private readonly int _labelTable;
    private readonly Strangers[] _strangers;

    /// <param name="tables">One a table of the plan, in its order.</param>
    /// <param name="labels">Rows that mean churn; null when the label knows none.</param>
    /// <param name="names">Sorts and hashes the codes of customers.</param>
    /// <param name="maps">[table][loader] codes of the loader to common ones; empty for whole numbers.</param>
    /// <param name="room">Where rows go when memory is full.</param>
    /// <param name="parallel">Threads.</param>
    public CustomerGrouping(IReadOnlyList<TableRows> tables, BucketedRows? labels, CustomerNames names, long[][][] maps, RowRoom room, ParallelOptions parallel)
    {
        (_tables, _labels, _room, _parallel) = (tables, labels, room, parallel);
        _signups = tables.ToList().FindIndex(table => table.Layout.IsSignup);
        _labelTable = tables.ToList().FindIndex(table => table.Layout.HasLabelEvents);
        _strangers = [.. tables.Select(_ => new Strangers())];
        var customers = new Int64Index[BucketBounds.Count];
        try
        {
            ParallelWork.For(customers.Length, parallel, bucket => customers[bucket] = Number(bucket, maps));
            foreach (TableRows table in tables)
                table.Rows.DropCodes();
            labels?.DropCodes();
            Order = CustomerOrder.Create(customers, names, parallel);
        }
        finally
        {
            foreach (Int64Index? bucket in customers)
                bucket?.Dispose();
        }
    }

    /// <summary>The customers in their final order; the caller disposes it.</summary>
    public CustomerOrder Order { get; }

    /// <summary>Rows of customers that the sign-up table does not know, by table; nothing when no table says who signed up.</summary>
    public Strangers StrangersOf(int table) => _strangers[table];

    /// <summary>Groups every block, and gives the memory of the runs back on the way.</summary>
    /// <param name="progress">Rows grouped so far, under step "group by customer"; may be null.</param>
    public CustomerBlock[] Group(IProgress<StepProgress>? progress)
    {
        long rows = _tables.Sum(table => table.Rows.Count), done = 0;
        var blocks = new CustomerBlock[Order.BlockCount];
        try
        {
            ParallelWork.For(blocks.Length, _parallel, block =>
            {
                blocks[block] = Group(block);
                int firstBucket = block * Order.BucketsPerBlock, endBucket = firstBucket + Order.BucketsPerBlock;
                foreach (TableRows table in _tables)
                    table.Rows.Discard(firstBucket, endBucket);
                _labels?.Discard(firstBucket, endBucket);
                _room.Settle(blocks[block]);
                progress?.Report(new StepProgress("group by customer", Interlocked.Add(ref done, blocks[block].RowCount), rows));
            });
            return blocks;
        }
        catch
        {
            foreach (CustomerBlock? block in blocks)
                block?.Dispose();
            throw;
        }
    }

    private CustomerBlock Group(int block)
    {
        var stores = new TableStore[_tables.Count];
        TableStore? labels = null;
        try
        {
            for (int table = 0; table < stores.Length; table++)
                stores[table] = RowGrouping.Group(_tables[table].Rows, Order, block, _tables[table].Layout.Table.Name);
            labels = _labels is null ? null : RowGrouping.Group(_labels, Order, block, "label");
            return new CustomerBlock(stores, labels);
        }
        catch
        {
            foreach (TableStore? store in stores)
                store?.Dispose();
            labels?.Dispose();
            throw;
        }
    }

    // Numbers the customers of a bucket in order of appearance, those of the sign-up table first.
    private Int64Index Number(int bucket, long[][][] maps)
    {
        var customers = new Int64Index();
        int signedUp = int.MaxValue;
        if (_signups >= 0)
        {
            Number(_tables[_signups].Rows, _signups);
            signedUp = customers.Count;
        }
        for (int table = 0; table < _tables.Count; table++)
        {
            if (table == _signups)
                continue;
            Number(_tables[table].Rows, table);
            if (_signups >= 0)
                _strangers[table].Note(_tables[table].Rows, bucket, signedUp);
        }
        if (_labels is not null)
            Number(_labels, _labelTable);
        return customers;

        void Number(BucketedRows rows, int table) => rows.Number(bucket, maps[table], customers, _room, _tables[table].Layout.Table.Name);
    }
}

/// <summary>Rows of customers who never signed up.</summary>
internal sealed class Strangers
{
    private readonly Lock _lock = new();
    private readonly List<(int Bucket, int Id)> _customers = [];

    /// <summary>Rows of the table.</summary>
    public long Rows { get; private set; }

    /// <summary>Those of strangers.</summary>
    public long StrangeRows { get; private set; }

    public int Customers => _customers.Count;

    /// <summary>The first of them in the order of customers.</summary>
    public int First(CustomerOrder order) => _customers.Min(stranger => order.RanksOf(stranger.Bucket)[stranger.Id]);

    /// <summary>Counts the rows of a bucket whose customer's number is <paramref name="signedUp"/> or above.</summary>
    public void Note(BucketedRows rows, int bucket, int signedUp)
    {
        int count = (int)rows.CountOf(bucket, bucket + 1), strange = 0;
        int[] ids = ArrayPool<int>.Shared.Rent(count);
        rows.CopyIds(bucket, ids.AsSpan(0, count));
        var strangers = new HashSet<int>();
        foreach (int id in ids.AsSpan(0, count))
        {
            if (id < signedUp)
                continue;
            strange++;
            strangers.Add(id);
        }
        ArrayPool<int>.Shared.Return(ids);
        lock (_lock)
        {
            Rows += count;
            StrangeRows += strange;
            _customers.AddRange(strangers.Select(id => (bucket, id)));
        }
    }
}
