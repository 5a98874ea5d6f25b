using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>The scores of a finished job, as far as decisions need them. The keys and reasons stay in their batches; nothing is copied a row.</summary>
internal sealed class ScoreTable : IDisposable
{
    private readonly Table _table;
    private readonly int[] _firstRows;
    private readonly int[] _reasonColumns;

    private ScoreTable(Table table, Manifest manifest, string score, string? valueColumn)
    {
        (_table, Manifest) = (table, manifest);
        _firstRows = new int[table.Batches.Count];
        Rows = checked((int)table.RowCount);
        Score = new float[Rows];
        Value = valueColumn is null ? [] : new double[Rows];
        _reasonColumns = [.. Enumerable.Range(0, table.Schema.Fields.Count).Where(i => ReasonParts.IsSentence(table.Schema.Fields[i].Name))];
        int row = 0;
        for (int b = 0; b < table.Batches.Count; b++)
        {
            RecordBatch batch = table.Batches[b];
            _firstRows[b] = row;
            batch.Values<float>(score).CopyTo(Score.AsSpan(row));
            if (valueColumn is not null)
                CopyValues((PrimitiveColumn<double>)batch[valueColumn], Value.AsSpan(row));
            row += batch.Length;
        }
    }

    /// <summary>What the job was.</summary>
    public Manifest Manifest { get; }

    public int Rows { get; }

    /// <summary>[N] probabilities of churn; or what customers are worth, of a value model.</summary>
    public float[] Score { get; }

    /// <summary>[N] worth of each customer, NaN where unknown; empty when all are worth the same.</summary>
    public double[] Value { get; }

    /// <summary>The batches, key first.</summary>
    public IReadOnlyList<RecordBatch> Batches => _table.Batches;

    /// <summary>Row that a batch begins at.</summary>
    public int FirstRow(int batch) => _firstRows[batch];

    /// <summary>Reads the parts of a finished job.</summary>
    /// <param name="directory">Its folder.</param>
    /// <param name="settings">Which columns decisions need.</param>
    /// <param name="allowUncalibrated">Takes probabilities that are not calibrated.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    public static ScoreTable Read(string directory, DecisionSettings settings, bool allowUncalibrated, StepContext context)
    {
        Manifest manifest = ManifestOf(directory);
        if (!manifest.Columns.Contains("probability"))
            throw PipelineErrors.ScoresAreValues(directory);
        if (manifest.Calibration == "none" && !allowUncalibrated)
            throw PipelineErrors.Uncalibrated(directory, manifest.ModelVersion);
        string keyName = manifest.Columns[0];
        string? valueColumn = settings.ValueColumn;
        if (valueColumn is not null && !manifest.Columns.Contains(valueColumn))
            throw PipelineErrors.NoValueColumn(valueColumn, manifest.Columns);
        if (valueColumn is "probability" or "margin" || valueColumn == keyName || valueColumn?.StartsWith("reason_", StringComparison.Ordinal) == true)
            throw PipelineErrors.NotAValueColumn(valueColumn);
        // A column that a condition may name is read; that the text only looks so costs a column.
        string[] conditions = [.. settings.Rules.Select(rule => rule.Eligible).Append(settings.Rule).OfType<string>()];
        string[] asked = [.. manifest.Columns.Skip(1).Where(name => name != "probability" && name != valueColumn && !name.StartsWith("reason_", StringComparison.Ordinal) && (settings.Rules.Any(rule => rule.Segment == name) || Array.Exists(conditions, text => text.Contains(name, StringComparison.Ordinal))))];
        foreach (OfferRule rule in settings.Rules)
        {
            if (rule.Segment is { } segment && !manifest.Columns.Contains(segment))
                throw DecideErrors.NotASegmentColumn(rule.Place, segment, manifest.Columns);
        }
        return Read(directory, manifest, "probability", valueColumn, asked, context);
    }

    /// <summary>Reads keys and predictions of a finished job of a value model.</summary>
    /// <remarks>Errors: ChurnDataException CE6101 without finished scores, CE1183 when they are probabilities.</remarks>
    public static ScoreTable ReadValues(string directory, StepContext context)
    {
        Manifest manifest = ManifestOf(directory);
        return manifest.Columns.Contains("value") && !manifest.Columns.Contains("probability") ? Read(directory, manifest, "value", null, [], context) : throw DecideErrors.NotValues(directory);
    }

