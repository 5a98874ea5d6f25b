using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.Ingest.Tests;

/// <summary>Arrow files as tables: as Parquet files of the same rows, in every respect.</summary>
[Collection(NativeMemoryGroup.Name)]
public sealed class ArrowReadTests : IDisposable
{
    private readonly Tables _tables = new(badShareLimit: 1);

    public void Dispose() => _tables.Dispose();

    public static TheoryData<ColumnType> Types => [.. Enum.GetValues<ColumnType>()];

    /// <summary>Whatever a column holds and whatever is asked of it: the same rows and the same refusals as from Parquet.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Read_EveryTypeAsEveryOther_IsWhatParquetGives(ColumnType asked)
    {
        foreach ((Field field, Func<Column> make) in Every())
        {
            _tables.WriteParquet("a.parquet", (field, make()));
            string arrow = WriteArrow("a.arrow", (field, make()));
            File.Copy(arrow, _tables.Folder["a.feather"], overwrite: true);
            TableContract contract = Tables.Contract(new ColumnContract(field.Name, asked));
            (string Rows, string Refused) parquet = Outcome("a.parquet", contract);
            Assert.Equal(parquet, Outcome("a.arrow", contract));
            Assert.Equal(parquet, Outcome("a.feather", contract));
        }
    }

    /// <summary>Of Parquet, where DuckDB itself brings milliseconds to microseconds, such a value makes the file unreadable.</summary>
    [Theory]
    [InlineData(ColumnType.TimestampMillis)]
    [InlineData(ColumnType.TimestampMicros)]
    public void Read_InstantsBeyondAllYears_AreBadCells(ColumnType asked)
    {
        WriteArrow("a.arrow", Tables.Primitive<long>("x", ColumnType.TimestampMillis, 0, null, 9_000_000_000_000_000, long.MaxValue));
        Assert.Equal(2, _tables.Read("a.arrow", Tables.Contract(new ColumnContract("x", asked))).Count);
        Assert.Equal([3, 4], _tables.Quarantine().Skip(1).Select(line => int.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("a.arrow", false)]
    [InlineData("a.arrow", true)]
    [InlineData("a.arrows", false)]
    [InlineData("a.ipc", true)]
    [InlineData("a.feather", false)]
    public void Read_FileOrStream_IsToldByItsFirstBytes(string name, bool stream)
    {
        WriteArrow(name, stream, 10, Tables.Int64("id", 1, 2, null), Tables.Utf8("n", "a", null, "c"));
        Assert.Equal([["1", "a"], ["2", null], [null, "c"]], _tables.Read(name, Tables.Contract(new("id", ColumnType.Int64), new("n", ColumnType.Utf8))));
        Assert.Equal([("id", ColumnType.Int64), ("n", ColumnType.Utf8)], Describe(name));
        Assert.Equal(new TableSize(1, new FileInfo(_tables.Folder[name]).Length, 0, 3, true), _tables.Session.Measure(Source(name)));
    }

    [Fact]
    public void Read_FormatStated_NeedsNoEnding()
    {
        WriteArrow("a.arrow", Tables.Int64("id", 1, 2));
        File.Move(_tables.Folder["a.arrow"], _tables.Folder["export"]);
        Assert.Equal(2, _tables.Read("", Tables.Contract(new ColumnContract("id", ColumnType.Int64)), Source("export") with { Format = FileFormat.Arrow }).Count);
    }

    [Fact]
    public void Read_MappingOptionalAndConstants_NamesAndFills()
    {
        WriteArrow("d/month=2024-01/a.arrow", Tables.Int64("CustomerID", 1, 2), Tables.Int64("beside", 7, 8));
        TableSource source = Source("d") with { Columns = new Dictionary<string, string> { ["id"] = "CustomerID" } };
        Assert.Equal([["1", null, "2024-01", "1"], ["2", null, "2024-01", "2"]],
            _tables.Read("", Tables.Contract(new("id", ColumnType.Utf8), new("later", ColumnType.Float32, Required: false), new("month", ColumnType.Utf8), new("CustomerID", ColumnType.Int32)), source));
        Assert.Equal(["later"], _tables.Session.Reports[0].MissingOptionalColumns);
    }

    [Fact]
    public void Read_NoColumnOfTheFile_CountsItsRows()
    {
        WriteArrow("a.arrow", stream: false, 1000, Tables.Int64("id", [.. Enumerable.Range(0, 5000).Select(i => (long?)i)]));
        Assert.Equal(5000, _tables.Read("a.arrow", Tables.Contract(new ColumnContract("other", ColumnType.Int64, Required: false))).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2047)]
    [InlineData(100_000)]
    public void Read_ManyBatches_KeepsOrderWhateverTheirLength(int batchRows)
    {
        int rows = batchRows == 1 ? 5_000 : 100_000;
        WriteArrow("a.arrow", stream: true, batchRows, Tables.Int64("x", [.. Enumerable.Range(0, rows).Select(i => (long?)i)]), Tables.Utf8("t", [.. Enumerable.Range(0, rows).Select(i => $"{i}")]));
        List<IReadOnlyList<string?>> read = _tables.Read("a.arrow", Tables.Contract(new("x", ColumnType.Int64), new("t", ColumnType.Utf8)));
        Assert.Equal(Enumerable.Range(0, rows).Select(i => $"{i}"), read.Select(row => row[0]));
        Assert.All(read, row => Assert.Equal(row[0], row[1]));
    }

    [Fact]
    public void Read_FolderOfSeveral_MeetsInTheContract()
    {
        WriteArrow("d/a.arrow", Tables.Int64("x", 1), Tables.Utf8("n", "a"));
        WriteArrow("d/b.feather", Tables.Utf8("n", "b"), Tables.Float64("x", 2.5));
        WriteArrow("d/c.arrows", stream: true, 1, Tables.Utf8("x", " 3 ", "many"), Tables.Utf8("n", "c", "d"));
        Assert.Equal([["1", "a"], ["2.5", "b"], ["3", "c"]], _tables.Read("d", Tables.Contract(new("x", ColumnType.Float64), new("n", ColumnType.Utf8))));
        Assert.Equal("d/c.arrows,2,x,many,not a number", _tables.Quarantine()[1]);
        Assert.Equal([("x", ColumnType.Utf8), ("n", ColumnType.Utf8)], Describe("d"));
        Assert.Equal([["1"], ["2.5"]], _tables.Read("", Tables.Contract(new ColumnContract("x", ColumnType.Float64)), Source("d/[ab].*")));
    }

    [Fact]
    public void Read_NamesThatDifferByCase_StayTwo()
    {
        WriteArrow("a.arrow", Tables.Int64("Id", 1), Tables.Int64("id", 2));
        Assert.Equal([["2", "1"]], _tables.Read("a.arrow", Tables.Contract(new("id", ColumnType.Int64), new("Id", ColumnType.Int64))));
    }

    [Fact]
    public void Read_AbandonedOrCancelled_LeavesNothing()
    {
        WriteArrow("a.arrow", stream: false, 3000, Tables.Int64("x", [.. Enumerable.Range(0, 60_000).Select(i => (long?)i)]));
        long before = NativeLedger.LiveBytes;
        TableContract contract = Tables.Contract(new ColumnContract("x", ColumnType.Int64));
        using (RecordBatch first = _tables.Session.Read(Source("a.arrow"), contract, CancellationToken.None).First())
            Assert.True(first.Length > 0);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (RecordBatch batch in _tables.Session.Read(Source("a.arrow"), contract, stop.Token))
            {
                batch.Dispose();
                stop.Cancel();
            }
        });
        Assert.Equal(before, NativeLedger.LiveBytes);
        File.Delete(_tables.Folder["a.arrow"]);
    }

