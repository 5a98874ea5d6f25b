using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>Rows to leave out while tables are read, for whoever asks whether they matter: nothing that happened later may change a feature.</summary>
/// <remarks>A row is left out when any of the conditions that are set says so. Tables without instants keep all their rows under the first two.</remarks>
public sealed record RowCut
{
    /// <summary>Leaves out what happens or begins to hold at or after this instant, microseconds since 1970 UTC; null: no such condition.</summary>
    public long? From { get; init; }

    /// <summary>Leaves out what became known after this instant, microseconds since 1970 UTC; null: no such condition.</summary>
    public long? KnownAfter { get; init; }

    /// <summary>Leaves out the rows of one kind of one table; null: no such condition.</summary>
    public (string Table, string Kind)? Kind { get; init; }

    /// <summary>Leaves out the rows of one table whose column of instants, which the plan need not know, lies after an instant; null: no such condition.</summary>
    public (string Table, string Column, long After)? Stamp { get; init; }
}

/// <summary>Hands on what another reader reads, without the rows of a <see cref="RowCut"/>.</summary>
internal sealed class CutTables(ITableReader inner, FeaturePlan plan, RowCut cut) : ITableReader
{
    public bool LeavesOut => true;

    public TableSource SourceOf(PlanTable table) => inner.SourceOf(table);

    public IReadOnlyList<Field> Describe(TableSource source) => inner.Describe(source);

    public IEnumerable<RecordBatch> Read(TableSource source, TableContract contract, CancellationToken cancellation)
    {
        PlanTable table = plan.Tables.First(candidate => candidate.Name == source.Name);
        string? stamp = cut.Stamp is { } asked && asked.Table == table.Name ? asked.Column : null;
        bool adds = stamp is not null && contract.Columns.All(column => column.Name != stamp);
        TableContract wider = adds ? contract with { Columns = [.. contract.Columns, new ColumnContract(stamp!, ColumnType.TimestampMicros)] } : contract;
        foreach (RecordBatch batch in inner.Read(source, wider, cancellation))
        {
            using (batch)
            {
                int[] kept = Kept(batch, table, stamp);
                if (kept.Length > 0)
                    yield return new RecordBatch(SchemaOf(batch, contract), [.. contract.Columns.Select((_, i) => batch.Columns[i].Gather(kept))], kept.Length);
            }
        }
    }

    private int[] Kept(RecordBatch batch, PlanTable table, string? stamp)
    {
        bool[] kept = new bool[batch.Length];
        Array.Fill(kept, true);
        long unit = table.TimeUnit switch { TimeUnit.Seconds => 1_000_000, TimeUnit.Milliseconds => 1_000, _ => 1 };
        if (table.Instant is { } instant)
        {
            Drop(batch, instant, kept, value => value >= Unscaled(cut.From, unit));
            Drop(batch, table.Known ?? instant, kept, value => value > (cut.KnownAfter is { } known ? Math.Floor((double)known / unit) : double.PositiveInfinity));
        }
        if (stamp is not null)
            Drop(batch, stamp, kept, value => value > cut.Stamp!.Value.After);
        if (cut.Kind is { } kind && kind.Table == table.Name && table.Kind is { } column)
        {
            byte[] text = Encoding.UTF8.GetBytes(kind.Kind);
            for (int row = 0; row < kept.Length; row++)
                kept[row] &= !IsText(batch[column], row, text);
        }
        return [.. Enumerable.Range(0, kept.Length).Where(row => kept[row])];
    }

    private static double Unscaled(long? micros, long unit) => micros is { } from ? Math.Ceiling((double)from / unit) : double.PositiveInfinity;

    private static void Drop(RecordBatch batch, string column, bool[] kept, Func<long, bool> goes)
    {
        Column instants = batch[column];
        ReadOnlySpan<long> values = ((PrimitiveColumn<long>)instants).Values;
        for (int row = 0; row < kept.Length; row++)
            kept[row] &= instants.IsNull(row) || !goes(values[row]);
    }

    private static bool IsText(Column column, int row, byte[] text) => column switch
    {
        _ when column.IsNull(row) => false,
        Utf8Column utf8 => utf8.GetBytes(row).SequenceEqual(text),
        DictionaryColumn codes => codes.Dictionary.GetBytes(codes.Codes[row]).SequenceEqual(text),
        PrimitiveColumn<long> whole => Encoding.UTF8.GetBytes(whole.Values[row].ToString(System.Globalization.CultureInfo.InvariantCulture)).AsSpan().SequenceEqual(text),
        PrimitiveColumn<int> whole => Encoding.UTF8.GetBytes(whole.Values[row].ToString(System.Globalization.CultureInfo.InvariantCulture)).AsSpan().SequenceEqual(text),
        _ => false,
    };

    private static Schema SchemaOf(RecordBatch batch, TableContract contract) =>
        contract.Columns.Count == batch.Columns.Count ? batch.Schema : new Schema([.. batch.Schema.Fields.Take(contract.Columns.Count)]);
}
