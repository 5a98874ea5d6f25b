using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features.Tests.Live;

/// <summary>The rows of one customer, read from the files of a plan.</summary>
internal sealed class CustomerRows : IDisposable
{
    private readonly Dictionary<string, RecordBatch> _tables = [];

    public IReadOnlyDictionary<string, RecordBatch> Tables => _tables;

    /// <summary>Null for the few customers whose rows of a table stand in two batches.</summary>
    public static CustomerRows? Of(long customer, FeaturePlan plan, IngestSession session)
    {
        var rows = new CustomerRows();
        foreach (PlanTable table in plan.Tables)
        {
            List<RecordBatch> parts = [];
            foreach (RecordBatch batch in session.Read(table.Source!, plan.ContractOf(table.Name, session), default))
            {
                using (batch)
                {
                    ReadOnlySpan<long> keys = batch.Values<long>(table.Key);
                    List<int> own = [];
                    for (int row = 0; row < keys.Length; row++)
                    {
                        if (keys[row] == customer)
                            own.Add(row);
                    }
                    if (own.Count > 0 || parts.Count == 0)
                        parts.Add(Take(batch, [.. own]));
                }
            }
            if (parts.Count > 1 && parts[0].Length == 0)
            {
                parts[0].Dispose();
                parts.RemoveAt(0);
            }
            if (parts.Count > 1)
            {
                parts.ForEach(part => part.Dispose());
                rows.Dispose();
                return null;
            }
            rows._tables.Add(table.Name, parts[0]);
        }
        return rows;
    }

    /// <summary>All rows in parts of a few, in any order of parts, tables and rows.</summary>
    public IEnumerable<(string Table, RecordBatch Part)> Shuffled(Random random)
    {
        var parts = new List<(string, RecordBatch)>();
        foreach ((string table, RecordBatch batch) in _tables)
        {
            int[] order = [.. Enumerable.Range(0, batch.Length).OrderBy(_ => random.Next())];
            foreach (int[] chunk in order.Chunk(1 + random.Next(4)))
                parts.Add((table, Take(batch, chunk)));
        }
        return parts.OrderBy(_ => random.Next()).ToArray();
    }

    public void Dispose()
    {
        foreach (RecordBatch batch in _tables.Values)
            batch.Dispose();
    }

    private static RecordBatch Take(RecordBatch batch, int[] rows) =>
        new(batch.Schema, [.. batch.Columns.Select(column => column.Gather(rows))], rows.Length);
}
