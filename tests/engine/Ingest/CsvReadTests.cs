using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Tests;

public sealed class CsvReadTests : IDisposable
{
    private readonly Tables _tables = new(badShareLimit: 1);

    public void Dispose() => _tables.Dispose();

    [Fact]
    public void Read_Csv_ConvertsInContractOrder()
    {
        _tables.Folder.Write("a.csv", "id,unread,amount,at,on,ok,name\n1,x,2.5,2024-05-06T07:08:09.5+02:00,2024-02-29,yes,\"a, \"\"b\"\"\"\n2,x,-1e3,2024-05-06,20240301,False,ü\n");

        List<IReadOnlyList<string?>> rows = _tables.Read("a.csv", Tables.Contract(
            new ColumnContract("name", ColumnType.Utf8), new ColumnContract("id", ColumnType.Int64), new ColumnContract("amount", ColumnType.Float64),
            new ColumnContract("at", ColumnType.TimestampMicros), new ColumnContract("on", ColumnType.Date32), new ColumnContract("ok", ColumnType.Boolean)));

        Assert.Equal(["a, \"b\"", "1", "2.5", "2024-05-06T05:08:09.500000", "2024-02-29", "true"], rows[0]);
        Assert.Equal(["ü", "2", "-1000", "2024-05-06T00:00:00.000000", "2024-03-01", "false"], rows[1]);
    }

    [Theory]
    [InlineData("a.csv", "id,x\n1,2\n")]
    [InlineData("a.csv", "\uFEFFid,x\r\n1,2\r\n")]
    [InlineData("a.csv", "id;x\n1;2\n")]
    [InlineData("a.csv", "id|x\n1|2")]
    [InlineData("a.tsv", "id\tx\n1\t2\n")]
    [InlineData("a.csv", "\"id\",\"x\"\n\"1\",\"2\"\n")]
    public void Read_AnyDialect_FindsColumns(string name, string text)
    {
        _tables.Folder.Write(name, text);
        Assert.Equal(["1", "2"], Assert.Single(_tables.Read(name, Tables.Contract(new("id", ColumnType.Int64), new("x", ColumnType.Float64)))));
    }

    [Fact]
    public void Read_Gzip_IsUnpacked()
    {
        using (var file = new StreamWriter(new System.IO.Compression.GZipStream(File.Create(_tables.Folder["a.csv.gz"]), System.IO.Compression.CompressionLevel.Fastest)))
            file.Write("id\n7\n");
        Assert.Equal(["7"], Assert.Single(_tables.Read("a.csv.gz", Tables.Contract(new ColumnContract("id", ColumnType.Int64)))));
    }

    [Fact]
    public void Read_MissingTexts_AreNull()
    {
        _tables.Folder.Write("a.csv", "x,t\n,\n   ,\" \"\nNaN,NA\nnull,\\N\n\"\",n/a\n");
        Assert.All(_tables.Read("a.csv", Tables.Contract(new("x", ColumnType.Float64), new("t", ColumnType.TimestampMicros))), row => Assert.Equal([null, null], row));
        Assert.Equal(0, _tables.Session.Reports[0].RowsRefused);
    }

    [Fact]
    public void Read_BadCells_GoToTheQuarantineWithFileRowColumnValueReason()
    {
        _tables.Folder.Write("a.csv", "id,x,n,t\n1,1.5,1,2024-01-01\n2,abc,2.5,2024-13-01\n3,inf,3,2024-01-01\n4,1e999,5.0,\"no,\"\"pe\"\n,2,6,2024-01-01\n");

        List<IReadOnlyList<string?>> rows = _tables.Read("a.csv", Tables.Contract(
            new("id", ColumnType.Int64, NotNull: true), new("x", ColumnType.Float64), new("n", ColumnType.Int64), new("t", ColumnType.TimestampMicros)));

        Assert.Equal(["1", "1.5", "1", "2024-01-01T00:00:00.000000"], Assert.Single(rows));
        Assert.Equal(
        [
            "file,row,column,value,reason",
            "a.csv,2,x,abc,not a number",
            "a.csv,2,n,2.5,not a whole number",
            "a.csv,2,t,2024-13-01,\"not a time (ISO 8601, or whole milliseconds since 1970)\"",
            "a.csv,3,x,inf,infinite",
            "a.csv,4,x,1e999,out of range",
            "a.csv,4,t,\"no,\"\"pe\",\"not a time (ISO 8601, or whole milliseconds since 1970)\"",
            "a.csv,5,id,,no value where one is required",
        ], _tables.Quarantine());
        TableReport report = Assert.Single(_tables.Session.Reports);
        Assert.Equal((5, 4, _tables.Folder["quarantine/t.csv"]), (report.RowsRead, report.RowsRefused, report.QuarantineFile));
    }

