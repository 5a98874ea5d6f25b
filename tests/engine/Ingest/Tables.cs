using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.Ingest.Tests;

/// <summary>A session over a new folder, and reading into lists of text.</summary>
internal sealed class Tables : IDisposable
{
    public Tables(double badShareLimit = 0.01, bool quarantine = true)
    {
        Session = new IngestSession(new IngestOptions
        {
            Budget = new JobBudget { Threads = 2, MemoryBytes = 1L << 30 },
            BadShareLimit = badShareLimit,
            QuarantineDirectory = quarantine ? Folder["quarantine"] : null,
        });
    }

    public TemporaryDirectory Folder { get; } = new();

    public IngestSession Session { get; }

    public static TableContract Contract(params ColumnContract[] columns) => new() { Columns = columns };

    /// <summary>All rows as text, null where null.</summary>
    public List<IReadOnlyList<string?>> Read(string path, TableContract contract, TableSource? source = null)
    {
        var rows = new List<IReadOnlyList<string?>>();
        foreach (RecordBatch batch in Session.Read(source ?? new TableSource { Name = "t", Path = Folder[path] }, contract, CancellationToken.None))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                    rows.Add(batch.Columns.Select(column => Text(column, row)).ToArray());
            }
        }
        return rows;
    }

    public string[] Quarantine() => File.ReadAllLines(Folder["quarantine/t.csv"]).Select(line => line.Replace(Folder.Path + "/", "", StringComparison.Ordinal)).ToArray();

    /// <summary>Makes a Parquet file of one or more SQL-like columns through the session itself.</summary>
    public string WriteParquet(string name, params (Field Field, Column Column)[] columns)
    {
        var schema = new Schema([.. columns.Select(c => c.Field)]);
        using var batch = new RecordBatch(schema, [.. columns.Select(c => c.Column)], columns[0].Column.Length);
        using IBatchSink sink = Session.OpenParquet(Folder[name], schema);
        sink.Write(batch);
        sink.Complete();
        return Folder[name];
    }

    /// <summary>Makes an Arrow file, or a stream in a file, of batches of <paramref name="batchRows"/> rows.</summary>
    public string WriteArrow(string name, bool stream, int batchRows, params (Field Field, Column Column)[] columns)
    {
        var schema = new Schema([.. columns.Select(c => c.Field)]);
        using var whole = new RecordBatch(schema, [.. columns.Select(c => c.Column)], columns[0].Column.Length);
        Directory.CreateDirectory(Path.GetDirectoryName(Folder[name])!);
        using FileStream file = File.Create(Folder[name]);
        using IBatchSink writer = stream ? new ArrowStreamWriter(file, schema) : new ArrowFileWriter(file, schema);
        for (int start = 0; start < Math.Max(1, whole.Length); start += Math.Min(batchRows, Math.Max(1, whole.Length)))
        {
            int[] rows = [.. Enumerable.Range(start, Math.Min(batchRows, whole.Length - start))];
            using var batch = new RecordBatch(schema, [.. whole.Columns.Select(column => column.Gather(rows))], rows.Length);
            writer.Write(batch);
        }
        writer.Complete();
        return Folder[name];
    }

    public static (Field, Column) Int64(string name, params long?[] values) => Primitive(name, ColumnType.Int64, values);

    public static (Field, Column) Float64(string name, params double?[] values) => Primitive(name, ColumnType.Float64, values);

    public static (Field, Column) Utf8(string name, params string?[] values)
    {
        using var builder = new Utf8Builder();
        foreach (string? value in values)
            builder.Append(value);
        return (new Field(name, ColumnType.Utf8), builder.Build());
    }

    public static (Field, Column) Primitive<T>(string name, ColumnType type, params T?[] values) where T : unmanaged
    {
        using var builder = new PrimitiveBuilder<T>(type);
        foreach (T? value in values)
        {
            if (value is { } present)
                builder.Append(present);
            else
                builder.AppendNull();
        }
        return (new Field(name, type), builder.Build());
    }

    public void Dispose()
    {
        Session.Dispose();
        Folder.Dispose();
    }

    private static string? Text(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        BooleanColumn c => c[row] ? "true" : "false",
        PrimitiveColumn<sbyte> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<short> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<int> c when c.Type == ColumnType.Date32 => new DateOnly(1970, 1, 1).AddDays(c.Values[row]).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        PrimitiveColumn<int> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<long> c when c.Type == ColumnType.TimestampMicros => DateTime.UnixEpoch.AddMicroseconds(c.Values[row]).ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        PrimitiveColumn<long> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<float> c => c.Values[row].ToString("R", CultureInfo.InvariantCulture),
        PrimitiveColumn<double> c => c.Values[row].ToString("R", CultureInfo.InvariantCulture),
        Utf8Column c => c.GetString(row),
        DictionaryColumn c => c.GetString(row),
        _ => throw new NotSupportedException(),
    };
}
