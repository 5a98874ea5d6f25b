using System.Buffers.Binary;
using System.Text;
using ChurnEngine.Columns.Tests.Interop;
using static ChurnEngine.Columns.Tests.Ipc.WireSample;

namespace ChurnEngine.Columns.Tests.Ipc;

/// <summary>Bytes that lie: each is refused with its own code, and nothing is left in memory.</summary>
[Collection(NativeMemoryGroup.Name)]
public sealed class IpcRefusalTests
{
    private static readonly WireType Int32 = WireType.Int(32, true);
    private static readonly WireType Int64 = WireType.Int(64, true);

    public static TheoryData<string> Names => [.. s_cases.Keys];

    private static readonly Dictionary<string, (int Code, Func<byte[]> Bytes)> s_cases = new()
    {
        ["nothing"] = (2101, () => []),
        ["two bytes"] = (2101, () => [1, 2]),
        ["a text"] = (2101, () => Encoding.UTF8.GetBytes("customer_id,plan\n1,basic\n")),
        ["a Parquet file"] = (2101, () => Encoding.UTF8.GetBytes("PAR1....................")),
        ["ARRO and something else"] = (2101, () => Encoding.UTF8.GetBytes("ARROGANT........")),
        ["a negative first length"] = (2101, () => Of(-1, -7, 0, 0)),
        ["a batch before the schema"] = (2118, () => new WireSample().Batch(1, 0, [], Of(1)).End().Bytes),
        ["a schema twice"] = (2118, () => new WireSample().Schema(Int32).Schema(Int32).End().Bytes),
        ["a tensor"] = (2118, () => Message(4)),
        ["a message of no kind"] = (2118, () => Message(0)),
        ["no end marker"] = (2103, () => new WireSample().Schema(Int32).Bytes),
        ["cut in a length"] = (2102, () => new WireSample().Schema(Int32).Raw(0xFF, 0xFF).Bytes),
        ["cut behind a continuation"] = (2102, () => new WireSample().Schema(Int32).Raw(0xFF, 0xFF, 0xFF, 0xFF).Bytes),
        ["metadata of a gigabyte"] = (2105, () => new WireSample().Schema(Int32).Raw(Of(-1, 1 << 30)).Bytes),
        ["metadata beyond the end"] = (2102, () => new WireSample().Schema(Int32).Raw(Of(-1, 1 << 20)).Bytes),
        ["a negative metadata length"] = (2105, () => new WireSample().Schema(Int32).Raw(Of(-1, -8)).Bytes),
        ["a body cut"] = (2102, () => new WireSample().Schema(Int64).Batch(100, 0, [], new byte[800]).Bytes[..^1]),
        ["version V3"] = (2116, () => new WireSample { Version = 2 }.Schema(Int32).End().Bytes),
        ["version V6"] = (2116, () => new WireSample { Version = 5 }.Schema(Int32).End().Bytes),
        ["big-endian"] = (2109, () => new WireSample().Schema(Int32, endianness: 1).End().Bytes),
        ["a column name twice"] = (2117, TwoOfAName),
        ["an int of 24 bits"] = (2105, () => new WireSample().Schema(WireType.Int(24, true)).End().Bytes),
        ["a timestamp of unit 9"] = (2105, () => new WireSample().Schema(WireType.Timestamp(9)).End().Bytes),
        ["2 * 10^9 nulls in no bytes"] = (2113, () => new WireSample().Schema(new WireType(1)).Batch(2_000_000_000, 2_000_000_000).End().Bytes),
        ["nulls without a node"] = (2106, () => new WireSample().Schema(new WireType(1), columns: 2).Batch(1, 1).End().Bytes),
        ["decimal"] = (2107, () => new WireSample().Schema(new WireType(7)).End().Bytes),
        ["list"] = (2107, () => new WireSample().Schema(new WireType(12)).End().Bytes),
        ["struct"] = (2107, () => new WireSample().Schema(new WireType(13)).End().Bytes),
        ["binary"] = (2107, () => new WireSample().Schema(new WireType(4)).End().Bytes),
        ["a type of the future"] = (2107, () => new WireSample().Schema(new WireType(99)).End().Bytes),
        ["a dictionary of numbers"] = (2107, () => new WireSample().Schema(Int64, Int32).End().Bytes),
        ["LZ4"] = (2108, () => new WireSample().Schema(Int32).Batch(new BatchShape { Rows = 1, Nodes = [1, 0], Codec = 0 }, [], Of(1)).End().Bytes),
        ["ZSTD"] = (2108, () => new WireSample().Schema(Int32).Batch(new BatchShape { Rows = 1, Nodes = [1, 0], Codec = 1 }, [], Of(1)).End().Bytes),
        ["negative rows"] = (2105, () => new WireSample().Schema(Int32).Batch(-1, 0, [], Of(1)).End().Bytes),
        ["10^15 rows"] = (2113, () => new WireSample().Schema(Int32).Batch(1_000_000_000_000_000, 0, [], Of(1)).End().Bytes),
        ["2 * 10^9 rows in 4 bytes"] = (2106, () => new WireSample().Schema(Int32).Batch(2_000_000_000, 0, [], Of(1)).End().Bytes),
        ["2 * 10^9 booleans in 4 bytes"] = (2106, () => new WireSample().Schema(new WireType(6)).Batch(2_000_000_000, 0, [], Of(1)).End().Bytes),
        ["2 * 10^9 texts in 4 bytes"] = (2106, () => new WireSample().Schema(WireType.Utf8).Batch(2_000_000_000, 0, [], Of(0), []).End().Bytes),
        ["2 * 10^9 large texts in 8 bytes"] = (2106, () => new WireSample().Schema(WireType.LargeUtf8).Batch(2_000_000_000, 0, [], Of(0L), []).End().Bytes),
        ["2 * 10^9 views in 16 bytes"] = (2106, () => new WireSample().Schema(WireType.Utf8View).Batch(new BatchShape { Rows = 2_000_000_000, Nodes = [2_000_000_000, 0], VariadicCounts = [0] }, [], new byte[16]).End().Bytes),
        ["2 * 10^9 uint8 in 4 bytes"] = (2106, () => new WireSample().Schema(WireType.Int(8, false)).Batch(2_000_000_000, 0, [], Of(1)).End().Bytes),
        ["2 * 10^9 codes in 4 bytes"] = (2106, () => new WireSample().Schema(WireType.Utf8, WireType.Int(8, false)).Batch(2_000_000_000, 0, [], Of(1)).End().Bytes),
        ["nodes of another length"] = (2106, () => new WireSample().Schema(Int32).Batch(new BatchShape { Rows = 1, Nodes = [2, 0] }, [], Of(1, 2)).End().Bytes),
        ["more nulls than rows"] = (2106, () => new WireSample().Schema(Int32).Batch(2, 3, [0], Of(1, 2)).End().Bytes),
        ["nulls without a bitmap"] = (2106, () => new WireSample().Schema(Int32).Batch(2, 1, [], Of(1, 2)).End().Bytes),
        ["a bitmap too short"] = (2106, () => new WireSample().Schema(WireType.Int(8, true)).Batch(9, 1, [0xFF], new byte[9]).End().Bytes),
        ["too few nodes"] = (2106, () => new WireSample().Schema(Int32, columns: 2).Batch(1, 0, [], Of(1), [], Of(1)).End().Bytes),
        ["too many nodes"] = (2105, () => new WireSample().Schema(Int32).Batch(new BatchShape { Rows = 1, Nodes = [1, 0, 1, 0] }, [], Of(1)).End().Bytes),
        ["too few buffers"] = (2106, () => new WireSample().Schema(Int32).Batch(1, 0, Of(1)).End().Bytes),
        ["too many buffers"] = (2105, () => new WireSample().Schema(Int32).Batch(1, 0, [], Of(1), Of(1)).End().Bytes),
        ["a buffer beyond the body"] = (2105, () => Placed(0, 0, 8, 4)),
        ["a buffer at a negative offset"] = (2105, () => Placed(0, 0, -4, 4)),
        ["a buffer of negative length"] = (2105, () => Placed(0, 0, 0, -4)),
        ["a buffer whose end overflows"] = (2105, () => Placed(0, 0, long.MaxValue, 4)),
        ["a buffer of 2^63 - 1 bytes"] = (2105, () => Placed(0, 0, 4, long.MaxValue)),
        ["one buffer for many columns"] = (2105, () => new WireSample().Schema(WireType.Int(8, false), columns: 2)
            .Batch(new BatchShape { Rows = 8, Nodes = [8, 0, 8, 0], Places = [0, 0, 0, 8, 0, 0, 0, 8] }, Of(1L)).End().Bytes),
        ["descending offsets"] = (2106, () => new WireSample().Schema(WireType.Utf8).Batch(2, 0, [], Of(0, 3, 1), "abc"u8.ToArray()).End().Bytes),
        ["a negative offset"] = (2106, () => new WireSample().Schema(WireType.Utf8).Batch(2, 0, [], Of(-1, 0, 1), "abc"u8.ToArray()).End().Bytes),
        ["offsets that overflow"] = (2106, () => new WireSample().Schema(WireType.Utf8).Batch(2, 0, [], Of(int.MaxValue, int.MinValue, 3), "abc"u8.ToArray()).End().Bytes),
        ["an offset beyond the text"] = (2106, () => new WireSample().Schema(WireType.Utf8).Batch(1, 0, [], Of(0, 4), "abc"u8.ToArray()).End().Bytes),
        ["too few offsets"] = (2106, () => new WireSample().Schema(WireType.Utf8).Batch(2, 0, [], Of(0, 1), "abc"u8.ToArray()).End().Bytes),
        ["descending large offsets"] = (2106, () => new WireSample().Schema(WireType.LargeUtf8).Batch(2, 0, [], Of(0L, 3L, 1L), "abc"u8.ToArray()).End().Bytes),
        ["a large offset beyond the text"] = (2106, () => new WireSample().Schema(WireType.LargeUtf8).Batch(1, 0, [], Of(0L, 1L << 40), "abc"u8.ToArray()).End().Bytes),
        ["a view of a buffer that is not there"] = (2106, () => View(buffer: 1, offset: 0, length: 13)),
        ["a view of buffer -1"] = (2106, () => View(buffer: -1, offset: 0, length: 13)),
        ["a view beyond its buffer"] = (2106, () => View(buffer: 0, offset: 8, length: 13)),
        ["a view at a negative offset"] = (2106, () => View(buffer: 0, offset: -1, length: 13)),
        ["a view of negative length"] = (2106, () => View(buffer: 0, offset: 0, length: -13)),
        ["a view of 2^31 - 1 bytes"] = (2106, () => View(buffer: 0, offset: 1, length: int.MaxValue)),
        ["more view buffers than buffers"] = (2106, () => new WireSample().Schema(WireType.Utf8View).Batch(new BatchShape { Rows = 1, Nodes = [1, 0], VariadicCounts = [long.MaxValue] }, [], new byte[16]).End().Bytes),
        ["views without a count"] = (2106, () => new WireSample().Schema(WireType.Utf8View).Batch(new BatchShape { Rows = 1, Nodes = [1, 0] }, [], new byte[16]).End().Bytes),
        ["views that unpack to gigabytes"] = (2113, ViewBomb),
        ["a text that is not UTF-8"] = (2115, () => new WireSample().Schema(WireType.Utf8).Batch(2, 0, [], Of(0, 1, 2), [(byte)'a', 0xFF]).End().Bytes),
        ["a row that starts inside a character"] = (2115, () => new WireSample().Schema(WireType.Utf8).Batch(2, 0, [], Of(0, 1, 2), Encoding.UTF8.GetBytes("ö")).End().Bytes),
        ["a code beyond the dictionary"] = (2106, () => Coded().Batch(2, 0, [], Of(0, 2)).End().Bytes),
        ["a negative code"] = (2106, () => Coded().Batch(2, 0, [], Of(0, -1)).End().Bytes),
        ["a code of 2^40"] = (2106, () => new WireSample().Schema(WireType.Utf8, Int64).Dictionary(7, 1, false, [], Of(0, 1), [65]).Batch(1, 0, [], Of(1L << 40)).End().Bytes),
        ["a dictionary that never came"] = (2111, () => new WireSample().Schema(WireType.Utf8, Int32).Batch(1, 0, [], Of(0)).End().Bytes),
        ["a delta"] = (2110, () => Coded().Dictionary(7, 1, true, [], Of(0, 1), [65]).End().Bytes),
        ["a dictionary that no column uses"] = (2105, () => Coded().Dictionary(8, 1, false, [], Of(0, 1), [65]).End().Bytes),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Stream_ThatLies_IsRefused(string name)
    {
        long before = NativeLedger.LiveBuffers;
        long start = GC.GetAllocatedBytesForCurrentThread();

        ChurnDataException error = IpcBytes.Refused(s_cases[name].Bytes(), s_cases[name].Code);

        Assert.Contains("'stream'", error.Message);
        Assert.Equal(before, NativeLedger.LiveBuffers);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - start < 64 << 20, "it allocated what the bytes do not hold");
    }

