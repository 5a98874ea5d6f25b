using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>All that a plan needs of its tables, in memory: grouped by customer, sorted by time, cut into partitions by <see cref="PartitionHash"/>.</summary>
/// <remarks>Neither the order of the input rows, nor the size of the batches, nor the number of threads shows in it.
/// Memory: about 4 bytes a row while loading, 8 a row for its instant, 8 more where the table says when rows became known, 2 for its class, 8 for each column
/// that is summed; 40 to 60 bytes a customer. Rows that no feature, label or population rule looks at are not kept. Dispose it once.</remarks>
public sealed class CustomerData : IDisposable
{
    // Fewer unknown customers than this may be chance in a small table; as many, and none known, are keys written in two ways.
    private const int LeastStrangers = 5;
    private readonly List<string> _warnings = [];
    private readonly CustomerIndex _index;
    private CustomerOrder? _order;

    private CustomerData(FeaturePlan plan, ColumnType keyType)
    {
        Plan = plan;
        _index = CustomerIndex.For(keyType);
        Stores = new TableStore[plan.Layouts.Count];
        Texts = new string[plan.Layouts.Count][][];
    }

    /// <summary>The plan it was loaded for.</summary>
    public FeaturePlan Plan { get; }

    /// <summary>Type of the keys: Int64 when every table has whole numbers, else Utf8.</summary>
    public ColumnType KeyType => _index.KeyType;

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

    /// <summary>What was noticed while loading: blank keys, kinds that never occur, numbers that are none.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    internal CustomerOrder Order => _order!;

    /// <summary>One store a table, in plan order.</summary>
    internal TableStore[] Stores { get; }

    /// <summary>Rows of the label's kinds; null without the event form.</summary>
    internal TableStore? LabelEvents { get; private set; }

    /// <summary>[table][text column] distinct texts, ordinal; codes point into them.</summary>
    internal string[][][] Texts { get; }

    /// <summary>Reads and groups all tables of a plan.</summary>
    /// <param name="plan">Its tables must have sources.</param>
    /// <param name="session">Reads the files.</param>
    /// <param name="budget">Threads for grouping.</param>
    /// <param name="progress">Rows read so far under step "read tables"; may be null.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> for a column that a file lacks; <see cref="ChurnDataException"/> for values that cannot be kept.</remarks>
    public static CustomerData Load(FeaturePlan plan, IngestSession session, JobBudget budget, IProgress<StepProgress>? progress, CancellationToken cancellation) =>
        Load(plan, new IngestTables(session), budget, progress, cancellation);

    /// <summary>The same without some rows: for an audit that asks whether they matter.</summary>
    /// <remarks>Parameters and errors: as without <paramref name="cut"/>, which says what to leave out; a stamp it names must be a column of that table.</remarks>
    public static CustomerData Load(FeaturePlan plan, IngestSession session, RowCut cut, JobBudget budget, CancellationToken cancellation) =>
        Load(plan, new CutTables(new IngestTables(session), plan, cut), budget, null, cancellation);

