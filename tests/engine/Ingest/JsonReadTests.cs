using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Tests;

public sealed class JsonReadTests : IDisposable
{
    private readonly Tables _tables = new(badShareLimit: 1);

    public void Dispose() => _tables.Dispose();

    [Fact]
    public void Read_JsonLines_TakesKeysByNameAndEpochMillis()
    {
        _tables.Folder.Write("a.json", "{\"ts\":1538352117000,\"userId\":\"30\",\"page\":\"Next\\\"Song\"}\n\n{\"userId\":9,\"ts\":null,\"page\":\"\",\"extra\":{\"k\":[1]}}\n");

        List<IReadOnlyList<string?>> rows = _tables.Read("a.json", Tables.Contract(new("userId", ColumnType.Utf8), new("ts", ColumnType.TimestampMicros), new("page", ColumnType.Utf8), new("extra", ColumnType.Utf8)));

        Assert.Equal(["30", "2018-10-01T00:01:57.000000", "Next\"Song", null], rows[0]);
        Assert.Equal(["9", null, "", "{\"k\":[1]}"], rows[1]);
    }

    [Fact]
    public void Read_BrokenObjects_AreQuarantinedWithTheirLine()
    {
        _tables.Folder.Write("a.jsonl", "{\"a\":1}\n   \n{\"a\":2,\n{\"a\":3}\n[4]\n5\n{}\n{\"b\":6}\n{\"a\":7}\n");

        List<IReadOnlyList<string?>> rows = _tables.Read("a.jsonl", Tables.Contract(new ColumnContract("a", ColumnType.Int64)));

        Assert.Equal(["1", "3", null, null, "7"], rows.Select(row => row[0]));
        string[] quarantine = _tables.Quarantine();
        Assert.Equal(4, quarantine.Length);
        Assert.StartsWith("a.jsonl,2,,\"{\"\"a\"\":2,\",malformed JSON", quarantine[1]);
        Assert.Equal("a.jsonl,4,,[4],not a JSON object", quarantine[2]);
        Assert.Equal("a.jsonl,5,,5,not a JSON object", quarantine[3]);
        Assert.Equal((8, 3), (_tables.Session.Reports[0].RowsRead, _tables.Session.Reports[0].RowsRefused));
    }

    [Fact]
    public void Read_GlobWithAnEmptyPart_ReadsTheOthersInPathOrder()
    {
        _tables.Folder.Write("log/2.ndjson", "{\"a\":2}\n");
        _tables.Folder.Write("log/1.ndjson", "{\"a\":1,\"b\":\"x\"}\n");
        _tables.Folder.Write("log/3.ndjson", "");

        List<IReadOnlyList<string?>> rows = _tables.Read("log/*.ndjson", Tables.Contract(new("a", ColumnType.Int64), new("b", ColumnType.Utf8)));

        Assert.Equal([["1", "x"], ["2", null]], rows);
    }

    [Fact]
    public void Read_KeyBeyondTheSample_IsFound()
    {
        _tables.Folder.Write("a.json", string.Concat(Enumerable.Repeat("{\"a\":1}\n", 10_500)) + "{\"a\":2,\"late\":3}\n");
        List<IReadOnlyList<string?>> rows = _tables.Read("a.json", Tables.Contract(new("a", ColumnType.Int64), new("late", ColumnType.Int64)));
        Assert.Equal(["2", "3"], rows[^1]);
    }

    [Fact]
    public void Read_KeyInNoObject_IsMissing()
    {
        _tables.Folder.Write("a.json", "{\"userId\":1}\n");
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => _tables.Read("a.json", Tables.Contract(new ColumnContract("userid", ColumnType.Int64))));
        Assert.Equal("CE2006", error.Code.ToString());
        Assert.Contains("did you mean 'userId'?", error.Hint);
    }
}
