using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ChurnEngine.Columns.Tests.Ipc;

/// <summary>A type of Schema.fbs as another writer would state it.</summary>
internal sealed record WireType(byte Number, int? Int32 = null, short? Int16 = null, bool? Signed = null)
{
    public static WireType Int(int bits, bool signed) => new(2, Int32: bits, Signed: signed);
    public static WireType Float(short precision) => new(3, Int16: precision);
    public static WireType Date(short unit) => new(8, Int16: unit);
    public static WireType Timestamp(short unit) => new(10, Int16: unit);
    public static WireType Utf8 { get; } = new(5);
    public static WireType LargeUtf8 { get; } = new(20);
    public static WireType Utf8View { get; } = new(24);
}

/// <summary>Streams written by hand, byte for byte as asked, right or wrong.</summary>
internal sealed class WireSample
{
    private readonly List<byte> _bytes = [];

    public int Alignment { get; init; } = 8;
    public bool Legacy { get; init; }
    public short Version { get; init; } = 4;
    public string ColumnName { get; init; } = "x";
    public byte[] Bytes => [.. _bytes];

    /// <summary>A schema of columns of one type, named x, x1, x2...</summary>
    public WireSample Schema(WireType type, WireType? codes = null, short endianness = 0, int columns = 1)
    {
        var builder = new FlatBuilder();
        int[] fields = [.. Enumerable.Range(0, columns).Select(i => FieldTable(builder, i == 0 ? ColumnName : $"{ColumnName}{i}", type, codes))];
        int vector = builder.Offsets(fields);
        builder.StartTable();
        builder.Int16(0, endianness);
        builder.Offset(1, vector);
        return Message(builder, 1, builder.EndTable(), []);
    }

    public WireSample Batch(long rows, long nulls, params byte[][] buffers) => Batch(new BatchShape { Rows = rows, Nodes = [rows, nulls] }, buffers);

    public WireSample Batch(BatchShape shape, params byte[][] buffers)
    {
        var builder = new FlatBuilder();
        byte[] body = Body(buffers, out List<long> places);
        return Message(builder, 3, BatchTable(builder, shape, places), body);
    }

    public WireSample Dictionary(long id, long entries, bool delta, params byte[][] buffers)
    {
        var builder = new FlatBuilder();
        byte[] body = Body(buffers, out List<long> places);
        int data = BatchTable(builder, new BatchShape { Rows = entries, Nodes = [entries, 0] }, places);
        builder.StartTable();
        builder.Int64(0, id);
        builder.Offset(1, data);
        builder.Bool(2, delta);
        return Message(builder, 2, builder.EndTable(), body);
    }

    public WireSample End()
    {
        if (!Legacy)
            _bytes.AddRange([0xFF, 0xFF, 0xFF, 0xFF]);
        _bytes.AddRange([0, 0, 0, 0]);
        return this;
    }

    public WireSample Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public static byte[] Of<T>(params T[] values) where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();

    public WireSample Message(FlatBuilder builder, byte kind, int header, byte[] body)
    {
        builder.StartTable();
        builder.Int64(3, body.Length);
        builder.Offset(2, header);
        builder.Int16(0, Version);
        builder.Byte(1, kind);
        byte[] metadata = builder.Finish(builder.EndTable()).ToArray();
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, metadata.Length);
        if (!Legacy)
            _bytes.AddRange([0xFF, 0xFF, 0xFF, 0xFF]);
        _bytes.AddRange(length);
        _bytes.AddRange(metadata);
        _bytes.AddRange(body);
        return this;
    }

    private byte[] Body(byte[][] buffers, out List<long> places)
    {
        places = [];
        var body = new List<byte>();
        foreach (byte[] buffer in buffers)
        {
            places.AddRange([body.Count, buffer.Length]);
            body.AddRange(buffer);
            while (body.Count % Alignment != 0)
                body.Add(0);
        }
        return [.. body];
    }

    private static int BatchTable(FlatBuilder builder, BatchShape shape, List<long> places)
    {
        int compression = 0;
        if (shape.Codec is { } codec)
        {
            builder.StartTable();
            builder.Byte(0, codec);
            compression = builder.EndTable();
        }
        int variadic = shape.VariadicCounts.Length == 0 ? 0 : builder.Structs(shape.VariadicCounts, 1);
        int nodes = builder.Structs(shape.Nodes, 2);
        int buffers = builder.Structs(shape.Places ?? places.ToArray(), 2);
        builder.StartTable();
        builder.Int64(0, shape.Rows);
        builder.Offset(1, nodes);
        builder.Offset(2, buffers);
        builder.Offset(3, compression);
        builder.Offset(4, variadic);
        return builder.EndTable();
    }

    private static int FieldTable(FlatBuilder builder, string columnName, WireType type, WireType? codes)
    {
        int dictionary = 0;
        if (codes is not null)
        {
            int codeType = TypeTable(builder, codes);
            builder.StartTable();
            builder.Int64(0, 7);
            builder.Offset(1, codeType);
            dictionary = builder.EndTable();
        }
        int detail = TypeTable(builder, type);
        int name = builder.Text(columnName);
        builder.StartTable();
        builder.Offset(0, name);
        builder.Bool(1, true);
        builder.Byte(2, type.Number);
        builder.Offset(3, detail);
        builder.Offset(4, dictionary);
        return builder.EndTable();
    }

    private static int TypeTable(FlatBuilder builder, WireType type)
    {
        builder.StartTable();
        if (type.Int32 is { } bits)
            builder.Int32(0, bits);
        if (type.Int16 is { } unit)
            builder.Int16(0, unit);
        if (type.Signed is { } signed)
            builder.Bool(1, signed);
        return builder.EndTable();
    }
}

/// <summary>What a RecordBatch table says.</summary>
internal sealed record BatchShape
{
    public long Rows { get; init; }
    public long[] Nodes { get; init; } = [];
    public long[] VariadicCounts { get; init; } = [];
    public byte? Codec { get; init; }

    /// <summary>Null: where the buffers really are.</summary>
    public long[]? Places { get; init; }
}