    internal static CustomerData Load(FeaturePlan plan, ITableReader reader, JobBudget budget, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(budget);
        budget.Validate();
        IReadOnlyList<Field>[] fields = [.. plan.Tables.Select(t => reader.Describe(t.Source ?? throw FeaturesErrors.NoSource(t.Name)))];
        var data = new CustomerData(plan, KeyTypeOf(plan, fields));
        try
        {
            for (int table = 0; table < fields.Length; table++)
                data.Read(table, fields[table], reader, progress, cancellation);
            ParallelOptions parallel = budget.ParallelOptions(cancellation);
            data._order = CustomerOrder.Create(data._index, CustomerOrder.PartitionsFor(data._index.Count), parallel);
            for (int table = 0; table < fields.Length; table++)
                data.Stores[table].Group(data.Order, plan.Tables[table].Name, parallel);
            data.LabelEvents?.Group(data.Order, plan.Label!.Table, parallel);
            data.NoteStrangers();
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>The keys of customers, by their dense numbers.</summary>
    /// <param name="customers">[N] numbers 0 .. CustomerCount - 1.</param>
    /// <returns>[N] Int64 or Utf8 column; the caller disposes it.</returns>
    internal Column GatherKeys(ReadOnlySpan<int> customers)
    {
        int[] ids = new int[customers.Length];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = Order.Ids(customers[i], 1)[0];
        return _index.Gather(ids);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TableStore? store in Stores)
            store?.Dispose();
        LabelEvents?.Dispose();
        _order?.Dispose();
        _index.Dispose();
    }

    private void Read(int table, IReadOnlyList<Field> fields, ITableReader reader, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        TableLayout layout = Plan.Layouts[table];
        var columns = new TableColumns(layout, fields, KeyType);
        using var loader = new TableLoader(layout, columns, _index) { ExtractAt = Plan.ExtractAt ?? long.MaxValue };
        Stores[table] = loader.Rows;
        LabelEvents ??= loader.LabelRows;
        foreach (RecordBatch batch in reader.Read(layout.Table.Source!, columns.Contract, cancellation))
        {
            using (batch)
                loader.Append(batch);
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new StepProgress("read tables", RowsRead + loader.RowsRead, 0));
        }
        Texts[table] = loader.SortTexts();
        RowsRead += loader.RowsRead;
        if (layout.Table.Time is not null && loader.RowsRead > 0)
        {
            FirstEventAt = Math.Min(FirstEventAt ?? long.MaxValue, loader.FirstInstant);
            LastKnownAt = Math.Max(LastKnownAt ?? long.MinValue, loader.LastKnown);
            LongestLatenessMicros = Math.Max(LongestLatenessMicros, loader.LongestLateness);
        }
        loader.RequireNumbers();
        Warn(layout.Table.Name, loader);
    }

    private void Warn(string table, TableLoader loader)
    {
        if (loader.BlankKeys > 0)
            _warnings.Add($"table '{table}': {Rows(loader.BlankKeys)} without a key, left out");
        foreach (string column in loader.UnreadableNumbers())
            _warnings.Add($"table '{table}': {column}");
        if (loader.AfterExtract > 0)
        {
            _warnings.Add($"table '{table}': {Rows(loader.AfterExtract)} later than extract_at {InstantText.Format(Plan.ExtractAt!.Value)}, the latest at {InstantText.Format(loader.LatestInstant)}; "
                + "no snapshot up to the extract sees them: check the clock that wrote them, or correct extract_at");
        }
        if (loader.RowsRead == 0)
            _warnings.Add($"table '{table}' has no row");
        (IEnumerable<string> absent, IEnumerable<string> others) = loader.Kinds();
        foreach (string kind in loader.RowsRead == 0 ? [] : absent)
            _warnings.Add($"table '{table}' has no row of kind '{kind}'; {Suggestion.For(kind, others)}");
    }

    // Rows of a customer who never signed up count for nobody, which is right for a few and a mistake in the keys for all.
    private void NoteStrangers()
    {
        int signups = Plan.Layouts.ToList().FindIndex(layout => layout.IsSignup);
        for (int table = 0; signups >= 0 && table < Stores.Length; table++)
        {
            if (table == signups)
                continue;
            (long rows, long strange, int customers, int first) = (0, 0, 0, -1);
            for (int customer = 0; customer < CustomerCount; customer++)
            {
                long count = Stores[table].End(customer) - Stores[table].First(customer);
                rows += count;
                if (count == 0 || Stores[signups].End(customer) > Stores[signups].First(customer))
                    continue;
                strange += count;
                customers++;
                first = first < 0 ? customer : first;
            }
            if (strange == 0)
                continue;
            string key = KeyText(first);
            if (strange == rows && customers >= LeastStrangers)
                throw FeaturesErrors.NoKeyMatches(Plan.Tables[table].Name, Plan.Tables[signups].Name, key);
            _warnings.Add($"table '{Plan.Tables[table].Name}': {Rows(strange)} of {customers:N0} {(customers == 1 ? "customer" : "customers")} that table '{Plan.Tables[signups].Name}' does not know, such as '{key}'; they count for nobody");
        }
    }

    private string KeyText(int customer)
    {
        using Column key = GatherKeys([customer]);
        return key is Utf8Column text ? text.GetString(0)! : ((PrimitiveColumn<long>)key).Values[0].ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Rows(long count) => count == 1 ? "1 row is" : $"{count:N0} rows are";

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
