using System.Text.Json;
using ChurnEngine.Columns.Tests.Interop;
using ChurnEngine.TestKit;

namespace ChurnEngine.Columns.Tests.Ipc;

/// <summary>Arrow IPC to and from libraries that know nothing of us, by files and by pipes.</summary>
public sealed class PeerTests
{
    private const string Js = "arrow-js.mjs";
    private const string Polars = "arrow-polars.mjs";

    public static TheoryData<string, string, string> Formats => new()
    {
        { Js, "stream", "stream" }, { Js, "file", "file" }, { Js, "stream", "file" }, { Js, "file", "stream" },
        { Polars, "stream", "stream" }, { Polars, "file", "file" }, { Polars, "stream", "file" }, { Polars, "file", "stream" },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void EveryType_ThroughThePeerAndBack_IsTheSame(string script, string there, string back)
    {
        Needs(script);
        using RecordBatch first = EveryType.Batch(5), empty = EveryType.Batch(0), second = EveryType.Batch(300);
        // apache-arrow merges no dictionaries: it writes no file from a stream that replaces them.
        RecordBatch[] batches = script == Js && there == "stream" && back == "file" ? [second, second] : [first, empty, second];
        byte[] returned = Node.Run(script, Write(there, EveryType.Schema, batches), "echo", back);

        foreach (Field field in EveryType.Schema.Fields)
        {
            int column = EveryType.Schema.IndexOf(field.Name);
            using IDisposable reader = Open(back, returned, out Schema schema, out IEnumerable<RecordBatch> read);
            Assert.Equal(field.Type, schema.Fields[column].Type);
            Assert.Equal(batches.SelectMany(batch => IpcBytes.Values([Copy(batch)], column)), IpcBytes.Values(read, column));
        }
    }

    [Theory]
    [InlineData(Js, "stream")]
    [InlineData(Js, "file")]
    [InlineData(Polars, "stream")]
    [InlineData(Polars, "file")]
    public void OurBytes_AsThePeerSeesThem(string script, string format)
    {
        Needs(script);
        using RecordBatch batch = Shown();
        JsonElement columns = JsonDocument.Parse(Node.Run(script, Write(format, batch.Schema, [batch]), "show")).RootElement;

        Assert.Equal(batch.Schema.Fields.Count, columns.GetArrayLength());
        for (int i = 0; i < batch.Columns.Count; i++)
        {
            JsonElement column = columns[i];
            Assert.Equal(batch.Schema.Fields[i].Name, column.GetProperty("name").GetString());
            Assert.Equal(1, column.GetProperty("nulls").GetInt32());
            Assert.Equal(s_shown[i], column.GetProperty("values").EnumerateArray().Select(value => value.GetString()));
        }
    }

    [Theory]
    [InlineData(Js, "stream")]
    [InlineData(Js, "file")]
    [InlineData(Polars, "stream")]
    [InlineData(Polars, "file")]
    public void NoRows_AndNoBatches_ThroughThePeer(string script, string format)
    {
        Needs(script);
        using RecordBatch empty = EveryType.Batch(0);
        foreach (RecordBatch[] batches in new RecordBatch[][] { [empty], [] })
        {
            // polars makes nothing of a stream that has a schema alone.
            if (script == Polars && format == "stream" && batches.Length == 0)
                continue;
            byte[] returned = Node.Run(script, Write(format, EveryType.Schema, batches), "echo", format);
            using IDisposable reader = Open(format, returned, out Schema schema, out IEnumerable<RecordBatch> read);
            Assert.Equal(EveryType.Schema.Fields.Select(field => field.Name), schema.Fields.Select(field => field.Name));
            Assert.Empty(IpcBytes.Values(read));
        }
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("file")]
    public void WhatJavaScriptSends_IsRead(string format)
    {
        Needs(Js);
        byte[] bytes = Node.Run(Js, [], "make", format);
        AssertColumns(format, bytes, new Dictionary<string, object?[]>
        {
            ["bool"] = [true, false, null, false, true],
            ["uint8"] = [(short)250, (short)251, (short)252, (short)253, (short)254],
            ["uint16"] = [65530, 65531, 65532, 65533, 65534],
            ["uint32"] = [4294967290L, 4294967291L, 4294967292L, 4294967293L, 4294967294L],
            ["uint64"] = [9007199254740993L, 9007199254740994L, 9007199254740995L, 9007199254740996L, 9007199254740997L],
            ["int64"] = [-9007199254740993L, null, -9007199254740995L, -9007199254740996L, -9007199254740997L],
            ["float16"] = [0f, 0.5f, 1f, 1.5f, 2f],
            ["float64"] = [double.NaN, -0d, double.PositiveInfinity, null, 1e-310],
            ["date"] = [123L, 86_400_123L, 172_800_123L, 259_200_123L, 345_600_123L],
            ["day"] = [-2, -1, 0, 1, 2],
            ["nanos"] = [-1000L, 999_000L, 1_999_000L, 2_999_000L, 3_999_000L],
            ["seconds"] = [0L, 1_000_000L, 2_000_000L, 3_000_000L, 4_000_000L],
            ["text"] = ["", "größe", null, "日本", "x"],
            ["large"] = ["a", null, "ccc", "", "é"],
            ["plan"] = ["basic", "pro", null, "basic", "pro"],
            ["tiny"] = ["a", "b", "a", null, "b"],
        });
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("file")]
    public void WhatPolarsSends_IsRead(string format)
    {
        Needs(Polars);
        byte[] bytes = Node.Run(Polars, [], "make", format);
        AssertColumns(format, bytes, new Dictionary<string, object?[]>
        {
            ["bool"] = [true, null, false, true, false],
            ["int8"] = [(sbyte)1, (sbyte)-2, null, (sbyte)4, (sbyte)127],
            ["uint32"] = [0L, 1L, 2L, null, 4294967295L],
            ["int64"] = [1L, -2L, null, 4L, 5L],
            ["float32"] = [1.5f, -0f, null, float.NaN, float.PositiveInfinity],
            ["float64"] = [double.NaN, 0.1, null, double.NegativeInfinity, 1e300],
            ["text"] = ["", "größe", null, "a text of more than twelve bytes", "日本"],
            ["plan"] = ["basic", "pro", null, "basic", "a plan of more than twelve bytes"],
            ["millis"] = [0L, 1L, null, -1L, 1_700_000_000_123L],
            ["micros"] = [0L, 1L, null, -1L, 1_700_000_000_123_456L],
            ["nanos"] = [0L, 0L, null, -1L, 1_700_000_000_123L],
            ["day"] = [0, 1, null, -1, 20_000],
        });
    }

    [Theory]
    [InlineData("lz4", "LZ4")]
    [InlineData("zstd", "ZSTD")]
    public void WhatPolarsCompresses_IsRefusedByName(string compression, string name)
    {
        Needs(Polars);
        byte[] bytes = Node.Run(Polars, [], "make", "file", compression);

        ChurnDataException error = Assert.Throws<ChurnDataException>(() => IpcBytes.OpenFile(bytes).Read(0));

        Assert.Equal(2108, error.Code.Number);
        Assert.Contains(name, error.Message);
        Assert.Contains("uncompressed", error.Hint);
    }

    [Fact]
    public void Pipe_BatchAfterBatch_ThroughARunningPeer()
    {
        Needs(Js);
        using RecordBatch batch = EveryType.Batch(200);
        const int Batches = 50;
        int read = Node.Run(Js, ["pass"], input =>
        {
            using var writer = new ArrowStreamWriter(input, EveryType.Schema, leaveOpen: true);
            for (int i = 0; i < Batches; i++)
                writer.Write(batch);
            writer.Complete();
        },
        output =>
        {
            using var reader = new ArrowStreamReader(output);
            int count = 0;
            foreach (RecordBatch returned in reader.ReadAll())
            {
                using (returned)
                    EveryType.AssertEqual(batch, 0, returned);
                count++;
            }
            return count;
        });
        Assert.Equal(Batches, read);
    }

    [Fact]
    public void File_OnDisk_IsReadByPath()
    {
        Needs(Polars);
        using var folder = new TemporaryDirectory();
        File.WriteAllBytes(folder["polars.arrow"], Node.Run(Polars, [], "make", "file"));
        using Table table = ArrowFile.ReadTable(folder["polars.arrow"]);
        Assert.Equal(5, table.RowCount);
    }

    private static readonly string?[][] s_shown =
    [
        ["true", null, "false"], ["-128", null, "127"], ["1", null, "-2"], ["2147483647", null, "0"], ["9007199254740991", null, "-9007199254740991"],
        ["1.5", null, "-0"], ["NaN", null, "-Infinity"], ["-86400000", null, "86400000"], ["-1", null, "1700000000123"], ["-1000", null, "1700000000123"],
        ["größe", null, ""], ["b", null, "a"],
    ];

    private static RecordBatch Shown()
    {
        static Column Of<T>(ColumnType type, T first, T last) where T : unmanaged
        {
            var builder = new PrimitiveBuilder<T>(type);
            builder.Append(first);
            builder.AppendNull();
            builder.Append(last);
            return builder.Build();
        }
        var flags = new BooleanBuilder();
        flags.Append(true);
        flags.AppendNull();
        flags.Append(false);
        var text = new Utf8Builder();
        text.Append("größe");
        text.AppendNull();
        text.Append("");
        var coded = new DictionaryBuilder();
        coded.Append("b");
        coded.AppendNull();
        coded.Append("a");
        return new RecordBatch(EveryType.Schema,
        [
            flags.Build(), Of<sbyte>(ColumnType.Int8, -128, 127), Of<short>(ColumnType.Int16, 1, -2), Of(ColumnType.Int32, int.MaxValue, 0),
            Of(ColumnType.Int64, 9007199254740991, -9007199254740991), Of(ColumnType.Float32, 1.5f, -0f), Of(ColumnType.Float64, double.NaN, double.NegativeInfinity),
            Of(ColumnType.Date32, -1, 1), Of(ColumnType.TimestampMillis, -1L, 1700000000123), Of(ColumnType.TimestampMicros, -1_000_000L, 1700000000123000),
            text.Build(), coded.Build(),
        ], 3);
    }

    private static void AssertColumns(string format, byte[] bytes, Dictionary<string, object?[]> expected)
    {
        foreach ((string name, object?[] values) in expected)
        {
            using IDisposable reader = Open(format, bytes, out Schema schema, out IEnumerable<RecordBatch> batches);
            Assert.Equal(expected.Keys, schema.Fields.Select(field => field.Name));
            Assert.Equal(values, IpcBytes.Values(batches, schema.IndexOf(name)));
        }
    }

    private static void Needs(string script) => Node.Needs(script == Js ? "apache-arrow" : "nodejs-polars");

    private static byte[] Write(string format, Schema schema, RecordBatch[] batches) => format == "file" ? IpcBytes.File(schema, batches) : IpcBytes.Stream(schema, batches);

    private static IDisposable Open(string format, byte[] bytes, out Schema schema, out IEnumerable<RecordBatch> batches)
    {
        if (format == "file")
        {
            ArrowFileReader file = IpcBytes.OpenFile(bytes);
            (schema, batches) = (file.Schema, file.ReadAll());
            return file;
        }
        ArrowStreamReader stream = IpcBytes.OpenStream(bytes);
        (schema, batches) = (stream.Schema, stream.ReadAll());
        return stream;
    }

    private static RecordBatch Copy(RecordBatch batch) => new(batch.Schema, [.. batch.Columns.Select(column => column.CopyRows(0, batch.Length))], batch.Length);
}
