using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Tests;

public sealed class ParquetSinkTests : IDisposable
{
    private static readonly Schema s_schema = new(
        new Field("i8", ColumnType.Int8), new Field("i16", ColumnType.Int16), new Field("i32", ColumnType.Int32), new Field("i64", ColumnType.Int64), new Field("f32", ColumnType.Float32), new Field("f64", ColumnType.Float64),
        new Field("day", ColumnType.Date32), new Field("ms", ColumnType.TimestampMillis), new Field("us", ColumnType.TimestampMicros), new Field("flag", ColumnType.Boolean), new Field("text", ColumnType.Utf8), new Field("code", ColumnType.Dictionary));

    private readonly Tables _tables = new();

    public void Dispose() => _tables.Dispose();

    [Fact]
    public void Write_EveryType_ReadsBackTheSame()
    {
        Write("a.parquet", rows: 5000, cut: 777);

        var contract = new TableContract { Columns = [.. s_schema.Fields.Select(field => new ColumnContract(field.Name, field.Type))] };
        List<IReadOnlyList<string?>> rows = _tables.Read("a.parquet", contract);

        Assert.Equal(5000, rows.Count);
        Assert.Equal(["-1", "-1", "-1", "1000", "0.5", "0.25", "1970-01-02", "5", "1970-01-01T00:00:00.000007", "false", "text 1", "k1"], rows[1]);
        Assert.All(rows[4], Assert.Null);
        Assert.Equal(["4998000", "2499", "1249.5", "true", "text 4998", "k0"], new[] { 3, 4, 5, 9, 10, 11 }.Select(column => rows[4998][column]));
        // DuckDB reads Parquet's milliseconds as microseconds.
        Assert.Equal("Int8 Int16 Int32 Int64 Float32 Float64 Date32 TimestampMicros TimestampMicros Boolean Utf8 Utf8",
            string.Join(' ', _tables.Session.Describe(new TableSource { Name = "t", Path = _tables.Folder["a.parquet"] }).Select(field => field.Type)));
    }

    [Fact]
    public void Write_SameRowsCutOtherwise_SameBytes()
    {
        Write("a.parquet", rows: 300_000, cut: 2048);
        Write("b.parquet", rows: 300_000, cut: 50_001);
        Assert.True(File.ReadAllBytes(_tables.Folder["a.parquet"]).AsSpan().SequenceEqual(File.ReadAllBytes(_tables.Folder["b.parquet"])));
    }

    [Fact]
    public void Dispose_WithoutComplete_LeavesNothing()
    {
        using (IBatchSink sink = _tables.Session.OpenParquet(_tables.Folder["out/a.parquet"], s_schema))
        {
            using RecordBatch batch = Batch(0, 3000);
            sink.Write(batch);
            Assert.Matches(@"^\.a\.parquet\.\d+-\d+\.partial$", Path.GetFileName(Assert.Single(Directory.GetFiles(_tables.Folder["out"]))));
        }
        Assert.Empty(Directory.GetFiles(_tables.Folder["out"]));
    }

    [Fact]
    public void Complete_OverAnOlderFile_ReplacesIt()
    {
        Write("a.parquet", rows: 10, cut: 10);
        Write("a.parquet", rows: 0, cut: 1);
        Assert.Equal("CE2005", Assert.Throws<ChurnDataException>(() => _tables.Read("a.parquet", Tables.Contract(new ColumnContract("i64", ColumnType.Int64)))).Code.ToString());
        Assert.Single(Directory.GetFiles(_tables.Folder.Path));
    }

    [Theory]
    [InlineData("blocked/a.parquet")]
    [InlineData("folder")]
    public void Open_WhereNothingCanBeWritten_SaysSo(string name)
    {
        _tables.Folder.Write("blocked", "a file where a folder is needed");
        Directory.CreateDirectory(_tables.Folder["folder"]);
        Assert.Equal("CE2012", Assert.Throws<ChurnConfigException>(() => _tables.Session.OpenParquet(_tables.Folder[name], s_schema)).Code.ToString());
    }

    [Fact]
    public void Write_OtherSchema_IsTheCallersBug()
    {
        using IBatchSink sink = _tables.Session.OpenParquet(_tables.Folder["a.parquet"], new Schema(new Field("x", ColumnType.Int64)));
        using RecordBatch batch = Batch(0, 1);
        Assert.Throws<ArgumentException>(() => sink.Write(batch));
    }

    [Fact]
    public void Write_ManySinksAtOnce_EachGetsItsOwn()
    {
        Parallel.For(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 6 }, i => Write($"p{i}.parquet", rows: 1000 + i, cut: 100));
        for (int i = 0; i < 6; i++)
            Assert.Equal(1000 + i, _tables.Read($"p{i}.parquet", Tables.Contract(new ColumnContract("i64", ColumnType.Int64))).Count);
    }

    private void Write(string name, int rows, int cut)
    {
        using IBatchSink sink = _tables.Session.OpenParquet(_tables.Folder[name], s_schema);
        for (int start = 0; start < rows; start += cut)
        {
            using RecordBatch batch = Batch(start, Math.Min(cut, rows - start));
            sink.Write(batch);
        }
        sink.Complete();
    }

    private static RecordBatch Batch(int start, int rows) => new(s_schema,
    [
        Column(new PrimitiveBuilder<sbyte>(ColumnType.Int8), start, rows, (b, i) => b.Append((sbyte)-i)),
        Column(new PrimitiveBuilder<short>(ColumnType.Int16), start, rows, (b, i) => b.Append((short)-i)),
        Column(new PrimitiveBuilder<int>(ColumnType.Int32), start, rows, (b, i) => b.Append(-i)),
        Column(new PrimitiveBuilder<long>(ColumnType.Int64), start, rows, (b, i) => b.Append(i * 1000L)),
        Column(new PrimitiveBuilder<float>(ColumnType.Float32), start, rows, (b, i) => b.Append(i * 0.5f)),
        Column(new PrimitiveBuilder<double>(ColumnType.Float64), start, rows, (b, i) => b.Append(i * 0.25)),
        Column(new PrimitiveBuilder<int>(ColumnType.Date32), start, rows, (b, i) => b.Append(i)),
        Column(new PrimitiveBuilder<long>(ColumnType.TimestampMillis), start, rows, (b, i) => b.Append(i * 5L)),
        Column(new PrimitiveBuilder<long>(ColumnType.TimestampMicros), start, rows, (b, i) => b.Append(i * 7L)),
        Column(new BooleanBuilder(), start, rows, (b, i) => b.Append(i % 3 == 0)),
        Column(new Utf8Builder(), start, rows, (b, i) => b.Append($"text {i}")),
        Column(new DictionaryBuilder(), start, rows, (b, i) => b.Append($"k{i % 3}")),
    ], rows);

    private static Column Column<TBuilder>(TBuilder builder, int start, int rows, Action<TBuilder, int> append) where TBuilder : ColumnBuilder
    {
        for (int i = start; i < start + rows; i++)
        {
            if (i % 5 == 4)
                builder.AppendNull();
            else
                append(builder, i);
        }
        return builder.Build();
    }
}
