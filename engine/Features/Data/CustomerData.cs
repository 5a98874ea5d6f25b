using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>All that a plan needs of its tables: grouped by customer, sorted by time, cut into partitions by <see cref="PartitionHash"/>.</summary>
/// <remarks>Neither the order of the input rows, nor the size of the batches, nor the number of threads shows in it.
/// Memory: 8 bytes a row for its instant, 8 more at most where the table says when rows became known (12 for each late row where those are few), 1 or 2 for
/// its class, 1 to 8 for each column that is summed or looked at; 16 to 40 bytes a customer; while grouping, 6 to 12 bytes a row and a sixteenth of it all on top. Rows that no feature, label or population rule looks at are
/// not kept. Rows that take more than half of the job's memory go to a file in the temporary folder (<see cref="SpillFile"/>) and are read a partition at a time. Dispose it once.</remarks>
public sealed class CustomerData : IDisposable
{
    // Fewer unknown customers than this may be chance in a small table; as many, and none known, are keys written in two ways.
    private const int LeastStrangers = 5;
    private readonly List<string> _warnings = [];
    private readonly CustomerBlocks _blocks;
    private readonly CustomerNames _names;

    private CustomerData(FeaturePlan plan, IReadOnlyList<TableLoad> loads, RowRoom room, IProgress<StepProgress>? progress, ParallelOptions parallel)
    {
        Plan = plan;
        for (int table = 0; table < loads.Count; table++)
            Note(plan.Tables[table], loads[table]);
        _names = CustomerNames.Unite([.. loads.SelectMany(load => load.Loaders).Select(loader => loader.KeyTexts).OfType<Utf8Index>()], out long[][] maps);
        (BucketedRows All, BucketedRows Labels)[] rows = [.. loads.Select(load => load.TakeRows())];
        try
        {
            TableRows[] tables = [.. loads.Select((load, table) => TableRows.Unite(load, rows[table].All))];
            int labels = loads.ToList().FindIndex(load => load.Layout.HasLabelEvents);
            var grouping = new CustomerGrouping(tables, labels < 0 ? null : rows[labels].Labels, _names, Split(maps, loads), room, parallel);
            Order = grouping.Order;
            (Texts, Classes, RowCounts) = ([.. tables.Select(t => t.Texts)], [.. tables.Select(t => t.Classes)], [.. tables.Select(t => t.Rows.Count)]);
            NoteStrangers(grouping, loads);
            _blocks = new LoadedBlocks(grouping.Group(progress), room.IsFull);
            BytesInFile = room.BytesInFile;
        }
        catch
        {
            Order?.Dispose();
            _names.Dispose();
            throw;
        }
        finally
        {
            foreach (BucketedRows table in rows.SelectMany(table => new[] { table.All, table.Labels }))
                table.Dispose();
        }
    }

    /// <summary>What a grouped folder keeps.</summary>
    internal CustomerData(FeaturePlan plan, string folder, GroupedManifest manifest)
    {
        Plan = plan;
        (Order, _names) = GroupedCustomers.Read(folder, manifest);
        (RowsRead, FirstEventAt, LastKnownAt, LongestLatenessMicros) = (manifest.RowsRead, manifest.FirstEventAt, manifest.LastKnownAt, manifest.LongestLatenessMicros);
        (Texts, Classes, RowCounts) = ([.. manifest.Tables.Select(t => t.Texts.ToArray())], [.. manifest.Tables.Select(t => t.Classes.ToArray())], [.. manifest.Tables.Select(t => t.Rows)]);
        _warnings.AddRange(manifest.Warnings);
        _blocks = new GroupedBlocks(folder, manifest, plan, Order);
    }

    /// <summary>The plan it was loaded for.</summary>
    public FeaturePlan Plan { get; }

    /// <summary>Type of the keys: Int64 when every table has whole numbers, else Utf8.</summary>
    public ColumnType KeyType => _names.KeyType;

    /// <summary>Customers that occur in any table.</summary>
    public int CustomerCount => Order.Count;

    /// <summary>Partitions, a power of two that depends on the number of customers alone.</summary>
    public int PartitionCount => Order.PartitionCount;

    /// <summary>Rows read from all tables.</summary>
    public long RowsRead { get; private set; }

    /// <summary>Instant of the first event, microseconds since 1970 UTC; null without events.</summary>
    public long? FirstEventAt { get; private set; }

    /// <summary>Latest instant at which an event became known; null without events.</summary>
    public long? LastKnownAt { get; private set; }

