using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Tests;

public sealed class ParquetReadTests : IDisposable
{
    private readonly Tables _tables = new(badShareLimit: 1);

    public void Dispose() => _tables.Dispose();

    [Fact]
    public void Read_MappingAndOptional_NamesAndFills()
    {
        _tables.WriteParquet("a.parquet", Tables.Int64("CustomerID", 1, 2), Tables.Utf8("n", "a", null));
        var source = new TableSource { Name = "t", Path = _tables.Folder["a.parquet"], Columns = new Dictionary<string, string> { ["id"] = "CustomerID" } };

        List<IReadOnlyList<string?>> rows = _tables.Read("", Tables.Contract(new("id", ColumnType.Utf8), new("later", ColumnType.Float32, Required: false), new("n", ColumnType.Dictionary)), source);

        Assert.Equal([["1", null, "a"], ["2", null, null]], rows);
        Assert.Equal(["later"], _tables.Session.Reports[0].MissingOptionalColumns);
    }

    [Fact]
    public void Read_TypedColumns_ConvertWithoutSilentLoss()
    {
        _tables.WriteParquet("a.parquet", Tables.Float64("x", 1, 2.5, double.NaN, double.PositiveInfinity, 1e300, null));

        Assert.Equal(["1", "2.5", null, "1E+300", null], _tables.Read("a.parquet", Tables.Contract(new ColumnContract("x", ColumnType.Float64))).Select(row => row[0]));
        Assert.Equal(["1", "2.5", null, null], _tables.Read("a.parquet", Tables.Contract(new ColumnContract("x", ColumnType.Float32))).Select(row => row[0]));
        Assert.Equal(["1", null, null], _tables.Read("a.parquet", Tables.Contract(new ColumnContract("x", ColumnType.Int64))).Select(row => row[0]));
        Assert.Equal(["a.parquet,2,x,2.5,not a whole number", "a.parquet,4,x,inf,infinite", "a.parquet,5,x,1e+300,out of range"], _tables.Quarantine().Skip(1));
    }

    [Fact]
    public void Read_IntegersAsTimes_AreEpochMillis()
    {
        _tables.WriteParquet("a.parquet", Tables.Int64("t", 1538352117000, long.MaxValue, null));
        Assert.Equal(["2018-10-01T00:01:57.000000", null], _tables.Read("a.parquet", Tables.Contract(new ColumnContract("t", ColumnType.TimestampMicros))).Select(row => row[0]));
        Assert.Equal("a.parquet,2,t,9223372036854775807,out of range", _tables.Quarantine()[1]);
    }

    [Fact]
    public void Read_NarrowerInteger_RangeIsChecked()
    {
        _tables.WriteParquet("a.parquet", Tables.Int64("x", 7, 300));
        Assert.Equal(["7"], _tables.Read("a.parquet", Tables.Contract(new ColumnContract("x", ColumnType.Int8))).Select(row => row[0]));
        Assert.Equal("a.parquet,2,x,300,out of range", _tables.Quarantine()[1]);
    }

    [Fact]
    public void Read_HiveFolders_BecomeColumns()
    {
        _tables.WriteParquet("ev/month=2024-01/part-0.parquet", Tables.Int64("id", 1));
        _tables.WriteParquet("ev/month=2024-02/part-0.parquet", Tables.Int64("id", 2));
        _tables.WriteParquet("ev/month=__HIVE_DEFAULT_PARTITION__/part-0.parquet", Tables.Int64("id", 3));
        _tables.Folder.Write("ev/_SUCCESS", "");

        List<IReadOnlyList<string?>> rows = _tables.Read("ev", Tables.Contract(new("id", ColumnType.Int64), new("month", ColumnType.Utf8)));

        Assert.Equal([["1", "2024-01"], ["2", "2024-02"], ["3", null]], rows);
        Assert.Equal([("id", ColumnType.Int64), ("month", ColumnType.Utf8)],
            _tables.Session.Describe(new TableSource { Name = "t", Path = _tables.Folder["ev"] }).Select(field => (field.Name, field.Type)));
    }

    [Fact]
    public void Read_HiveValueThatDoesNotConvert_IsABadCellOfEveryRow()
    {
        _tables.WriteParquet("ev/year=20x4/a.parquet", Tables.Int64("id", 1, 2));
        Assert.Empty(_tables.Read("ev", Tables.Contract(new ColumnContract("year", ColumnType.Int32))));
        Assert.Equal(["ev/year=20x4/a.parquet,1,year,20x4,not a whole number", "ev/year=20x4/a.parquet,2,year,20x4,not a whole number"], _tables.Quarantine().Skip(1));
    }

    [Fact]
    public void Read_FilesOfDifferentTypes_MeetInTheContract()
    {
        _tables.WriteParquet("d/a.parquet", Tables.Int64("x", 1));
        _tables.WriteParquet("d/b.parquet", Tables.Float64("x", 2.5));
        _tables.WriteParquet("d/c.parquet", Tables.Utf8("x", " 3 "));
        Assert.Equal(["1", "2.5", "3"], _tables.Read("d", Tables.Contract(new ColumnContract("x", ColumnType.Float64))).Select(row => row[0]));
    }

    [Fact]
    public void Read_NameWithWildcards_IsTakenLiterally()
    {
        _tables.WriteParquet("a[1]*.parquet", Tables.Int64("x", 1));
        _tables.WriteParquet("a1b.parquet", Tables.Int64("x", 2));
        Assert.Equal(["1"], Assert.Single(_tables.Read("a[1]*.parquet", Tables.Contract(new ColumnContract("x", ColumnType.Int64)))));
    }

    [Fact]
    public void Read_ManyRowGroups_KeepsFileOrder()
    {
        long?[] values = [.. Enumerable.Range(0, 400_000).Select(i => (long?)i)];
        _tables.WriteParquet("a.parquet", Tables.Int64("x", values));
        long next = 0;
        foreach (RecordBatch batch in _tables.Session.Read(new TableSource { Name = "t", Path = _tables.Folder["a.parquet"] }, Tables.Contract(new ColumnContract("x", ColumnType.Int64)), CancellationToken.None))
        {
            using (batch)
            {
                foreach (long value in batch.Values<long>("x"))
                    Assert.Equal(next++, value);
            }
        }
        Assert.Equal(400_000, next);
    }
}
