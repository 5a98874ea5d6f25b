using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Tests;

public sealed class DescribeTests : IDisposable
{
    private readonly Tables _tables = new();

    public void Dispose() => _tables.Dispose();

    [Fact]
    public void Describe_Csv_InfersFromEveryRowAndPassesBlanksOver()
    {
        _tables.Folder.Write("a.csv", "i,x,code,text,yes,truth,day,at,none\n1, ,007,a,Yes,true,2024-01-01,2024-01-01,\n,2.5,12,1,No,FALSE,,2024-01-01T10:00Z,NA\n3,4,13,,Yes,,2024-02-29,,\n");
        Assert.Equal(
            "i Int64, x Float64, code Utf8, text Utf8, yes Utf8, truth Boolean, day Date32, at TimestampMicros, none Utf8", Describe("a.csv"));
    }

    [Fact]
    public void Describe_Json_ListsKeysInOrder()
    {
        _tables.Folder.Write("a.json", "{\"ts\":1538352117000,\"page\":\"x\"}\n{\"length\":1.5,\"ts\":2,\"nested\":{\"a\":1}}\n");
        Assert.Equal("length Float64, ts Int64, page Utf8, nested Utf8", Describe("a.json"));
    }

    [Fact]
    public void Describe_FilesThatDiffer_Widens()
    {
        _tables.WriteParquet("d/a.parquet", Tables.Int64("x", 1), Tables.Int64("y", 1));
        _tables.WriteParquet("d/b.parquet", Tables.Float64("x", 1), Tables.Utf8("y", "a"), Tables.Primitive<short>("z", ColumnType.Int16, 1));
        Assert.Equal("x Float64, y Utf8, z Int16", Describe("d"));
    }

    [Fact]
    public void Describe_Mapping_GivesOurNames()
    {
        _tables.Folder.Write("a.csv", "CustomerID\n1\n");
        var source = new TableSource { Name = "t", Path = _tables.Folder["a.csv"], Columns = new Dictionary<string, string> { ["id"] = "CustomerID" } };
        Assert.Equal([new Field("id", ColumnType.Int64)], _tables.Session.Describe(source));
    }

    [Fact]
    public void Describe_ThenReadUnderIt_RefusesNothing()
    {
        _tables.Folder.Write("a.csv", "a,b,c\n1,2024-01-01,x\n2.5e0,2024-01-02,\n,2024-01-03 10:11:12.5,1\n");
        IReadOnlyList<Field> fields = _tables.Session.Describe(new TableSource { Name = "t", Path = _tables.Folder["a.csv"] });
        Assert.Equal(3, _tables.Read("a.csv", Tables.Contract([.. fields.Select(field => new ColumnContract(field.Name, field.Type))])).Count);
        Assert.Equal(0, _tables.Session.Reports[0].RowsRefused);
    }

    private string Describe(string path) =>
        string.Join(", ", _tables.Session.Describe(new TableSource { Name = "t", Path = _tables.Folder[path] }).Select(field => $"{field.Name} {field.Type}"));
}