    /// <summary>Longest time an event took to become known, microseconds.</summary>
    public long LongestLatenessMicros { get; private set; }

    /// <summary>Bytes written to a file because they did not fit into memory; 0 when all did.</summary>
    public long BytesInFile { get; }

    /// <summary>What was noticed while loading: blank keys, kinds that never occur, numbers that are none.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    internal CustomerOrder Order { get; }

    /// <summary>[table][text column] distinct texts, ordinal; codes point into them.</summary>
    internal string[][][] Texts { get; }

    /// <summary>[table] classes that occur; a row's class is a position among them.</summary>
    internal RowClass[][] Classes { get; }

    /// <summary>[table] rows kept.</summary>
    internal long[] RowCounts { get; }

    /// <summary>The block that holds a partition's customers.</summary>
    internal CustomerBlock BlockOf(int partition) => BlockAt(Order.BlockOf(partition));

    internal CustomerBlock BlockAt(int block) => _blocks[block];

    /// <summary>Says that a partition's rows are not needed for now: memory that they were read into goes back.</summary>
    internal void Rest(int partition) => RestBlock(Order.BlockOf(partition));

    internal void RestBlock(int block)
    {
        if (_blocks.AreInFile)
            _blocks[block].Rest();
    }

    /// <summary>Reads and groups all tables of a plan.</summary>
    /// <param name="plan">Its tables must have sources.</param>
    /// <param name="session">Reads the files.</param>
    /// <param name="budget">Threads for grouping.</param>
    /// <param name="progress">Rows read so far under step "read tables", then "group by customer"; may be null.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> for a column that a file lacks; <see cref="ChurnDataException"/> for values that cannot be kept.</remarks>
    public static CustomerData Load(FeaturePlan plan, IngestSession session, JobBudget budget, IProgress<StepProgress>? progress, CancellationToken cancellation) =>
        Load(plan, new IngestTables(session), budget, progress, cancellation);

