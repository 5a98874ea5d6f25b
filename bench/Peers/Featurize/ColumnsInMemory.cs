using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Bench.Peers;

/// <summary>The tables of a plan, read once and handed out again and again as they came.</summary>
internal sealed class ColumnsInMemory : ITableReader, IDisposable
{
    private readonly Dictionary<string, (IReadOnlyList<Field> Fields, List<RecordBatch> Batches)> _tables = [];

    public ColumnsInMemory(FeaturePlan plan, IngestSession session)
    {
        foreach (PlanTable table in plan.Tables)
        {
            List<RecordBatch> batches = [.. session.Read(table.Source!, plan.ContractOf(table.Name, session), CancellationToken.None)];
            _tables.Add(table.Name, (session.Describe(table.Source!), batches));
        }
    }

    public bool HandsOver => false;

    public IReadOnlyList<Field> Describe(TableSource source) => _tables[source.Name].Fields;

    public IEnumerable<RecordBatch> Read(TableSource source, TableContract contract, CancellationToken cancellation) => _tables[source.Name].Batches;

    public void Dispose()
    {
        foreach (RecordBatch batch in _tables.Values.SelectMany(table => table.Batches))
            batch.Dispose();
    }
}
