using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.Ingest.Tests;

/// <summary>Arrow files that cannot be read: the table, the file, the place and what to do.</summary>
public sealed class ArrowErrorTests : IDisposable
{
    private static readonly TableContract s_id = Tables.Contract(new ColumnContract("id", ColumnType.Int64));
    private readonly Tables _tables = new();

    public void Dispose() => _tables.Dispose();

    /// <summary>At every length: refused with a code of the Arrow reader, and never taken for a shorter table.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_CutAnywhere_IsRefused(bool stream)
    {
        byte[] whole = File.ReadAllBytes(_tables.WriteArrow("whole.arrow", stream, 50, Tables.Int64("id", [.. Enumerable.Range(0, 300).Select(i => (long?)i)])));
        for (int length = 1; length < whole.Length; length += 37)
        {
            File.WriteAllBytes(_tables.Folder["cut.arrow"], whole[..length]);
            ChurnDataException error = Assert.Throws<ChurnDataException>(() => _tables.Read("cut.arrow", s_id));
            Assert.InRange(error.Code.Number, 2101, 2106);
            Assert.Matches("^table 't': '[^']*/cut.arrow'", error.Message);
            Assert.Throws<ChurnDataException>(() => _tables.Session.Measure(new TableSource { Name = "t", Path = _tables.Folder["cut.arrow"] }));
        }
    }

    [Theory]
    [InlineData("arrow", "lz4", "LZ4")]
    [InlineData("arrow", "zstd", "ZSTD")]
    [InlineData("arrows", "lz4", "LZ4")]
    [InlineData("arrows", "zstd", "ZSTD")]
    public void Read_Compressed_SaysHowToWriteItWithout(string ending, string compression, string name)
    {
        string csv = _tables.Folder.Write("a.csv", "id\n" + string.Concat(Enumerable.Range(1, 2000).Select(i => $"{i}\n")));
        ForeignRuntimes.WriteTable("polars", csv, _tables.Folder[$"a.{ending}"], compression);
        ChurnDataException error = Fails("CE2108", $"a.{ending}", $"compressed with {name}");
        Assert.All(["to_feather(path, compression='uncompressed')", "pyarrow feather.write_feather(", "polars df.write_ipc("], way => Assert.Contains(way, error.Hint, StringComparison.Ordinal));
        Assert.Equal("CE2108", Assert.Throws<ChurnDataException>(() => _tables.Session.Measure(new TableSource { Name = "t", Path = _tables.Folder[$"a.{ending}"] })).Code.ToString());
    }

    [Fact]
    public void Read_FeatherOfVersion1_SaysHowToWriteVersion2()
    {
        _tables.Folder.Write("a.feather", "FEA1 and so on");
        Assert.Contains("to_feather(path, version=2, compression='uncompressed')", Fails("CE2101", "a.feather", "is no Arrow file").Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ParquetUnderAnArrowsName_SaysWhatItIs()
    {
        File.Move(_tables.WriteParquet("a.parquet", Tables.Int64("id", 1)), _tables.Folder["a.arrow"]);
        Assert.Contains(".parquet", Fails("CE2101", "a.arrow", "is no Arrow file").Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ArrowUnderATextsName_SaysWhatItIs()
    {
        foreach (bool stream in (bool[])[false, true])
        {
            _tables.WriteArrow("a.csv", stream, 9, Tables.Int64("id", 1));
            Assert.Contains("end its name with .arrow", Fails("CE2016", "a.csv", "Arrow data").Hint, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_TypeThatTheEngineDoesNotHold_IsRefusedOnlyWhereItIsAskedFor()
    {
        string csv = _tables.Folder.Write("a.csv", "id,x\n1,2\n2,3\n");
        ForeignRuntimes.WriteTable("js-nested", csv, _tables.Folder["a.arrow"]);
        Assert.Equal(2, _tables.Read("a.arrow", s_id).Count);
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => _tables.Read("a.arrow", Tables.Contract(new("id", ColumnType.Int64), new("before_decimal", ColumnType.Float64))));
        Assert.Equal("CE2107", error.Code.ToString());
        Assert.Contains("column 'before_decimal' has the Arrow type decimal", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingColumnOrMixedFormats_SaysSoAsForOtherFormats()
    {
        _tables.WriteArrow("d/a.arrow", stream: false, 9, Tables.Int64("id", 1));
        _tables.WriteArrow("d/b.arrow", stream: false, 9, Tables.Int64("ids", 1));
        Assert.Contains("did you mean 'ids'?", Fails("CE2006", "d", "'id'").Hint, StringComparison.Ordinal);
        _tables.Folder.Write("d/c.csv", "id\n1\n");
        Fails("CE2011", "d", "Arrow, Csv");
    }

    [Fact]
    public void Read_NoRows_SaysSo()
    {
        _tables.WriteArrow("a.arrow", stream: false, 9, Tables.Int64("id"));
        Fails("CE2005", "a.arrow", "has columns but no rows");
    }

    private ChurnDataException Fails(string code, string name, string says)
    {
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => _tables.Read(name, s_id));
        Assert.Equal(code, error.Code.ToString());
        Assert.StartsWith("table 't': ", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        return error;
    }
}
