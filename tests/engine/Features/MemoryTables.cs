using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features.Tests;

/// <summary>Tables made of rows in memory, handed out in batches of any size.</summary>
internal sealed class MemoryTables : ITableReader
{
    private readonly Dictionary<string, (Field[] Fields, object?[][] Rows)> _tables = [];

    public int BatchSize { get; init; } = 1000;

    public void Add(string name, Field[] fields, IEnumerable<object?[]> rows) => _tables.Add(name, (fields, [.. rows]));

    public IReadOnlyList<Field> Describe(TableSource source) => _tables[source.Name].Fields;

    public IEnumerable<RecordBatch> Read(TableSource source, TableContract contract, CancellationToken cancellation)
    {
        (Field[] fields, object?[][] rows) = _tables[source.Name];
        foreach (object?[][] chunk in rows.Chunk(BatchSize))
        {
            Column[] columns = [.. contract.Columns.Select(c => Make(c.Type, chunk.Select(row => Array.FindIndex(fields, f => f.Name == c.Name) is >= 0 and int i ? row[i] : null)))];
            yield return new RecordBatch(new Schema([.. contract.Columns.Select(c => new Field(c.Name, c.Type))]), columns, chunk.Length);
        }
    }

    private static Column Make(ColumnType type, IEnumerable<object?> values)
    {
        switch (type)
        {
            case ColumnType.Int64 or ColumnType.TimestampMicros:
                return Fill<PrimitiveBuilder<long>>(new(type), values, (b, v) => b.Append(Convert.ToInt64(v, CultureInfo.InvariantCulture)));
            case ColumnType.Int32:
                return Fill<PrimitiveBuilder<int>>(new(type), values, (b, v) => b.Append(Convert.ToInt32(v, CultureInfo.InvariantCulture)));
            case ColumnType.Float64:
                return Fill<PrimitiveBuilder<double>>(new(type), values, (b, v) => b.Append(Convert.ToDouble(v, CultureInfo.InvariantCulture)));
            case ColumnType.Boolean:
                return Fill<BooleanBuilder>(new(), values, (b, v) => b.Append((bool)v));
            case ColumnType.Dictionary:
                return Fill<DictionaryBuilder>(new(), values, (b, v) => b.Append((string)v));
            case ColumnType.Utf8:
                return Fill<Utf8Builder>(new(), values, (b, v) => b.Append(Convert.ToString(v, CultureInfo.InvariantCulture)));
            default:
                throw new ArgumentException($"no {type} here", nameof(type));
        }
    }

    private static Column Fill<TBuilder>(TBuilder builder, IEnumerable<object?> values, Action<TBuilder, object> append) where TBuilder : ColumnBuilder
    {
        foreach (object? value in values)
        {
            if (value is null)
                builder.AppendNull();
            else
                append(builder, value);
        }
        return builder.Build();
    }
}