    [Fact]
    public void Pipe_ThatPromisesMore_AllocatesWhatCame()
    {
        byte[] bytes = new WireSample().Schema(Int64).Batch(1, 0, [], Of(1L)).Bytes;
        // bodyLength is the only long 16 of the last message (a validity of none, padded to nothing, and 8 bytes): promise 2^40 instead.
        int at = bytes.AsSpan().LastIndexOf(Of(8L));
        byte[] lying = [.. bytes];
        foreach (int position in Positions(bytes, 8L))
            BinaryPrimitives.WriteInt64LittleEndian(lying.AsSpan(position), 1L << 40);
        Assert.True(at > 0);
        long peak = NativeLedger.PeakBytes;
        using var reader = new ArrowStreamReader(new Pipe(lying));

        Assert.Equal(2102, Assert.Throws<ChurnDataException>(() => reader.Read()).Code.Number);
        Assert.True(NativeLedger.PeakBytes - peak <= 64 << 20);
    }

    [Fact]
    public void Pipe_OfOneByteAtATime_IsRead()
    {
        using RecordBatch batch = EveryType.Batch(50);
        using var reader = new ArrowStreamReader(new Pipe(IpcBytes.Stream(EveryType.Schema, batch), step: 1));
        using RecordBatch read = reader.Read()!;
        EveryType.AssertEqual(batch, 0, read);
        Assert.Null(reader.Read());
    }

