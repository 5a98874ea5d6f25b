using System.Buffers.Binary;
using System.Text;

namespace ChurnEngine.Columns;

/// <summary>Builds a flatbuffer from its end to its start, children before the tables that name them.</summary>
/// <remarks>A position is the number of bytes from it to the end, so it stays true while the buffer grows to the front.
/// Source: FlatBuffers, "FlatBuffer Internals".</remarks>
internal sealed class FlatBuilder
{
    private readonly List<(int Slot, int Position)> _fields = [];
    private byte[] _bytes = new byte[1024];
    private int _used;
    private int _tableEnd;
    private int _widest = 4;

    /// <summary>A text; what comes back goes into <see cref="Offset"/>.</summary>
    public int Text(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Align(4, length + 1);
        _used += length + 1;
        Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_bytes.Length - _used));
        PutInt32(length);
        return _used;
    }

    /// <summary>A vector of tables or texts.</summary>
    public int Offsets(IReadOnlyList<int> positions)
    {
        Align(4, 4 * positions.Count);
        for (int i = positions.Count - 1; i >= 0; i--)
            PutInt32(_used + 4 - positions[i]);
        PutInt32(positions.Count);
        return _used;
    }

    /// <summary>A vector of structs, each <paramref name="width"/> longs.</summary>
    public int Structs(IReadOnlyList<long> values, int width)
    {
        Align(4, 8 * values.Count);
        Align(8, 8 * values.Count);
        for (int i = values.Count - 1; i >= 0; i--)
            PutInt64(values[i]);
        PutInt32(values.Count / width);
        return _used;
    }

    public void StartTable()
    {
        _fields.Clear();
        _tableEnd = _used;
    }

    public void Byte(int slot, byte value)
    {
        Align(1, 0);
        _bytes[_bytes.Length - ++_used] = value;
        _fields.Add((slot, _used));
    }

    public void Bool(int slot, bool value) => Byte(slot, value ? (byte)1 : (byte)0);

    public void Int16(int slot, short value)
    {
        Align(2, 0);
        PutInt16(value);
        _fields.Add((slot, _used));
    }

    public void Int32(int slot, int value)
    {
        Align(4, 0);
        PutInt32(value);
        _fields.Add((slot, _used));
    }

    public void Int64(int slot, long value)
    {
        Align(8, 0);
        PutInt64(value);
        _fields.Add((slot, _used));
    }

    /// <summary>A field that names a text, vector or table built before; 0 leaves it out.</summary>
    public void Offset(int slot, int position)
    {
        if (position == 0)
            return;
        Align(4, 0);
        PutInt32(_used + 4 - position);
        _fields.Add((slot, _used));
    }

    public int EndTable()
    {
        Align(4, 0);
        PutInt32(0);
        int table = _used;
        int slots = _fields.Count == 0 ? 0 : _fields.Max(field => field.Slot) + 1;
        Span<short> entries = stackalloc short[slots];
        foreach ((int slot, int position) in _fields)
            entries[slot] = checked((short)(table - position));
        Align(2, 0);
        for (int slot = slots - 1; slot >= 0; slot--)
            PutInt16(entries[slot]);
        PutInt16(checked((short)(table - _tableEnd)));
        PutInt16((short)(4 + 2 * slots));
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_bytes.Length - table), _used - table);
        return table;
    }

    /// <summary>The whole, its root offset first.</summary>
    public ReadOnlyMemory<byte> Finish(int root)
    {
        Align(_widest, 4);
        PutInt32(_used + 4 - root);
        return _bytes.AsMemory(_bytes.Length - _used);
    }

    // Pads so that, after `more` bytes, a value of `size` bytes stands at a multiple of its size.
    private void Align(int size, int more)
    {
        _widest = Math.Max(_widest, size);
        int padding = -(_used + more) & (size - 1);
        int needed = checked(_used + padding + more + 16);
        if (needed > _bytes.Length)
        {
            byte[] larger = new byte[Math.Max(needed, _bytes.Length * 2)];
            _bytes.AsSpan(_bytes.Length - _used).CopyTo(larger.AsSpan(larger.Length - _used));
            _bytes = larger;
        }
        _used += padding;
    }

    private void PutInt16(short value)
    {
        _used += 2;
        BinaryPrimitives.WriteInt16LittleEndian(_bytes.AsSpan(_bytes.Length - _used), value);
    }

    private void PutInt32(int value)
    {
        _used += 4;
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_bytes.Length - _used), value);
    }

    private void PutInt64(long value)
    {
        _used += 8;
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_bytes.Length - _used), value);
    }
}
