using System.Text;
using static ChurnEngine.Columns.Tests.Ipc.WireSample;

namespace ChurnEngine.Columns.Tests.Ipc;

/// <summary>What other writers send: layouts and framings that the engine does not write itself.</summary>
public sealed class ForeignTypeTests
{
    [Fact]
    public void Unsigned_IsWidened()
    {
        Assert.Equal([(short)0, (short)255], Read(WireType.Int(8, false), Of<byte>(0, 255)));
        Assert.Equal([0, 65535], Read(WireType.Int(16, false), Of<ushort>(0, 65535)));
        Assert.Equal([0L, 4294967295L], Read(WireType.Int(32, false), Of<uint>(0, uint.MaxValue)));
        Assert.Equal([0L, long.MaxValue], Read(WireType.Int(64, false), Of<ulong>(0, long.MaxValue)));
    }

    [Fact]
    public void UInt64_AboveInt64_IsRefusedByRow_UnlessNull()
    {
        byte[] values = Of(1UL, 1UL << 63);
        ChurnDataException error = IpcBytes.Refused(new WireSample().Schema(WireType.Int(64, false)).Batch(2, 0, [], values).End().Bytes, 2114);
        Assert.Contains("column 'x' row 1: 9223372036854775808", error.Message);

        Assert.Equal([1L, null], IpcBytes.Values(new WireSample().Schema(WireType.Int(64, false)).Batch(2, 1, [0b01], values).End().Bytes));
    }

    [Fact]
    public void Floats_OfHalfPrecision_AreWidened() =>
        Assert.Equal([1.5f, float.NegativeInfinity, float.NaN], Read(WireType.Float(0), Of((Half)1.5, Half.NegativeInfinity, Half.NaN)));

    [Fact]
    public void Date64_KeepsItsTimeOfDay()
    {
        var sample = new WireSample().Schema(WireType.Date(1)).Batch(2, 0, [], Of(86_400_000L, -1L)).End();
        using ArrowStreamReader reader = IpcBytes.OpenStream(sample.Bytes);

        Assert.Equal(ColumnType.TimestampMillis, reader.Schema.Fields[0].Type);
        Assert.Equal([86_400_000L, -1L], IpcBytes.Values(sample.Bytes));
    }

    [Fact]
    public void Nanoseconds_AreRoundedDown_AlsoBefore1970() =>
        Assert.Equal([0L, 0L, 1L, -1L, -1L, -2L, long.MinValue / 1000 - 1, long.MaxValue / 1000], Read(WireType.Timestamp(3), Of(0L, 999L, 1000L, -1L, -1000L, -1001L, long.MinValue, long.MaxValue)));

    [Fact]
    public void Seconds_BecomeMicros_AndRefuseWhatDoesNotFit()
    {
        Assert.Equal([1_700_000_000_000_000L, -1_000_000L], Read(WireType.Timestamp(0), Of(1_700_000_000L, -1L)));
        byte[] values = Of(5L, long.MaxValue);
        Assert.Contains("row 1: 9223372036854775807 seconds", IpcBytes.Refused(new WireSample().Schema(WireType.Timestamp(0)).Batch(2, 0, [], values).End().Bytes, 2114).Message);
        Assert.Equal([5_000_000L, null], IpcBytes.Values(new WireSample().Schema(WireType.Timestamp(0)).Batch(2, 1, [0b01], values).End().Bytes));
    }

    [Fact]
    public void NullType_IsTextWithoutAnyValue() => Assert.Equal([null, null, null], IpcBytes.Values(new WireSample().Schema(new WireType(1)).Batch(3, 3).End().Bytes));

    [Fact]
    public void LargeUtf8_ThatStartsBehindItsFirstByte_IsMoved()
    {
        byte[] stream = new WireSample().Schema(WireType.LargeUtf8).Batch(3, 1, [0b101], Of(2L, 4L, 4L, 7L), "..abcdefg"u8.ToArray()).End().Bytes;
        Assert.Equal(["ab", null, "cde"], IpcBytes.Values(stream));
    }

    [Fact]
    public void Utf8View_ShortAndLong_FromSeveralBuffers()
    {
        byte[] first = Encoding.UTF8.GetBytes("the first long text"), second = Encoding.UTF8.GetBytes("....ein zweiter größerer");
        byte[] views = [.. Inline("short"), .. Outside(first, 0, 0, first.Length), .. Inline("twelve bytes"), .. new byte[16], .. Outside(second, 1, 4, second.Length - 4), .. Inline("")];
        var shape = new BatchShape { Rows = 6, Nodes = [6, 1], VariadicCounts = [2] };

        Assert.Equal(["short", "the first long text", "twelve bytes", null, "ein zweiter größerer", ""],
            IpcBytes.Values(new WireSample().Schema(WireType.Utf8View).Batch(shape, [0b110111], views, first, second).End().Bytes));
    }

    public static TheoryData<int, bool> CodeTypes => new() { { 8, true }, { 8, false }, { 16, true }, { 16, false }, { 32, true }, { 32, false }, { 64, true }, { 64, false } };

