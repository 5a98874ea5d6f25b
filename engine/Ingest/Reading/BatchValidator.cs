using ChurnEngine.Columns;
using ChurnEngine.Ingest.Conversion;

namespace ChurnEngine.Ingest.Reading;

/// <summary>Turns a delivered batch into one that keeps the contract, and lists what does not.</summary>
internal sealed class BatchValidator : IDisposable
{
    private readonly TableContract _contract;
    private readonly UniqueKeyCheck? _key;

    public BatchValidator(TableContract contract)
    {
        _contract = contract;
        GoodCells = new int[contract.Columns.Count];
        Schema = new Schema([.. contract.Columns.Select(column => new Field(column.Name, column.Type, !column.NotNull))]);
        int[] keys = [.. contract.UniqueKey.Select(Schema.IndexOf)];
        if (keys.Contains(-1))
            throw new ArgumentException("a key column is not in the contract", nameof(contract));
        _key = keys.Length == 0 ? null : new UniqueKeyCheck(keys);
    }

    /// <summary>Cells with a value that converted, by column of the contract; of the batch validated last.</summary>
    public int[] GoodCells { get; }

    /// <summary>The schema of what comes out.</summary>
    public Schema Schema { get; }

    /// <summary>Returns the good rows; the batch delivered is disposed. Bad cells are added to <paramref name="faults"/>, which may
    /// hold rows that are bad for other reasons.</summary>
    public RecordBatch Validate(RecordBatch delivered, ColumnOrigin[] origins, BatchFaults faults)
    {
        var columns = new Column?[origins.Length];
        var kept = new HashSet<Column>(ReferenceEqualityComparer.Instance);
        try
        {
            for (int i = 0; i < origins.Length; i++)
                columns[i] = Convert(delivered, origins[i], i, faults);
            _key?.Check(columns!, delivered.Length, faults);
            RecordBatch batch = faults.BadRows == 0 ? new RecordBatch(Schema, columns!, delivered.Length) : Filter(columns!, faults.GoodRows());
            kept.UnionWith(batch.Columns);
            return batch;
        }
        finally
        {
            // Columns that went into the batch as they came stay alive; all others end here, also when something threw.
            foreach (Column? column in columns.Concat(delivered.Columns))
            {
                if (column is not null && !kept.Contains(column))
                    column.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key?.Dispose();

    private Column Convert(RecordBatch delivered, ColumnOrigin origin, int index, BatchFaults faults)
    {
        int mark = faults.Count;
        Column column;
        if (origin.Delivered >= 0)
        {
            column = origin.Conversion.Convert(delivered.Columns[origin.Delivered], index, faults);
        }
        else
        {
            Utf8Column constant = Repeat(origin.Constant, delivered.Length);
            column = origin.Conversion.Convert(constant, index, faults);
            if (column != constant)
                constant.Dispose();
        }
        GoodCells[index] = column.Length - column.NullCount;
        if (_contract.Columns[index].NotNull)
            faults.AddMissing(column, index, mark);
        return column;
    }

    private RecordBatch Filter(Column[] columns, int[] rows) => new(Schema, [.. columns.Select(column => column.Gather(rows))], rows.Length);

    private static Utf8Column Repeat(string? text, int rows)
    {
        using var builder = new Utf8Builder();
        builder.Append(text);
        using Utf8Column one = builder.Build();
        return (Utf8Column)one.Gather(new int[rows]);
    }
}