    [Theory]
    [InlineData("polars")]
    [InlineData("js")]
    [InlineData("js-nested")]
    public void Read_WhatOthersWrite_IsWhatTheCsvSays(string library)
    {
        string csv = _tables.Folder.Write("a.csv", "id,at,x,plan\n" + string.Concat(Enumerable.Range(1, 5000).Select(i => $"{i},2024-01-{1 + i % 28:D2}T06:00:00Z,{(i % 7 == 0 ? "" : $"{i}.25")},{(i % 11 == 0 ? "" : $"p{i % 3}")}\n")));
        TableContract contract = Tables.Contract(new("id", ColumnType.Int64), new("at", ColumnType.TimestampMicros), new("x", ColumnType.Float64), new("plan", ColumnType.Dictionary));
        List<IReadOnlyList<string?>> wanted = _tables.Read("a.csv", contract);
        foreach (string ending in (string[])["arrow", "arrows"])
        {
            ForeignRuntimes.WriteTable(library, csv, _tables.Folder[$"{library}.{ending}"]);
            Assert.Equal(wanted, _tables.Read($"{library}.{ending}", contract));
        }
    }

    private (string, string) Outcome(string name, TableContract contract)
    {
        if (File.Exists(_tables.Folder["quarantine/t.csv"]))
            File.Delete(_tables.Folder["quarantine/t.csv"]);
        string rows;
        try
        {
            rows = string.Join('|', _tables.Read(name, contract).Select(row => row[0] ?? "null"));
        }
        catch (ChurnDataException error)
        {
            rows = error.Describe();
        }
        catch (ArgumentOutOfRangeException)
        {
            rows = "a day that this test cannot write";
        }
        string refused = File.Exists(_tables.Folder["quarantine/t.csv"]) ? string.Join('\n', _tables.Quarantine()) : "";
        return (rows.Replace(_tables.Folder[name], "FILE", StringComparison.Ordinal), refused.Replace(name, "FILE", StringComparison.Ordinal));
    }