    [Fact]
    public void Read_BrokenLines_AreQuarantinedInRowOrderAmongBadCells()
    {
        _tables.Folder.Write("a.csv", "id,x\n1,bad1\n2\n3,bad3\n4,5,6\n5,7\n6,bad6\n7,8\n");

        List<IReadOnlyList<string?>> rows = _tables.Read("a.csv", Tables.Contract(new("id", ColumnType.Int64), new("x", ColumnType.Int64)));

        Assert.Equal(["5", "7"], rows.Select(row => row[0]));
        Assert.Equal(["1 x bad1", "2  2", "3 x bad3", "4  4,5,6", "6 x bad6"],
            _tables.Quarantine().Skip(1).Select(line => line.Replace("\"4,5,6\"", "4;5;6").Split(',')).Select(part => $"{part[1]} {part[2]} {part[3].Replace(';', ',')}"));
        Assert.Equal((7, 5), (_tables.Session.Reports[0].RowsRead, _tables.Session.Reports[0].RowsRefused));
    }

    [Fact]
    public void Read_UnterminatedQuote_CountsEveryLineItSwallowed()
    {
        _tables.Folder.Write("a.csv", "id,x\n1,a\n2,\"open\n3,c\n4,d\n");

        List<IReadOnlyList<string?>> rows = _tables.Read("a.csv", Tables.Contract(new("id", ColumnType.Int64), new("x", ColumnType.Utf8)));

        Assert.Equal(4, rows.Count + _tables.Session.Reports[0].RowsRefused);
        Assert.Equal(4, _tables.Session.Reports[0].RowsRead);
        Assert.Equal(["1", "a"], rows[0]);
        Assert.Contains(_tables.Quarantine(), line => line.Contains("a quote is never closed", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_RejectsInTwoFiles_AreNotMixedUp()
    {
        _tables.Folder.Write("d/a.csv", "id\n1\n2,2\n");
        _tables.Folder.Write("d/b.csv", "id\n3,3\n4\n");

        Assert.Equal(["1", "4"], _tables.Read("d", Tables.Contract(new ColumnContract("id", ColumnType.Int64))).Select(row => row[0]));

        Assert.Equal(["d/a.csv,2,", "d/b.csv,1,"], _tables.Quarantine().Skip(1).Select(line => line[..10]));
    }

    [Fact]
    public void Read_NoQuarantineFolder_CountsAndDescribes()
    {
        using var tables = new Tables(badShareLimit: 0.5, quarantine: false);
        tables.Folder.Write("a.csv", "id\n1\nx\n3\n2,9\n");

        ChurnDataException error = Assert.Throws<ChurnDataException>(() => { tables.Read("a.csv", Tables.Contract(new ColumnContract("id", ColumnType.Int64, NotNull: true))); tables.Read("a.csv", Tables.Contract(new ColumnContract("nope", ColumnType.Int64))); });

        Assert.Equal("CE2006", error.Code.ToString());
        Assert.Equal((2L, (string?)null), (tables.Session.Reports[0].RowsRefused, tables.Session.Reports[0].QuarantineFile));
        Assert.False(Directory.Exists(tables.Folder["quarantine"]));
    }

    [Fact]
    public void Read_DuplicateKeys_KeepsTheFirstGoodRow()
    {
        _tables.Folder.Write("a.csv", "id,x\n5,bad\n5,1\n6,2\n5,3\n0,1\n0,2\n");

        List<IReadOnlyList<string?>> rows = _tables.Read("a.csv", Tables.Contract(new("id", ColumnType.Int64), new("x", ColumnType.Int64)) with { UniqueKey = ["id"] });

        Assert.Equal(["1", "2", "1"], rows.Select(row => row[1]));
        Assert.Equal(["a.csv,1,x,bad,not a whole number", "a.csv,4,id,5,duplicate key", "a.csv,6,id,0,duplicate key"], _tables.Quarantine().Skip(1));
    }

    [Fact]
    public void Read_DuplicateTextAndCompositeKeys_AreFoundAcrossFiles()
    {
        _tables.Folder.Write("d/a.csv", "a,b\nx,1\nx,2\n");
        _tables.Folder.Write("d/b.csv", "a,b\nx,2\nx1,\ny,1\n");

        List<IReadOnlyList<string?>> rows = _tables.Read("d", Tables.Contract(new("a", ColumnType.Utf8), new("b", ColumnType.Utf8)) with { UniqueKey = ["a", "b"] });

        Assert.Equal(["x1", "x2", "x1", "y1"], rows.Select(row => row[0] + row[1]));
        Assert.Equal("d/b.csv,1,a,\"x, 2\",duplicate key", _tables.Quarantine()[1]);
    }
}