    private static Manifest ManifestOf(string directory) =>
        (File.Exists(Path.Combine(directory, "_SUCCESS")) ? Manifest.TryRead(directory) : null) ?? throw PipelineErrors.NoScores(directory);

    private static ScoreTable Read(string directory, Manifest manifest, string score, string? valueColumn, string[] asked, StepContext context)
    {
        using var session = new IngestSession(new IngestOptions { Budget = context.Budget });
        var source = new TableSource { Name = "scores", Path = Path.Combine(directory, $"part-*.{manifest.Format}"), Format = FormatOf(manifest, directory) };
        string keyName = manifest.Columns[0];
        if (manifest.Parts.FirstOrDefault(part => !File.Exists(Path.Combine(directory, part.Name))) is { } gone)
            throw PipelineErrors.PartGone(directory, gone.Name);
        IReadOnlyList<Field> fields = manifest.Rows > 0 && (source.Format != FileFormat.Csv || asked.Length > 0) ? session.Describe(source) : [];
        // CSV does not say which keys are texts: 007 must not become 7.
        ColumnType keyType = source.Format == FileFormat.Csv ? ColumnType.Utf8 : manifest.Rows == 0 || fields.First(field => field.Name == keyName).Type == ColumnType.Int64 ? ColumnType.Int64 : ColumnType.Utf8;
        var contract = new TableContract
        {
            Columns =
            [
                new(keyName, keyType, NotNull: true),
                new(score, ColumnType.Float32, NotNull: true),
                .. valueColumn is null ? Array.Empty<ColumnContract>() : [new(valueColumn, ColumnType.Float64)],
                .. asked.Select(name => new ColumnContract(name, fields.FirstOrDefault(field => field.Name == name)?.Type is ColumnType.Utf8 or ColumnType.Dictionary ? ColumnType.Utf8 : ColumnType.Float64)),
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
            return new ScoreTable(table ?? new Table(new Schema([.. contract.Columns.Select(column => new Field(column.Name, column.Type))])), manifest, score, valueColumn);
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

    /// <summary>Columns beside key and score that conditions and segments may name.</summary>
    public IReadOnlyList<Field> Beside => [.. _table.Schema.Fields.Skip(2).Where(column => !column.Name.StartsWith("reason_", StringComparison.Ordinal))];

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

    /// <summary>A hash of a key that is the same whether it is stored as a number or as its digits.</summary>
    /// <param name="keys">Column of keys, int64 or text.</param>
    /// <param name="row">Row of the column.</param>
    public static ulong HashOf(Column keys, int row)
    {
        if (keys is not PrimitiveColumn<long> numbers)
            return PartitionHash.OfUtf8(((Utf8Column)keys).GetBytes(row));
        Span<byte> digits = stackalloc byte[20];
        numbers.Values[row].TryFormat(digits, out int written, default, CultureInfo.InvariantCulture);
        return PartitionHash.OfUtf8(digits[..written]);
    }

    /// <summary>True when a key is that of a row.</summary>
    public bool IsKey(int row, Column keys, int at)
    {
        (RecordBatch batch, int inside) = Find(row);
        return (batch.Columns[0], keys) switch
        {
            (PrimitiveColumn<long> ours, PrimitiveColumn<long> theirs) => ours.Values[inside] == theirs.Values[at],
            (Utf8Column ours, Utf8Column theirs) => ours.GetBytes(inside).SequenceEqual(theirs.GetBytes(at)),
            (PrimitiveColumn<long> ours, Utf8Column theirs) => IsText(ours.Values[inside], theirs.GetBytes(at)),
            (Utf8Column ours, PrimitiveColumn<long> theirs) => IsText(theirs.Values[at], ours.GetBytes(inside)),
            _ => false,
        };
    }

    public void Dispose() => _table.Dispose();

    private static bool IsText(long number, ReadOnlySpan<byte> text)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out int written, default, CultureInfo.InvariantCulture);
        return text.SequenceEqual(digits[..written]);
    }

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