    [Fact]
    public void File_CutAnywhere_IsRefused()
    {
        using RecordBatch batch = EveryType.Batch(20);
        byte[] file = IpcBytes.File(EveryType.Schema, batch), stream = IpcBytes.Stream(EveryType.Schema, batch);
        for (int length = 0; length < file.Length; length++)
            Assert.Throws<ChurnDataException>(() => IpcBytes.OpenFile(file[..length]));
        for (int length = 0; length < stream.Length; length++)
            Assert.Throws<ChurnDataException>(() => IpcBytes.Values(stream[..length]));
    }

    [Fact]
    public void File_FooterThatLies_IsRefused()
    {
        using RecordBatch batch = EveryType.Batch(20);
        byte[] good = IpcBytes.File(EveryType.Schema, batch);
        int code(Action<byte[]> change)
        {
            byte[] bytes = [.. good];
            change(bytes);
            return Assert.Throws<ChurnDataException>(() => IpcBytes.OpenFile(bytes)).Code.Number;
        }
        Assert.Equal(2101, code(bytes => bytes[0] = (byte)'B'));
        Assert.Equal(2104, code(bytes => bytes[^1] = 0));
        foreach (int length in new[] { 0, -1, int.MaxValue, good.Length })
            Assert.Equal(2104, code(bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(bytes.Length - 10), length)));
        Assert.Equal(2101, Assert.Throws<ChurnDataException>(() => IpcBytes.OpenFile(IpcBytes.Stream(EveryType.Schema, batch))).Code.Number);
    }

    public static TheoryData<string, int> Blocks => new()
    {
        { "good", 0 }, { "a dictionary twice", 2112 }, { "behind the footer", 2105 }, { "before the first message", 2105 }, { "a negative offset", 2105 },
        { "a batch that is a dictionary", 2118 }, { "another body length", 2105 }, { "at the end marker", 2105 }, { "in the middle of a message", 0 },
    };

    [Theory]
    [MemberData(nameof(Blocks))]
    public void File_BlocksThatLie_AreRefused(string lie, int code)
    {
        long before = NativeLedger.LiveBuffers;
        using (RecordBatch all = EveryType.Batch(9))
        {
            byte[] bytes = FileWithBlocks(all, (dictionary, batch, end) => lie switch
            {
                "a dictionary twice" => ([.. dictionary, .. dictionary], batch),
                "behind the footer" => (dictionary, [1 << 20, batch[1], batch[2]]),
                "before the first message" => (dictionary, [0, batch[1], batch[2]]),
                "a negative offset" => (dictionary, [-64, batch[1], batch[2]]),
                "a batch that is a dictionary" => (dictionary, dictionary),
                "another body length" => (dictionary, [batch[0], batch[1], batch[2] + 64]),
                "at the end marker" => (dictionary, [end, batch[1], batch[2]]),
                "in the middle of a message" => (dictionary, [batch[0] + 8, batch[1], batch[2]]),
                _ => (dictionary, batch),
            });
            void Read()
            {
                using ArrowFileReader reader = IpcBytes.OpenFile(bytes);
                using RecordBatch batch = reader.Read(0);
                Assert.Equal("", ((DictionaryColumn)batch["plan"]).GetString(1));
            }
            if (lie == "good")
                Read();
            else if (Assert.Throws<ChurnDataException>(Read).Code.Number is var actual && code != 0)
                Assert.Equal(code, actual);
        }
        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    private static byte[] FileWithBlocks(RecordBatch all, Func<long[], long[], long, (long[] Dictionaries, long[] Batches)> blocks)
    {
        var schema = new Schema(new Field("plan", ColumnType.Dictionary));
        var column = (DictionaryColumn)all["Dictionary"];
        var stream = new MemoryStream();
        var sink = new MessageSink(stream);
        sink.Write("ARROW1\0\0"u8);
        sink.Write(MessageEncoding.OfSchema(schema), null);
        using BodyParts entries = new(), codes = new();
        entries.Add(column.Dictionary);
        codes.Add(column);
        (long Offset, long MetadataLength, long BodyLength) dictionary = sink.Write(MessageEncoding.OfDictionary(0, column.Dictionary.Length, entries), entries);
        (long Offset, long MetadataLength, long BodyLength) batch = sink.Write(MessageEncoding.OfBatch(all.Length, codes), codes);
        long end = sink.Position;
        sink.WriteEnd();
        (long[] dictionaries, long[] batches) = blocks([dictionary.Offset, dictionary.MetadataLength, dictionary.BodyLength], [batch.Offset, batch.MetadataLength, batch.BodyLength], end);
        ReadOnlyMemory<byte> footer = MessageEncoding.OfFooter(schema, dictionaries, batches);
        sink.Write(footer.Span);
        sink.Write(Of(footer.Length));
        sink.Write("ARROW1"u8);
        return stream.ToArray();
    }

    private static IEnumerable<int> Positions(byte[] bytes, long value)
    {
        for (int i = bytes.Length / 2; i + 8 <= bytes.Length - 8; i++)
        {
            if (BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i)) == value)
                yield return i;
        }
    }

    private static WireSample Coded() => new WireSample().Schema(WireType.Utf8, Int32).Dictionary(7, 2, false, [], Of(0, 1, 2), "ab"u8.ToArray());

    private static byte[] Placed(params long[] places) =>
        new WireSample().Schema(Int32).Batch(new BatchShape { Rows = 1, Nodes = [1, 0], Places = places }, Of(1, 0)).End().Bytes;

    private static byte[] View(int buffer, int offset, int length) => new WireSample().Schema(WireType.Utf8View)
        .Batch(new BatchShape { Rows = 1, Nodes = [1, 0], VariadicCounts = [1] }, [], [.. Of(length), .. "0123"u8, .. Of(buffer, offset)], "0123456789abcdef"u8.ToArray()).End().Bytes;

    private static byte[] ViewBomb()
    {
        byte[] text = new byte[1 << 20];
        byte[] view = ForeignTypeTests.Outside(text, 0, 0, text.Length);
        byte[] views = [.. Enumerable.Repeat(view, 1500).SelectMany(bytes => bytes)];
        return new WireSample().Schema(WireType.Utf8View).Batch(new BatchShape { Rows = 1500, Nodes = [1500, 0], VariadicCounts = [1] }, [], views, text).End().Bytes;
    }

    private static byte[] Message(byte kind)
    {
        var builder = new FlatBuilder();
        builder.StartTable();
        return new WireSample().Schema(Int32).Message(builder, kind, builder.EndTable(), []).End().Bytes;
    }

    private static byte[] TwoOfAName()
    {
        var builder = new FlatBuilder();
        builder.StartTable();
        builder.Int32(0, 32);
        int type = builder.EndTable();
        int name = builder.Text("x");
        builder.StartTable();
        builder.Offset(0, name);
        builder.Byte(2, 2);
        builder.Offset(3, type);
        builder.Bool(1, true);
        int field = builder.EndTable();
        int fields = builder.Offsets([field, field]);
        builder.StartTable();
        builder.Offset(1, fields);
        return new WireSample().Message(builder, 1, builder.EndTable(), []).End().Bytes;
    }
}
