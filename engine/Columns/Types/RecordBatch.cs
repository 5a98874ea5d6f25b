namespace ChurnEngine.Columns;

/// <summary>Columns of equal length under one schema; owns them.</summary>
public sealed class RecordBatch : IDisposable
{
    /// <summary>Takes ownership of <paramref name="columns"/>.</summary>
    /// <param name="schema">One field a column, same order.</param>
    /// <param name="columns">Same length each.</param>
    /// <param name="length">Rows; says how many there are when there is no column.</param>
    /// <remarks>Errors: <see cref="ArgumentException"/> when schema and columns do not fit.</remarks>
    public RecordBatch(Schema schema, IReadOnlyList<Column> columns, int length)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (schema.Fields.Count != columns.Count)
            throw new ArgumentException($"{schema.Fields.Count} fields but {columns.Count} columns", nameof(columns));
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].Length != length || columns[i].Type != schema.Fields[i].Type)
                throw new ArgumentException($"column '{schema.Fields[i].Name}' is {columns[i].Type} x {columns[i].Length}, expected {schema.Fields[i].Type} x {length}", nameof(columns));
        }
        Schema = schema;
        Columns = columns;
        Length = length;
    }

    /// <summary>Names and types.</summary>
    public Schema Schema { get; }

    /// <summary>The columns in schema order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Rows.</summary>
    public int Length { get; }

    /// <summary>The column of that name.</summary>
    /// <remarks>Errors: <see cref="KeyNotFoundException"/> when there is none.</remarks>
    public Column this[string name] => Schema.IndexOf(name) is >= 0 and int index ? Columns[index] : throw new KeyNotFoundException($"no column '{name}'");

    /// <summary>The values of a fixed-width column.</summary>
    public ReadOnlySpan<T> Values<T>(string name) where T : unmanaged => ((PrimitiveColumn<T>)this[name]).Values;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Column column in Columns)
            column.Dispose();
    }
}

/// <summary>A schema and its batches; owns them.</summary>
public sealed class Table : IDisposable
{
    private readonly List<RecordBatch> _batches = [];

    /// <summary>Starts without rows.</summary>
    public Table(Schema schema) => Schema = schema;

    /// <summary>Names and types.</summary>
    public Schema Schema { get; }

    /// <summary>The batches in order.</summary>
    public IReadOnlyList<RecordBatch> Batches => _batches;

    /// <summary>Rows of all batches.</summary>
    public long RowCount { get; private set; }

    /// <summary>Takes ownership of <paramref name="batch"/>.</summary>
    /// <remarks>Errors: <see cref="ArgumentException"/> when its schema differs.</remarks>
    public void Add(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!batch.Schema.SameAs(Schema))
            throw new ArgumentException("the batch has another schema", nameof(batch));
        _batches.Add(batch);
        RowCount += batch.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RecordBatch batch in _batches)
            batch.Dispose();
    }
}
