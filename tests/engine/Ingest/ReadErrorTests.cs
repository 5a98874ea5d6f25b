using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Tests;

public sealed class ReadErrorTests : IDisposable
{
    private static readonly TableContract s_id = Tables.Contract(new ColumnContract("id", ColumnType.Int64));
    private readonly Tables _tables = new();

    public void Dispose() => _tables.Dispose();

    [Fact]
    public void Read_AbsentFile_SaysSo() => Fails("CE2001", "absent.csv", "'*absent.csv' does not exist");

    [Fact]
    public void Read_GlobOfNothing_SaysSo() => Fails("CE2002", "none/*.csv", "no data file matches");

    [Fact]
    public void Read_FolderOfNothing_SaysSo()
    {
        _tables.Folder.Write("d/readme.txt", "x");
        Fails("CE2002", "d", "no data file matches");
    }

    [Fact]
    public void Read_FormatUnknown_SaysSo()
    {
        _tables.Folder.Write("a.xlsx", "x");
        Fails("CE2003", "a.xlsx", "cannot be told");
    }

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.parquet")]
    [InlineData("a.json")]
    public void Read_EmptyFile_SaysSo(string name)
    {
        _tables.Folder.Write(name, "");
        Fails("CE2004", name, "is empty (0 bytes)");
    }

    [Fact]
    public void Read_HeaderOnly_SaysSo()
    {
        _tables.Folder.Write("a.csv", "id,x\n");
        Fails("CE2005", "a.csv", "has columns but no rows");
    }

    [Fact]
    public void Read_ParquetWithoutRows_SaysSo()
    {
        _tables.WriteParquet("a.parquet", Tables.Int64("id"));
        Fails("CE2005", "a.parquet", "has columns but no rows");
    }

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.parquet")]
    public void Read_MissingColumn_ListsTheColumnsAndSuggests(string name)
    {
        if (name == "a.csv")
            _tables.Folder.Write(name, "idd,x\n1,2\n");
        else
            _tables.WriteParquet(name, Tables.Int64("idd", 1), Tables.Int64("x", 2));
        ChurnDataException error = Fails("CE2006", name, "has no column 'id'");
        Assert.Equal("idd, x", error.Actual);
        Assert.Contains("did you mean 'idd'?", error.Hint);
    }

    [Fact]
    public void Read_TextWhereNumbersWerePromised_NamesTheTypeAndAValue()
    {
        _tables.WriteParquet("a.parquet", Tables.Utf8("id", "abc", null, "def"));
        ChurnDataException error = Fails("CE2007", "a.parquet", "not one value of column 'id' can be read as a whole number");
        Assert.Contains("'abc' in", error.Actual);
    }

    [Theory]
    [InlineData("this is not parquet at all, but long enough to look")]
    [InlineData("PAR1xxxxxxxxxxxxxxxxPAR1")]
    public void Read_DamagedParquet_SaysSo(string text)
    {
        _tables.Folder.Write("a.parquet", text);
        Fails("CE2009", "a.parquet", "cannot be read");
    }

    [Fact]
    public void Read_DamagedGzip_SaysSo()
    {
        _tables.Folder.Write("a.csv.gz", "id\n1\n");
        Fails("CE2009", "a.csv.gz", "cannot be read");
    }

    [Fact]
    public void Read_MixedFolder_SaysSo()
    {
        _tables.Folder.Write("d/a.csv", "id\n1\n");
        _tables.Folder.Write("d/b.json", "{\"id\":1}\n");
        Fails("CE2011", "d", "several formats");
    }

    [Fact]
    public void Read_HeaderNamesTwice_SaysSo()
    {
        _tables.Folder.Write("a.csv", "id,x,id\n1,2,3\n");
        Fails("CE2013", "a.csv", "two columns named 'id'");
    }

    [Fact]
    public void NoPermission_FromTheSystem_IsToldWithTheFile()
    {
        // Root may read everything, so the file system cannot be asked here.
        ChurnDataException error = IngestErrors.NoPermission("t", "secret.csv", new UnauthorizedAccessException());
        Assert.StartsWith("CE2010 table 't': no permission to read 'secret.csv'. Hint:", error.Describe());
    }

    [Fact]
    public void Read_TooManyBadRows_NamesCountsFileAndFirstCell()
    {
        _tables.Folder.Write("a.csv", "id\n" + string.Concat(Enumerable.Range(0, 98).Select(i => $"{i}\n")) + "x\ny\n");
        ChurnDataException error = Fails("CE2008", "a.csv", "2 of 100 rows cannot be used");
        Assert.Contains("row 99 column 'id' value 'x': not a whole number", error.Message);
        Assert.Equal(("at most 1%", "2%"), (error.Expected, error.Actual));
        Assert.Contains("quarantine/t.csv", error.Hint);
        Assert.Equal(3, _tables.Quarantine().Length);
    }

    [Fact]
    public void Read_AsManyBadRowsAsAllowed_Passes()
    {
        _tables.Folder.Write("a.csv", "id\n" + string.Concat(Enumerable.Range(0, 99).Select(i => $"{i}\n")) + "x\n");
        Assert.Equal(99, _tables.Read("a.csv", s_id).Count);
    }

    [Fact]
    public void Read_FarTooManyBadRowsEarly_StopsBeforeTheEnd()
    {
        _tables.Folder.Write("a.csv", "id\n0\n" + string.Concat(Enumerable.Repeat("x\n", 300_000)));
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => _tables.Read("a.csv", s_id));
        Assert.Equal("CE2008", error.Code.ToString());
        Assert.True(_tables.Quarantine().Length < 50_000);
        Assert.Empty(_tables.Session.Reports);
    }

    private ChurnDataException Fails(string code, string path, string message)
    {
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => _tables.Read(path, s_id));
        Assert.Equal(code, error.Code.ToString());
        Assert.Matches(System.Text.RegularExpressions.Regex.Escape(message).Replace("\\*", ".*", StringComparison.Ordinal), error.Message);
        Assert.NotEmpty(error.Hint);
        return error;
    }
}
