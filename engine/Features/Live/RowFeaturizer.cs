using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Features of rows of a plain table that come in batches: each row stands for itself, and rows stay in their order.</summary>
/// <remarks>They are those that a job over the same rows in a file computes, bit for bit: rows go through the same loader and the same featurizer. Two rows of
/// one key are two rows here. Thread-safe. Memory: a copy of the columns that the plan reads, and the features.</remarks>
public sealed class RowFeaturizer : IRowFeatures
{
    private static readonly JobBudget s_oneThread = new() { Threads = 1 };
    private readonly FeaturePlan _plan;

    /// <summary>Takes the plan of a plain table.</summary>
    /// <param name="plan">One table without instants, categories frozen: the plan of a model that was trained on a table.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE3044 when features compare with the whole population; <see cref="ArgumentException"/> for another plan.</remarks>
    public RowFeaturizer(FeaturePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.IsTimeless || plan.Tables.Count != 1 || !plan.IsFrozen)
            throw new ArgumentException("not the plan of a plain table, with its categories", nameof(plan));
        if (plan.Definitions.FirstOrDefault(feature => feature.UsesPopulation) is { } needy)
            throw FeaturesErrors.NeedsPopulation(needy.Name);
        _plan = plan;
    }

    /// <summary>Name of the key's column.</summary>
    public string KeyName => _plan.Entity;

    /// <summary>The F features, in the order of the matrix.</summary>
    public IReadOnlyList<FeatureInfo> Features => _plan.Features;

    /// <summary>Columns that a batch must have beside the key: the features are called like them.</summary>
    public IEnumerable<string> Columns => _plan.Features.Select(feature => feature.Name);

    /// <summary>Computes the features of a batch.</summary>
    /// <param name="rows">[N] rows with the columns of the features, in any order, beside others; stays the caller's. Text that is no number is missing where a number
    /// is read, as is NaN; a text that training did not see is a missing category.</param>
    /// <returns>[N, F] features in the order of the rows; the caller disposes it.</returns>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> for a column that is not there; <see cref="ChurnDataException"/> for one of a type that the plan cannot
    /// read, or a number that is infinite.</remarks>
    public FeatureMatrix Compute(RecordBatch rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        FeatureMatrix result = FeatureMatrix.Allocate(_plan.Features, rows.Length);
        if (rows.Length == 0)
            return result;
        try
        {
            using Column numbers = Count(rows.Length);
            using Column nothing = Nothing(rows.Length);
            using var data = CustomerData.Load(_plan, new PartTables(_plan.Tables[0].Name, Numbered(rows, numbers, nothing)), s_oneThread, null, CancellationToken.None);
            using FeatureSnapshot snapshot = new Featurizer(_plan, data).Compute(FeatureSnapshot.Timeless, Population.Scoring, s_oneThread, CancellationToken.None);
            ReadOnlySpan<long> places = ((PrimitiveColumn<long>)snapshot.Keys).Values;
            for (int row = 0; row < rows.Length; row++)
                snapshot.Matrix.Row(row).CopyTo(result.Row(places[row]));
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    // The place of a row is its key, so that each row is a customer; its own key does not matter here, nor does a label.
    private RecordBatch Numbered(RecordBatch rows, Column numbers, Column nothing)
    {
        string? label = _plan.Label?.Column;
        List<Field> fields = [new(_plan.Entity, ColumnType.Int64)];
        List<Column> columns = [numbers];
        if (label is not null && label != _plan.Entity)
        {
            fields.Add(new(label, ColumnType.Utf8));
            columns.Add(nothing);
        }
        for (int i = 0; i < rows.Columns.Count; i++)
        {
            if (rows.Schema.Fields[i].Name == _plan.Entity || rows.Schema.Fields[i].Name == label)
                continue;
            fields.Add(rows.Schema.Fields[i]);
            columns.Add(rows.Columns[i]);
        }
        return new RecordBatch(new Schema(fields), columns, rows.Length);
    }

    private static PrimitiveColumn<long> Count(int rows)
    {
        NativeBuffer<long> numbers = NativeBuffer<long>.Allocate(rows);
        for (int row = 0; row < rows; row++)
            numbers[row] = row;
        return new PrimitiveColumn<long>(ColumnType.Int64, numbers, rows);
    }

    private static Utf8Column Nothing(int rows) => new(NativeBuffer<int>.AllocateZeroed(rows + 1), NativeBuffer<byte>.Allocate(0), rows, NativeBuffer<byte>.AllocateZeroed(Bitmap.ByteLength(rows)));

    private sealed class PartTables(string table, RecordBatch rows) : ITableReader
    {
        private readonly BatchTables _tables = new(new Dictionary<string, RecordBatch> { [table] = rows });

        public bool HandsOver => false;

        public bool IsPart => true;

        public Ingest.TableSource SourceOf(PlanTable wanted) => _tables.SourceOf(wanted);

        public IReadOnlyList<Field> Describe(Ingest.TableSource source) => _tables.Describe(source);

        public IEnumerable<RecordBatch> Read(Ingest.TableSource source, Ingest.TableContract contract, CancellationToken cancellation) => _tables.Read(source, contract, cancellation);
    }
}