    [Theory]
    [MemberData(nameof(CodeTypes))]
    public void Dictionary_CodesOfAnyWidth(int bits, bool signed)
    {
        byte[] codes = bits switch { 8 => Of<byte>(1, 0, 99), 16 => Of<short>(1, 0, 99), 32 => Of(1, 0, 99), _ => Of(1L, 0L, 99L) };
        byte[] stream = new WireSample().Schema(WireType.LargeUtf8, WireType.Int(bits, signed))
            .Dictionary(7, 2, false, [], Of(0L, 1L, 3L), "abb"u8.ToArray()).Batch(3, 1, [0b011], codes).End().Bytes;

        Assert.Equal(["bb", "a", null], IpcBytes.Values(stream));
        using ArrowStreamReader reader = IpcBytes.OpenStream(stream);
        using RecordBatch batch = reader.Read()!;
        Assert.Equal(0, ((DictionaryColumn)batch["x"]).Codes[2]);
    }

    [Fact]
    public void Dictionary_NullEntry_MakesItsRowsNull()
    {
        var builder = new WireSample().Schema(WireType.Utf8, WireType.Int(32, true));
        byte[] stream = DictionaryWithNull(builder).Batch(4, 1, [0b1011], Of(0, 1, 0, 2)).End().Bytes;

        Assert.Equal(["a", null, null, "c"], IpcBytes.Values(stream));
    }

    [Fact]
    public void Dictionary_NotSent_IsAllRightWhereNothingNeedsIt() =>
        Assert.Equal([null, null], IpcBytes.Values(new WireSample().Schema(WireType.Utf8, WireType.Int(32, true)).Batch(2, 2, [0], Of(0, 0)).End().Bytes));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(128)]
    public void Alignment_OfAnyKind_IsRead(int alignment)
    {
        var sample = new WireSample { Alignment = alignment }.Schema(WireType.Int(64, true));
        for (int i = 0; i < 3; i++)
            sample.Batch(3, 1, [0b101], Of(1L, 2L, 3L));

        Assert.Equal([1L, null, 3L, 1L, null, 3L, 1L, null, 3L], IpcBytes.Values(sample.End().Bytes));
    }

    [Fact]
    public void LegacyFraming_AndVersion4_AreRead() =>
        Assert.Equal([1, 2], IpcBytes.Values(new WireSample { Legacy = true, Version = 3 }.Schema(WireType.Int(32, true)).Batch(2, 0, [], Of(1, 2)).End().Bytes));

    [Fact]
    public void FileFormat_ThroughAPipe_IsReadAsAStream()
    {
        var schema = new Schema(new Field("x", ColumnType.Int32));
        using var batch = new RecordBatch(schema, [new PrimitiveColumn<int>(ColumnType.Int32, NativeBuffer<int>.CopyOf([4, 5]), 2)], 2);

        Assert.Equal([4, 5], IpcBytes.Values(IpcBytes.File(schema, batch)));
    }

    [Fact]
    public void NullCount_Unknown_IsCounted() =>
        Assert.Equal([null, 2], IpcBytes.Values(new WireSample().Schema(WireType.Int(32, true)).Batch(2, -1, [0b10], Of(1, 2)).End().Bytes));

    [Fact]
    public void MissingEnd_IsTakenOnlyWhereAllowed()
    {
        byte[] stream = new WireSample().Schema(WireType.Int(32, true)).Batch(1, 0, [], Of(8)).Bytes;
        IpcBytes.Refused(stream, 2103);

        using ArrowStreamReader reader = IpcBytes.OpenStream(stream, allowMissingEnd: true);
        Assert.Equal([8], IpcBytes.Values(reader.ReadAll()));
    }

    [Fact]
    public void TwoStreams_OneBehindTheOther_AreReadByTwoReaders()
    {
        byte[] one = new WireSample().Schema(WireType.Int(32, true)).Batch(1, 0, [], Of(8)).End().Bytes;
        using var both = new MemoryStream([.. one, .. one]);
        for (int i = 0; i < 2; i++)
        {
            using var reader = new ArrowStreamReader(both, new ArrowReadOptions { LeaveOpen = true });
            Assert.Equal([8], IpcBytes.Values(reader.ReadAll()));
        }
        Assert.Equal(both.Length, both.Position);
    }

    internal static byte[] Inline(string text)
    {
        byte[] view = new byte[16];
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        view[0] = (byte)bytes.Length;
        bytes.CopyTo(view, 4);
        return view;
    }

    internal static byte[] Outside(byte[] buffer, int index, int offset, int length) => [.. Of(length), .. buffer.AsSpan(offset, 4), .. Of(index, offset)];

    private static WireSample DictionaryWithNull(WireSample sample)
    {
        var builder = new FlatBuilder();
        byte[] body = [0b101, 0, 0, 0, 0, 0, 0, 0, .. Of(0, 1, 1, 2), .. "ac"u8];
        int nodes = builder.Structs([3, 1], 2);
        int buffers = builder.Structs([0, 1, 8, 16, 24, 2], 2);
        builder.StartTable();
        builder.Int64(0, 3);
        builder.Offset(1, nodes);
        builder.Offset(2, buffers);
        int data = builder.EndTable();
        builder.StartTable();
        builder.Int64(0, 7);
        builder.Offset(1, data);
        return sample.Message(builder, 2, builder.EndTable(), body);
    }

    private static List<object?> Read(WireType type, byte[] values) =>
        IpcBytes.Values(new WireSample().Schema(type).Batch(values.Length / Width(type), 0, [], values).End().Bytes);

    private static int Width(WireType type) => type.Number switch { 2 => type.Int32!.Value / 8, 3 => 2, _ => 8 };
}
