using ChurnEngine.Audit;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Reads who had which kind of event when, from all tables of events.</summary>
internal static class EventScan
{
    /// <summary>Hands every event to <paramref name="history"/>.</summary>
    public static void Read(FeaturePlan plan, ColumnType keyType, IngestSession session, KindHistory history, StepContext context)
    {
        foreach (PlanTable table in plan.Tables.Where(table => table.Time is not null && (table.Kind is not null || table.Name == plan.Label!.Table)))
        {
            long unit = table.TimeUnit switch { TimeUnit.Seconds => 1_000_000, TimeUnit.Milliseconds => 1_000, _ => 1 };
            List<ColumnContract> columns =
            [
                new(table.Key, keyType, NotNull: true),
                new(table.Time!, table.TimeUnit == TimeUnit.None ? ColumnType.TimestampMicros : ColumnType.Int64, NotNull: true),
            ];
            if (table.Kind is { } kind)
                columns.Add(new ColumnContract(kind, ColumnType.Utf8));
            foreach (RecordBatch batch in session.Read(table.Source!, new TableContract { Columns = columns }, context.Cancellation))
            {
                using (batch)
                    history.Add(table.Name, batch.Columns[0], Micros(batch.Values<long>(table.Time!), unit), columns.Count > 2 ? (Utf8Column)batch.Columns[2] : null);
            }
        }
    }

    private static ReadOnlySpan<long> Micros(ReadOnlySpan<long> instants, long unit)
    {
        if (unit == 1)
            return instants;
        long[] scaled = new long[instants.Length];
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = instants[i] * unit;
        return scaled;
    }
}
