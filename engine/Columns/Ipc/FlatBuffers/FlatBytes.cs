using System.Buffers.Binary;
using System.Text;

namespace ChurnEngine.Columns;

/// <summary>The bytes of one flatbuffer that nobody has to trust: every read is checked against their end.</summary>
/// <remarks>Cycles cannot trap a reader that only goes down a fixed depth, which is all that Arrow's metadata needs. What can be named many
/// times over, a text, is counted: decoding stops at <see cref="TextFactor"/> times the bytes that are there.
/// Source: FlatBuffers, "FlatBuffer Internals".</remarks>
internal sealed class FlatBytes
{
    private const int TextFactor = 8;
    private readonly ReadOnlyMemory<byte> _bytes;
    private long _textLeft;

    public FlatBytes(ReadOnlyMemory<byte> bytes, IpcPlace place)
    {
        _bytes = bytes;
        Place = place;
        _textLeft = 1024 + (long)TextFactor * bytes.Length;
    }

    /// <summary>What to call it in an error.</summary>
    public IpcPlace Place { get; }

    /// <summary>The table that the buffer starts with.</summary>
    public FlatTable Root => new(this, Follow(0));

    public byte Byte(int position) => Part(position, 1)[0];

    public short Int16(int position) => BinaryPrimitives.ReadInt16LittleEndian(Part(position, 2));

    public int Int32(int position) => BinaryPrimitives.ReadInt32LittleEndian(Part(position, 4));

    public long Int64(int position) => BinaryPrimitives.ReadInt64LittleEndian(Part(position, 8));

    /// <summary>Where the unsigned offset at <paramref name="position"/> points; always forward, always inside.</summary>
    public int Follow(int position)
    {
        long target = position + (long)(uint)Int32(position);
        if (target == position || target > _bytes.Length - 4)
            throw IpcErrors.BadMetadata(Place, $"an offset leads from byte {position} to {target} of {_bytes.Length}");
        return (int)target;
    }

    /// <summary>The text at <paramref name="position"/>.</summary>
    public string Text(int position)
    {
        int length = Int32(position);
        ReadOnlySpan<byte> bytes = Part(position + 4, length);
        _textLeft -= length;
        if (_textLeft < 0)
            throw IpcErrors.BadMetadata(Place, "its texts are longer than its bytes allow");
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Checked bytes.</summary>
    public ReadOnlySpan<byte> Part(int position, long length)
    {
        if (position < 0 || length < 0 || length > _bytes.Length - (long)position)
            throw IpcErrors.BadMetadata(Place, $"{length} bytes at byte {position} of {_bytes.Length}");
        return _bytes.Span.Slice(position, (int)length);
    }
}

/// <summary>One table of a flatbuffer: fields by slot, absent ones read as their default.</summary>
internal readonly struct FlatTable
{
    private readonly FlatBytes _bytes;
    private readonly int _position;
    private readonly int _fieldTable;
    private readonly int _fieldTableLength;

    public FlatTable(FlatBytes bytes, int position)
    {
        _bytes = bytes;
        _position = position;
        long fieldTable = position - (long)bytes.Int32(position);
        if (fieldTable is < 0 or > int.MaxValue)
            throw IpcErrors.BadMetadata(bytes.Place, $"a field table at byte {fieldTable}");
        _fieldTable = (int)fieldTable;
        _fieldTableLength = (ushort)bytes.Int16(_fieldTable);
        bytes.Part(_fieldTable, _fieldTableLength);
    }

    public bool Bool(int slot) => Find(slot) is > 0 and int at && _bytes.Byte(at) != 0;

    public byte Byte(int slot) => Find(slot) is > 0 and int at ? _bytes.Byte(at) : (byte)0;

    public short Int16(int slot, short absent = 0) => Find(slot) is > 0 and int at ? _bytes.Int16(at) : absent;

    public int Int32(int slot) => Find(slot) is > 0 and int at ? _bytes.Int32(at) : 0;

    public long Int64(int slot) => Find(slot) is > 0 and int at ? _bytes.Int64(at) : 0;

    public string? Text(int slot) => Find(slot) is > 0 and int at ? _bytes.Text(_bytes.Follow(at)) : null;

    public FlatTable? Table(int slot) => Find(slot) is > 0 and int at ? new FlatTable(_bytes, _bytes.Follow(at)) : null;

    /// <summary>A vector whose elements take <paramref name="elementBytes"/> each; empty when absent.</summary>
    public FlatVector Vector(int slot, int elementBytes) => Find(slot) is > 0 and int at ? new FlatVector(_bytes, _bytes.Follow(at), elementBytes) : default;

    private int Find(int slot)
    {
        int entry = 4 + 2 * slot;
        if (entry + 2 > _fieldTableLength)
            return 0;
        int offset = (ushort)_bytes.Int16(_fieldTable + entry);
        return offset == 0 ? 0 : _position + offset;
    }
}

/// <summary>A vector of a flatbuffer; all of it lies inside the bytes.</summary>
internal readonly struct FlatVector
{
    private readonly FlatBytes? _bytes;
    private readonly int _first;
    private readonly int _elementBytes;

    public FlatVector(FlatBytes bytes, int position, int elementBytes)
    {
        _bytes = bytes;
        _elementBytes = elementBytes;
        _first = position + 4;
        Count = bytes.Int32(position);
        bytes.Part(_first, Count < 0 ? -1 : (long)Count * elementBytes);
    }

    public int Count { get; }

    public FlatTable Table(int index) => new(_bytes!, _bytes!.Follow(At(index)));

    /// <summary>The long that starts <paramref name="at"/> bytes into an element.</summary>
    public long Int64(int index, int at = 0) => _bytes!.Int64(At(index) + at);

    /// <summary>The int that starts <paramref name="at"/> bytes into an element.</summary>
    public int Int32(int index, int at) => _bytes!.Int32(At(index) + at);

    private int At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _first + index * _elementBytes;
    }
}
