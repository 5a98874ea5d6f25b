namespace ChurnEngine.Columns.Tests.Types;

public class RecordBatchTests
{
    private static readonly Schema s_schema = new(new Field("id", ColumnType.Int64, Nullable: false), new Field("name", ColumnType.Utf8));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Constructor_FittingColumns_GivesThemByName(int rows)
    {
        using RecordBatch batch = Batch(rows);
        Assert.Equal(rows, batch.Length);
        Assert.Equal(Enumerable.Range(0, rows).Select(i => (long)i), batch.Values<long>("id").ToArray());
        Assert.Same(batch.Columns[1], batch["name"]);
        Assert.Throws<KeyNotFoundException>(() => batch["Name"]);
        Assert.Throws<InvalidCastException>(() => batch.Values<int>("id").Length);
    }

    [Fact]
    public void Constructor_ColumnsThatDoNotFit_Throws()
    {
        using PrimitiveColumn<long> ids = Ids(2);
        using Utf8Column names = Names(2);
        Assert.Throws<ArgumentException>(() => new RecordBatch(s_schema, [ids], 2));
        Assert.Throws<ArgumentException>(() => new RecordBatch(s_schema, [names, ids], 2));
        Assert.Contains("'id'", Assert.Throws<ArgumentException>(() => new RecordBatch(s_schema, [ids, names], 3)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordBatch(new Schema(), [], -1));
    }

    [Fact]
    public void Constructor_NoColumns_StillHasRows()
    {
        using var batch = new RecordBatch(new Schema(), [], 5);
        Assert.Equal(5, batch.Length);
    }

    [Fact]
    public void Dispose_Batch_DisposesItsColumns()
    {
        RecordBatch batch = Batch(1);
        var ids = (PrimitiveColumn<long>)batch["id"];
        batch.Dispose();
        batch.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ids.Values.Length);
    }

    [Fact]
    public void Table_SeveralBatches_AddsUpRowsAndDisposesThem()
    {
        var table = new Table(s_schema);
        RecordBatch last = Batch(4);
        table.Add(Batch(3));
        table.Add(Batch(0));
        table.Add(last);
        Assert.Equal(7, table.RowCount);
        Assert.Equal([3, 0, 4], table.Batches.Select(b => b.Length));
        table.Dispose();
        Assert.Throws<ObjectDisposedException>(() => last.Values<long>("id").Length);
    }

    [Fact]
    public void Table_BatchOfAnotherSchema_IsRefusedAndStaysTheCallers()
    {
        using var table = new Table(new Schema(new Field("id", ColumnType.Int64), new Field("name", ColumnType.Utf8)));
        using RecordBatch batch = Batch(1);
        Assert.Throws<ArgumentException>(() => table.Add(batch));
        Assert.Equal(0, table.RowCount);
        Assert.Equal(1, batch.Values<long>("id").Length);
    }

    [Fact]
    public void Schema_Names_AreUniqueAndFoundExactly()
    {
        Assert.Equal(1, s_schema.IndexOf("name"));
        Assert.Equal(-1, s_schema.IndexOf("NAME"));
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => new Schema(new Field("a", ColumnType.Int8), new Field("a", ColumnType.Utf8))).Message);
    }

    [Fact]
    public void Schema_SameAs_LooksAtNamesTypesAndOrder()
    {
        Field id = new("id", ColumnType.Int64), name = new("name", ColumnType.Utf8);
        var schema = new Schema(id, name);
        Assert.True(schema.SameAs(new Schema(id with { }, name with { })));
        Assert.False(schema.SameAs(new Schema(name, id)));
        Assert.False(schema.SameAs(new Schema(id)));
        Assert.False(schema.SameAs(new Schema(id, name with { Type = ColumnType.Dictionary })));
    }

    private static RecordBatch Batch(int rows) => new(s_schema, [Ids(rows), Names(rows)], rows);

    private static PrimitiveColumn<long> Ids(int rows)
    {
        using var builder = new PrimitiveBuilder<long>(ColumnType.Int64);
        for (int row = 0; row < rows; row++)
            builder.Append(row);
        return builder.Build();
    }

    private static Utf8Column Names(int rows)
    {
        using var builder = new Utf8Builder();
        for (int row = 0; row < rows; row++)
            builder.Append(row % 2 == 0 ? $"n{row}" : null);
        return builder.Build();
    }
}
