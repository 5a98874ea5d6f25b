using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>One customer on a stream: events are applied as they arrive, in any order, and the features can be read at any instant.</summary>
/// <remarks>The features are those that a batch computes from the same rows, bit for bit: rows go through the same loader and the same sweep.
/// Applying costs one search and a shift of what is later; reading, one pass over the customer's rows. Not thread-safe; dispose it once.
/// Memory: 8 to 40 bytes an event.</remarks>
public sealed class LiveCustomer : IDisposable
{
    private readonly FeaturePlan _plan;
    private readonly PopulationReference? _reference;
    private readonly LiveTable?[] _tables;
    private readonly bool[] _hasRows;
    private CustomerFeatures? _features;
    private CustomerBlock? _block;
    private int _codeCount = -1;
    private long[] _instants = [0];

    /// <summary>Starts without a row.</summary>
    /// <param name="plan">A plan whose categories are frozen: the model's.</param>
    /// <param name="reference">What ranks and outlier policies compare with; needed when the plan has such features.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE3044 without a reference that the plan needs; <see cref="InvalidOperationException"/> when its categories are not frozen.</remarks>
    public LiveCustomer(FeaturePlan plan, PopulationReference? reference = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.IsFrozen)
            throw new InvalidOperationException("the plan's categories are not frozen: take the plan of the training set or of the model");
        if (reference is null && plan.Definitions.FirstOrDefault(feature => feature.UsesPopulation) is { } needy)
            throw FeaturesErrors.NeedsPopulation(needy.Name);
        (_plan, _reference, _tables, _hasRows) = (plan, reference, new LiveTable?[plan.Tables.Count], new bool[plan.Tables.Count]);
    }

    /// <summary>Told of categories that the plan does not know, at each <see cref="Read"/>; null: nobody asks.</summary>
    public UnknownLevelObserver? Unknown { get; init; }

    /// <summary>Applies rows of one table.</summary>
    /// <param name="table">Name in the plan.</param>
    /// <param name="rows">Rows of this customer, the columns that the plan reads, in the types it wants; they stay the caller's. Every call of a table has the same columns.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> for a table or column that is not there; <see cref="ChurnDataException"/> for one of another type, or a value
    /// that cannot be kept: then nothing of the batch is applied.</remarks>
    public void Apply(string table, RecordBatch rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int index = Array.FindIndex([.. _plan.Tables], t => t.Name == table);
        if (index < 0)
            throw FeaturesErrors.NoSource(table);
        if (!_hasRows[index])
        {
            // A read may have put an empty one here, with columns of types that it had to guess.
            _tables[index]?.Dispose();
            _tables[index] = null;
            _codeCount = -1;
        }
        LiveTable live = _tables[index] ??= Open(index, rows.Schema.Fields);
        _hasRows[index] = true;
        // The columns stay the caller's, so neither batch is disposed.
        live.Apply(BatchTables.Choose(table, rows, live.Contract));
    }

    /// <summary>Writes the features at an instant.</summary>
    /// <param name="asOf">Microseconds since 1970 UTC.</param>
    /// <param name="row">[F] gets them, in plan order; NaN is missing.</param>
    public void Read(long asOf, Span<float> row)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, _plan.Features.Count);
        for (int table = 0; table < _tables.Length; table++)
            _tables[table] ??= Open(table, FieldsOf(_plan.Layouts[table]));
        Bind(asOf);
        _features!.Sweep(_block!, 0);
        _features.Compute(0, row);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LiveTable? table in _tables)
            table?.Dispose();
    }

    private LiveTable Open(int table, IReadOnlyList<Field> fields)
    {
        ColumnType key = fields.Any(f => f.Name == _plan.Tables[table].Key && f.Type == ColumnType.Int64) ? ColumnType.Int64 : ColumnType.Utf8;
        return new LiveTable(_plan.Layouts[table], fields, key);
    }

    // What sums up the rows is made anew when another instant is asked for, or codes appeared that it does not know.
    private void Bind(long asOf)
    {
        int codes = _tables.Sum(table => table!.CodeCount);
        if (codes != _codeCount || _instants[0] != asOf || _features is null)
        {
            (_codeCount, _instants) = (codes, [asOf]);
            FeatureStep[] steps = FeatureStep.Bind(_plan, [.. _tables.Select(table => table!.Texts())]);
            _features = new CustomerFeatures(steps, _plan, [.. _tables.Select(table => table!.Classes.ToArray())], _instants, [_reference?.For(_plan)], Unknown);
        }
        // Stores are replaced as they grow.
        _block = new CustomerBlock([.. _tables.Select(table => table!.Store)], null);
    }

    /// <summary>The columns that a plan reads of a table, in the types in which rows may be handed over.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="table">Name of the table in it.</param>
    /// <returns>The key as text; instants as <see cref="ColumnType.TimestampMicros"/>, or as whole numbers where the table says their unit; numbers as
    /// <see cref="ColumnType.Float64"/>; all others as text.</returns>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> for a table that is not there.</remarks>
    public static IReadOnlyList<Field> ColumnsOf(FeaturePlan plan, string table)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return FieldsOf(plan.Layouts.FirstOrDefault(layout => layout.Table.Name == table) ?? throw FeaturesErrors.NoSource(table));
    }

    // Also for a table without a row yet: columns of any type will do.
    private static Field[] FieldsOf(TableLayout layout)
    {
        PlanTable table = layout.Table;
        ColumnType instant = table.TimeUnit == TimeUnit.None ? ColumnType.TimestampMicros : ColumnType.Int64;
        var fields = new Dictionary<string, ColumnType> { [table.Key] = ColumnType.Utf8 };
        foreach (string? column in (string?[])[table.Instant, table.Known])
            fields.TryAdd(column ?? table.Key, instant);
        foreach (string column in layout.NumericColumns)
            fields.TryAdd(column, ColumnType.Float64);
        foreach (NumberColumn number in layout.KeptNumbers)
            fields.TryAdd(number.Column, instant);
        foreach (string column in layout.Identities.Concat(layout.Texts).Select(source => source.Name).Append(table.Kind ?? table.Key).Concat(layout.Conditions.OfType<TextCondition>().Select(c => c.Column)))
            fields.TryAdd(column, ColumnType.Utf8);
        return [.. fields.Select(field => new Field(field.Key, field.Value))];
    }
}
