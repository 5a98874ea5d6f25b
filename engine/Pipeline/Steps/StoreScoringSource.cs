using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>Customers whose features lie in an offline store, read a partition at a time: memory does not grow with their number.</summary>
/// <param name="store">The store; its plan is the model's.</param>
/// <param name="asOf">A date that is there.</param>
/// <param name="plan">The model's plan, whose categories give the texts their codes.</param>
/// <param name="session">Reads; must stay open.</param>
/// <param name="rows">Rows of that date.</param>
/// <param name="cancellation">Interrupts a read.</param>
internal sealed class StoreScoringSource(OfflineStore store, long asOf, FeaturePlan plan, IngestSession session, long rows, CancellationToken cancellation) : IScoringSource
{
    // A row group as the store writes them: a partition decodes none that another needs.
    private const int PartitionRows = 122_880;
    private readonly CategoryLookup?[] _codes = CategoryLookup.Of(plan);

    /// <summary>Counts texts that the model does not know; null: nobody asks.</summary>
    public UnknownLevels? Unknown { get; init; }

    public string KeyName => store.Manifest.Entity;

    public ColumnType KeyType => store.Manifest.KeyType;

    public IReadOnlyList<FeatureInfo> Features => plan.Features;

    public long? AsOf => asOf;

    public int PartitionCount => (int)((rows + PartitionRows - 1) / PartitionRows);

    public long CustomerCount => rows;

    public ScoringPartition Load(int partition)
    {
        long first = (long)partition * PartitionRows;
        int count = (int)Math.Min(PartitionRows, rows - first);
        FeatureMatrix matrix = FeatureMatrix.Allocate(plan.Features, count);
        using ColumnBuilder keys = KeyType == ColumnType.Utf8 ? new Utf8Builder() : new PrimitiveBuilder<long>(ColumnType.Int64);
        int row = 0;
        foreach (RecordBatch batch in store.Read(asOf, session, cancellation, new RowRange(first, count)))
        {
            using (batch)
            {
                Append(keys, batch.Columns[0]);
                for (int feature = 0; feature < plan.Features.Count; feature++)
                    StoredColumns.Copy(batch.Columns[feature + 1], _codes[feature], matrix.Rows(row, batch.Length), (feature, plan.Features.Count), Unknown);
                row += batch.Length;
            }
        }
        if (row != count)
            throw PipelineErrors.StoreShrank(store.PathOf(asOf), count, row);
        return new ScoringPartition(matrix, keys.Build(), NotAtRisk: 0);
    }

    private static void Append(ColumnBuilder keys, Column column)
    {
        if (keys is PrimitiveBuilder<long> numbers)
        {
            foreach (long key in ((PrimitiveColumn<long>)column).Values)
                numbers.Append(key);
            return;
        }
        var texts = (Utf8Column)column;
        for (int row = 0; row < texts.Length; row++)
            ((Utf8Builder)keys).Append(texts.GetBytes(row));
    }
}