    /// <summary>Groups tables that are in memory: the events of one customer that a service was asked about, say.</summary>
    /// <param name="plan">Its tables need no sources.</param>
    /// <param name="tables">By name of the plan's table; columns of the types that the plan wants, text as Utf8 or Dictionary, instants as the table says. They stay the caller's.</param>
    /// <remarks>On the calling thread. Errors: <see cref="ChurnConfigException"/> for a table or column that is not there; <see cref="ChurnDataException"/> for one of
    /// another type, or a key or instant without a value.</remarks>
    public static CustomerData Load(FeaturePlan plan, IReadOnlyDictionary<string, RecordBatch> tables)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(tables);
        return Load(plan, new BatchTables(tables), new JobBudget { Threads = 1 }, null, CancellationToken.None);
    }

    /// <summary>The same without some rows: for an audit that asks whether they matter.</summary>
    /// <remarks>Parameters and errors: as without <paramref name="cut"/>, which says what to leave out; a stamp it names must be a column of that table.</remarks>
    public static CustomerData Load(FeaturePlan plan, IngestSession session, RowCut cut, JobBudget budget, CancellationToken cancellation) =>
        Load(plan, new CutTables(new IngestTables(session), plan, cut), budget, null, cancellation);

    internal static CustomerData Load(FeaturePlan plan, ITableReader reader, JobBudget budget, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(budget);
        budget.Validate();
        IReadOnlyList<Field>[] fields = [.. plan.Tables.Select(t => reader.Describe(reader.SourceOf(t)))];
        ColumnType keyType = KeyTypeOf(plan, fields);
        var loads = new List<TableLoad>();
        // The readers have the other half.
        using var room = new RowRoom(budget.MemoryBytes / 2);
        try
        {
            long done = 0;
            for (int table = 0; table < fields.Length; table++)
            {
                TableLayout layout = plan.Layouts[table];
                var columns = new TableColumns(layout, fields[table], keyType);
                var load = new TableLoad(layout, columns, keyType, plan.ExtractAt ?? long.MaxValue, room) { IsCut = reader.LeavesOut, IsPart = reader.IsPart };
                loads.Add(load);
                load.Run((reader.Read(reader.SourceOf(layout.Table), columns.Contract, cancellation), reader.HandsOver), budget.Threads, rows => progress?.Report(new StepProgress("read tables", done + rows, 0)), cancellation);
                done += load.RowsRead;
            }
            return new CustomerData(plan, loads, room, progress, budget.ParallelOptions(cancellation));
        }
        finally
        {
            loads.ForEach(load => load.Dispose());
        }
    }

    /// <summary>What a grouped folder says of this.</summary>
    internal GroupedManifest Describe(string identity, IReadOnlyList<string> notes, GroupedFile customers, IReadOnlyList<GroupedFile> blocks) => new()
    {
        Identity = identity,
        PlanHash = Plan.Hash,
        KeyType = KeyType,
        Customers = CustomerCount,
        Partitions = PartitionCount,
        RowsRead = RowsRead,
        FirstEventAt = FirstEventAt,
        LastKnownAt = LastKnownAt,
        LongestLatenessMicros = LongestLatenessMicros,
        Warnings = Warnings,
        Notes = notes,
        Tables = [.. Plan.Tables.Select((table, i) => new GroupedTable(table.Name, _blocks[0].Stores[i].HasKnown, RowCounts[i], Classes[i], Texts[i]))],
        CustomerFile = customers,
        Blocks = blocks,
    };

    internal void WriteCustomersTo(BlockFileWriter file) => GroupedCustomers.Write(file, Order, _names);

    /// <summary>The keys of customers, by their dense numbers.</summary>
    /// <param name="customers">[N] numbers 0 .. CustomerCount - 1.</param>
    /// <returns>[N] Int64 or Utf8 column; the caller disposes it.</returns>
    internal Column GatherKeys(ReadOnlySpan<int> customers)
    {
        long[] codes = new long[customers.Length];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = Order.CodeOf(customers[i]);
        return _names.Gather(codes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _blocks.Dispose();
        Order.Dispose();
        _names.Dispose();
    }

    private static long[][][] Split(long[][] maps, IReadOnlyList<TableLoad> loads)
    {
        var split = new long[loads.Count][][];
        int next = 0;
        for (int table = 0; table < split.Length; table++)
        {
            split[table] = maps.Length == 0 ? [] : maps[next..(next + loads[table].Loaders.Count)];
            next += loads[table].Loaders.Count;
        }
        return split;
    }

    private void Note(PlanTable table, TableLoad load)
    {
        RowsRead += load.RowsRead;
        LoadNotes notes = LoadNotes.Of(load);
        if (table.Time is not null && load.RowsRead > 0)
        {
            FirstEventAt = Math.Min(FirstEventAt ?? long.MaxValue, notes.Instants.First);
            LastKnownAt = Math.Max(LastKnownAt ?? long.MinValue, notes.Instants.LastKnown);
            LongestLatenessMicros = Math.Max(LongestLatenessMicros, notes.Instants.LongestLateness);
        }
        if (!load.IsPart)
            notes.RequireNumbers();
        _warnings.AddRange(notes.Warnings(Plan.ExtractAt));
    }

    // Rows of a customer who never signed up count for nobody, which is right for a few and a mistake in the keys for all.
    private void NoteStrangers(CustomerGrouping grouping, IReadOnlyList<TableLoad> loads)
    {
        int signups = Plan.Layouts.ToList().FindIndex(layout => layout.IsSignup);
        for (int table = 0; signups >= 0 && table < Plan.Tables.Count; table++)
        {
            Strangers strangers = grouping.StrangersOf(table);
            if (strangers.StrangeRows == 0)
                continue;
            string key = KeyText(strangers.First(Order));
            if (strangers.StrangeRows == strangers.Rows && strangers.Customers >= LeastStrangers && !loads[signups].IsCut)
                throw FeaturesErrors.NoKeyMatches(Plan.Tables[table].Name, Plan.Tables[signups].Name, key);
            _warnings.Add($"table '{Plan.Tables[table].Name}': {LoadNotes.Rows(strangers.StrangeRows)} of {strangers.Customers:N0} {(strangers.Customers == 1 ? "customer" : "customers")} that table '{Plan.Tables[signups].Name}' does not know, such as '{key}'; they count for nobody");
        }
    }

    private string KeyText(int customer)
    {
        using Column key = GatherKeys([customer]);
        return key is Utf8Column text ? text.GetString(0)! : ((PrimitiveColumn<long>)key).Values[0].ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static ColumnType KeyTypeOf(FeaturePlan plan, IReadOnlyList<Field>[] fields)
    {
        for (int table = 0; table < fields.Length; table++)
        {
            string key = plan.Tables[table].Key;
            Field? field = fields[table].FirstOrDefault(f => f.Name == key);
            if (field is null)
                throw TableColumns.Unknown(plan.Tables[table], key, fields[table]);
            if (!PlanContract.IsWholeNumberKey(field.Type))
                return ColumnType.Utf8;
        }
        return ColumnType.Int64;
    }
}
