namespace ChurnEngine.Features;

/// <summary>Finds the customers of all tables, puts them in order, and groups the rows of each block.</summary>
internal sealed class CustomerGrouping
{
    private readonly IReadOnlyList<TableRows> _tables;
    private readonly IReadOnlyList<TableRun> _labelRuns;
    private readonly StoreShape? _labelShape;
    private readonly ParallelOptions _parallel;
    private readonly int _signups;
    private readonly Strangers[] _strangers;

    /// <param name="tables">One a table of the plan, in its order.</param>
    /// <param name="labels">Rows that mean churn, and their columns; null when the label knows none.</param>
    /// <param name="names">Sorts and hashes the codes of customers.</param>
    /// <param name="maps">[table][loader] codes of the loader to common ones; empty for whole numbers.</param>
    /// <param name="parallel">Threads.</param>
    public CustomerGrouping(IReadOnlyList<TableRows> tables, (IReadOnlyList<TableRun> Runs, StoreShape Shape)? labels, CustomerNames names, long[][][] maps, ParallelOptions parallel)
    {
        (_tables, _labelRuns, _labelShape, _parallel) = (tables, labels?.Runs ?? [], labels?.Shape, parallel);
        _signups = tables.ToList().FindIndex(table => table.Layout.IsSignup);
        _strangers = [.. tables.Select(_ => new Strangers())];
        var customers = new Int64Index[BucketBounds.Count];
        try
        {
            foreach (TableRun run in tables.SelectMany(table => table.Runs).Concat(_labelRuns))
                run.MakeIds();
            ParallelWork.For(customers.Length, parallel, bucket => customers[bucket] = Number(bucket, maps, labels is null ? -1 : LabelTable()));
            foreach (TableRun run in tables.SelectMany(table => table.Runs).Concat(_labelRuns))
                run.DropCodes();
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
    public CustomerBlock[] Group()
    {
        var blocks = new CustomerBlock[Order.BlockCount];
        TableRun[] runs = [.. _tables.SelectMany(table => table.Runs).Concat(_labelRuns)];
        try
        {
            ParallelWork.For(blocks.Length, _parallel, block =>
            {
                blocks[block] = Group(block);
                foreach (TableRun run in runs)
                    run.Discard(block * Order.BucketsPerBlock, (block + 1) * Order.BucketsPerBlock);
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

    private int LabelTable() => _tables.ToList().FindIndex(table => table.Layout.HasLabelEvents);

    private CustomerBlock Group(int block)
    {
        var stores = new TableStore[_tables.Count];
        TableStore? labels = null;
        try
        {
            for (int table = 0; table < stores.Length; table++)
                stores[table] = RowGrouping.Group(_tables[table].Shape, _tables[table].Runs, Order, block, _tables[table].Layout.Table.Name);
            labels = _labelShape is null ? null : RowGrouping.Group(_labelShape, _labelRuns, Order, block, "label");
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

    // Numbers the customers of a bucket in order of appearance, those of the sign-up table first, and writes the number of every row.
    private Int64Index Number(int bucket, long[][][] maps, int labelTable)
    {
        var customers = new Int64Index();
        int signedUp = int.MaxValue;
        if (_signups >= 0)
        {
            Number(_tables[_signups].Runs, bucket, maps[_signups], customers);
            signedUp = customers.Count;
        }
        for (int table = 0; table < _tables.Count; table++)
        {
            if (table == _signups)
                continue;
            Number(_tables[table].Runs, bucket, maps[table], customers);
            if (_signups >= 0)
                _strangers[table].Note(_tables[table].Runs, bucket, signedUp);
        }
        if (labelTable >= 0)
            Number(_labelRuns, bucket, maps[labelTable], customers);
        return customers;
    }

    private static void Number(IReadOnlyList<TableRun> runs, int bucket, long[][] maps, Int64Index customers)
    {
        foreach (TableRun run in runs)
        {
            ReadOnlySpan<long> codes = run.Codes(bucket);
            Span<int> ids = run.Ids(bucket);
            if (maps.Length == 0)
            {
                for (int row = 0; row < ids.Length; row++)
                    ids[row] = customers.GetOrAdd(codes[row]);
                continue;
            }
            long[] map = maps[run.Loader];
            for (int row = 0; row < ids.Length; row++)
                ids[row] = customers.GetOrAdd(map[codes[row]]);
        }
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
    public void Note(IReadOnlyList<TableRun> runs, int bucket, int signedUp)
    {
        long rows = 0, strange = 0;
        var strangers = new HashSet<int>();
        foreach (TableRun run in runs)
        {
            Span<int> ids = run.Ids(bucket);
            rows += ids.Length;
            foreach (int id in ids)
            {
                if (id < signedUp)
                    continue;
                strange++;
                strangers.Add(id);
            }
        }
        lock (_lock)
        {
            Rows += rows;
            StrangeRows += strange;
            _customers.AddRange(strangers.Select(id => (bucket, id)));
        }
    }
}
