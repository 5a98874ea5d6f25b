using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>The scores of a finished job, as far as decisions need them. The keys and reasons stay in their batches; nothing is copied a row.</summary>
internal sealed class ScoreTable : IDisposable
{
    private readonly Table _table;
    private readonly int[] _firstRows;
    private readonly int[] _reasonColumns;

    private ScoreTable(Table table, bool hasValue)
    {
        _table = table;
        _firstRows = new int[table.Batches.Count];
        Rows = checked((int)table.RowCount);
        Probability = new float[Rows];
        Value = hasValue ? new double[Rows] : [];
        _reasonColumns = [.. Enumerable.Range(0, table.Schema.Fields.Count).Where(i => ReasonParts.IsSentence(table.Schema.Fields[i].Name))];
        int row = 0;
        for (int b = 0; b < table.Batches.Count; b++)
        {
            RecordBatch batch = table.Batches[b];
            _firstRows[b] = row;
            batch.Values<float>("probability").CopyTo(Probability.AsSpan(row));
            if (hasValue)
                CopyValues((PrimitiveColumn<double>)batch.Columns[2], Value.AsSpan(row));
            row += batch.Length;
        }
    }

    public int Rows { get; }

    public float[] Probability { get; }

    /// <summary>[N] worth of each customer, NaN where unknown; empty when all are worth the same.</summary>
    public double[] Value { get; }

    /// <summary>Reads the parts of a finished job.</summary>
    /// <param name="directory">Its folder.</param>
    /// <param name="valueColumn">Column with each customer's worth, or null.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    public static ScoreTable Read(string directory, string? valueColumn, StepContext context)
    {
        Manifest manifest = Manifest.TryRead(directory) ?? throw PipelineErrors.NoScores(directory);
        if (!manifest.Columns.Contains("probability"))
            throw PipelineErrors.ScoresAreValues(directory);
        if (manifest.Calibration == "none")
            throw PipelineErrors.Uncalibrated(directory, manifest.ModelVersion);
        using var session = new IngestSession(new IngestOptions { Budget = context.Budget });
        var source = new TableSource { Name = "scores", Path = Path.Combine(directory, $"part-*.{manifest.Format}"), Format = FormatOf(manifest, directory) };
        string keyName = manifest.Columns[0];
        if (valueColumn is not null && !manifest.Columns.Contains(valueColumn))
            throw PipelineErrors.NoValueColumn(valueColumn, manifest.Columns);
        if (valueColumn is "probability" or "margin" || valueColumn == keyName || valueColumn?.StartsWith("reason_", StringComparison.Ordinal) == true)
            throw PipelineErrors.NotAValueColumn(valueColumn);
        if (manifest.Parts.FirstOrDefault(part => !File.Exists(Path.Combine(directory, part.Name))) is { } gone)
            throw PipelineErrors.PartGone(directory, gone.Name);
        // CSV does not say which keys are texts: 007 must not become 7.
        ColumnType keyType = source.Format == FileFormat.Csv ? ColumnType.Utf8 : manifest.Rows == 0 || session.Describe(source).First(field => field.Name == keyName).Type == ColumnType.Int64 ? ColumnType.Int64 : ColumnType.Utf8;
        var contract = new TableContract
        {
            Columns =
            [
                new(keyName, keyType, NotNull: true),
                new("probability", ColumnType.Float32, NotNull: true),
                .. valueColumn is null ? Array.Empty<ColumnContract>() : [new(valueColumn, ColumnType.Float64)],
                .. manifest.Columns.Where(ReasonParts.IsSentence).Select(name => new ColumnContract(name, ColumnType.Utf8)),
            ],
        };
        Table? table = null;
        try
        {
            if (manifest.Rows > 0)
            {
                foreach (RecordBatch batch in session.Read(source, contract, context.Cancellation))
                {
                    table ??= new Table(batch.Schema);
                    table.Add(batch);
                    context.Progress?.Report(new StepProgress("read scores", table.RowCount, manifest.Rows));
                }
            }
            return new ScoreTable(table ?? new Table(new Schema()), valueColumn is not null);
        }
        catch
        {
            table?.Dispose();
            throw;
        }
    }

    private static FileFormat FormatOf(Manifest manifest, string directory) => OutputFormats.Find(manifest.Format) switch
    {
        OutputFormat.Parquet => FileFormat.Parquet,
        OutputFormat.Arrow => FileFormat.Arrow,
        OutputFormat.Csv => FileFormat.Csv,
        _ => throw PipelineErrors.ScoresInDatabase(directory, manifest.Database ?? manifest.Format),
    };

    public string CustomerId(int row)
    {
        (RecordBatch batch, int inside) = Find(row);
        return batch.Columns[0] is PrimitiveColumn<long> numbers
            ? numbers.Values[inside].ToString(CultureInfo.InvariantCulture)
            : ((Utf8Column)batch.Columns[0]).GetString(inside)!;
    }

    public string Reasons(int row)
    {
        (RecordBatch batch, int inside) = Find(row);
        return string.Join("; ", _reasonColumns.Select(column => ((Utf8Column)batch.Columns[column]).GetString(inside)).Where(text => text is not null));
    }

    public void Dispose() => _table.Dispose();

    private (RecordBatch Batch, int Row) Find(int row)
    {
        int index = Array.BinarySearch(_firstRows, row);
        if (index < 0)
            index = ~index - 1;
        return (_table.Batches[index], row - _firstRows[index]);
    }

    private static void CopyValues(PrimitiveColumn<double> column, Span<double> target)
    {
        for (int row = 0; row < column.Length; row++)
            target[row] = column.IsNull(row) ? double.NaN : column.Values[row];
    }
}