    private static IEnumerable<(Field, Func<Column>)> Every()
    {
        (Field Field, Func<Column> Make) Of<T>(ColumnType type, params T?[] values) where T : unmanaged => (new Field("x", type), () => Tables.Primitive("x", type, values).Item2);
        yield return Of<sbyte>(ColumnType.Int8, 1, null, -128);
        yield return Of<short>(ColumnType.Int16, 1, null, 300);
        yield return Of<int>(ColumnType.Int32, 0, null, 70_000);
        yield return Of<long>(ColumnType.Int64, 1, null, 1L << 40, 1_538_352_117_000, long.MaxValue);
        yield return Of<float>(ColumnType.Float32, 1, null, 2.5f, float.NaN, float.PositiveInfinity, 1e30f);
        yield return Of<double>(ColumnType.Float64, 1, null, 2.5, double.NaN, double.NegativeInfinity, 1e300, 0.1);
        yield return Of<int>(ColumnType.Date32, 0, null, 19_000, -719_162);
        yield return Of<long>(ColumnType.TimestampMillis, 0, null, 1_700_000_000_123);
        yield return Of<long>(ColumnType.TimestampMicros, 0, null, 1_700_000_000_123_456, long.MaxValue);
        yield return (new Field("x", ColumnType.Boolean), () => { using var b = new BooleanBuilder(); b.Append(true); b.AppendNull(); b.Append(false); return b.Build(); });
        yield return (new Field("x", ColumnType.Utf8), () => Tables.Utf8("x", "1", null, "2.5", "2024-01-31", "true", "größe", "").Item2);
        yield return (new Field("x", ColumnType.Dictionary), () => { using var b = new DictionaryBuilder(); b.Append("a"); b.Append((string?)null); b.Append("7"); b.Append("a"); return b.Build(); });
    }

    private TableSource Source(string name) => new() { Name = "t", Path = _tables.Folder[name] };

    private IEnumerable<(string, ColumnType)> Describe(string name) => _tables.Session.Describe(Source(name)).Select(field => (field.Name, field.Type));

    private string WriteArrow(string name, params (Field, Column)[] columns) => WriteArrow(name, stream: false, int.MaxValue, columns);

    private string WriteArrow(string name, bool stream, int batchRows, params (Field Field, Column Column)[] columns) => _tables.WriteArrow(name, stream, batchRows, columns);
}
