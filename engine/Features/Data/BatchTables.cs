using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>Tables that are in memory already, one batch each: what a service has of one customer.</summary>
/// <remarks>Columns come as they are: a column of another type than the plan wants is an error, as nothing converts here.</remarks>
internal sealed class BatchTables(IReadOnlyDictionary<string, RecordBatch> tables) : ITableReader
{
    public bool HandsOver => false;

    public TableSource SourceOf(PlanTable table) => tables.ContainsKey(table.Name) ? new TableSource { Name = table.Name, Path = "" } : throw FeaturesErrors.NoSource(table.Name);

    public IReadOnlyList<Field> Describe(TableSource source) => tables[source.Name].Schema.Fields;

    public IEnumerable<RecordBatch> Read(TableSource source, TableContract contract, CancellationToken cancellation)
    {
        yield return Choose(source.Name, tables[source.Name], contract);
    }

    /// <summary>The columns of a contract out of a batch, without a copy: they belong to the batch still.</summary>
    public static RecordBatch Choose(string table, RecordBatch batch, TableContract contract)
    {
        Column[] columns = [.. contract.Columns.Select(wanted => Take(table, batch, wanted))];
        return new RecordBatch(new Schema([.. columns.Select((column, i) => new Field(contract.Columns[i].Name, column.Type))]), columns, batch.Length);
    }

    private static Column Take(string table, RecordBatch batch, ColumnContract wanted)
    {
        int index = batch.Schema.IndexOf(wanted.Name);
        if (index < 0)
            return Nothing(batch.Length);
        Column column = batch.Columns[index];
        bool fits = column.Type == wanted.Type || (wanted.Type == ColumnType.Utf8 && column.Type == ColumnType.Dictionary);
        if (!fits)
            throw FeaturesErrors.WrongType(table, wanted.Name, wanted.Type, column.Type);
        return wanted.NotNull && column.NullCount > 0 ? throw FeaturesErrors.MissingValue(table, wanted.Name) : column;
    }

    // A label that scoring does not need.
    private static Utf8Column Nothing(int rows)
    {
        using var builder = new Utf8Builder();
        for (int row = 0; row < rows; row++)
            builder.AppendNull();
        return builder.Build();
    }
}
