namespace ChurnEngine.Columns;

/// <summary>The buffers of a batch as they will be written: where each is in memory, and where it goes in the body.</summary>
/// <remarks>What the format leaves undefined is zeroed, so that equal tables make equal bytes and nothing of our memory leaks: values of null
/// rows, bits behind the last row. Memory: looks into the columns, which must outlive it; owns copies of what had to be changed.</remarks>
internal sealed unsafe class BodyParts : IDisposable
{
    private const int Alignment = 64;
    private readonly List<(nint Pointer, long Length)> _parts = [];
    private readonly List<IDisposable> _owned = [];
    private readonly List<long> _nodes = [];
    private readonly List<long> _buffers = [];

    /// <summary>Bytes of the body, padding included.</summary>
    public long Length { get; private set; }

    /// <summary>Rows and nulls of each column.</summary>
    public IReadOnlyList<long> Nodes => _nodes;

    /// <summary>Offset and length of each buffer.</summary>
    public IReadOnlyList<long> Buffers => _buffers;

    /// <summary>Adds a column that has no dictionary, or the codes of one that has.</summary>
    public void Add(Column column)
    {
        _nodes.AddRange(column.Length, column.NullCount);
        if (column.NullCount == 0)
            Add(0, 0);
        else
            AddBits(column.Validity, column.Length, mask: []);
        switch (column)
        {
            case PrimitiveColumn<sbyte> c: AddValues(c.Values, c); break;
            case PrimitiveColumn<short> c: AddValues(c.Values, c); break;
            case PrimitiveColumn<int> c: AddValues(c.Values, c); break;
            case PrimitiveColumn<long> c: AddValues(c.Values, c); break;
            case PrimitiveColumn<float> c: AddValues(c.Values, c); break;
            case PrimitiveColumn<double> c: AddValues(c.Values, c); break;
            case BooleanColumn c: AddBits(c.Bits, c.Length, c.Validity); break;
            case DictionaryColumn c: AddValues(c.Codes, c); break;
            case Utf8Column c: AddText(c); break;
            default: throw new ArgumentException($"{column.Type} cannot be written", nameof(column));
        }
    }

    /// <summary>Adds the codes of a dictionary column in another numbering.</summary>
    public void Add(DictionaryColumn column, NativeBuffer<int> codes)
    {
        _owned.Add(codes);
        _nodes.AddRange(column.Length, column.NullCount);
        if (column.NullCount == 0)
            Add(0, 0);
        else
            AddBits(column.Validity, column.Length, mask: []);
        Add((nint)codes.Pointer, codes.Length * sizeof(int));
    }

    /// <summary>Writes the body.</summary>
    public void WriteTo(Stream stream)
    {
        Span<byte> zeros = stackalloc byte[Alignment];
        zeros.Clear();
        foreach ((nint pointer, long length) in _parts)
        {
            for (long written = 0; written < length;)
            {
                int step = (int)Math.Min(length - written, 1 << 30);
                stream.Write(new ReadOnlySpan<byte>((byte*)pointer + written, step));
                written += step;
            }
            stream.Write(zeros[..(int)(Padded(length) - length)]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(buffer => buffer.Dispose());

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private void Add(nint pointer, long length)
    {
        _parts.Add((pointer, length));
        _buffers.AddRange(Length, length);
        Length += Padded(length);
    }

    private void AddOwned<T>(NativeBuffer<T> buffer) where T : unmanaged
    {
        _owned.Add(buffer);
        Add((nint)buffer.Pointer, buffer.Length * sizeof(T));
    }

    // A column's memory is native, so it does not move.
    private void AddSpan<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        fixed (T* first = values)
            Add((nint)first, (long)values.Length * sizeof(T));
    }

    private void AddValues<T>(ReadOnlySpan<T> values, Column column) where T : unmanaged
    {
        if (column.NullCount == 0)
        {
            AddSpan(values);
            return;
        }
        NativeBuffer<T> clean = NativeBuffer<T>.CopyOf(values);
        ReadOnlySpan<byte> validity = column.Validity;
        Span<T> target = clean.Span;
        for (int start = 0; start < target.Length; start += 8)
        {
            if (validity[start >>> 3] == 0xFF)
                continue;
            for (int row = start; row < Math.Min(start + 8, target.Length); row++)
            {
                if (!Bitmap.Get(validity, row))
                    target[row] = default;
            }
        }
        AddOwned(clean);
    }

    private void AddBits(ReadOnlySpan<byte> bits, int rows, ReadOnlySpan<byte> mask)
    {
        ReadOnlySpan<byte> whole = bits[..Bitmap.ByteLength(rows)];
        int tail = rows & 7;
        bool dirty = tail != 0 && whole[^1] >>> tail != 0;
        if (!dirty && mask.IsEmpty)
        {
            AddSpan(whole);
            return;
        }
        NativeBuffer<byte> clean = NativeBuffer<byte>.CopyOf(whole);
        for (int i = 0; i < (mask.IsEmpty ? 0 : whole.Length); i++)
            clean[i] &= mask[i];
        if (tail != 0)
            clean[clean.Length - 1] &= (byte)((1 << tail) - 1);
        AddOwned(clean);
    }

    private void AddText(Utf8Column column)
    {
        if (column.Offsets[0] == 0 && !HasTextAtNull(column))
        {
            AddSpan(column.Offsets);
            AddSpan(column.Bytes);
            return;
        }
        NativeBuffer<int> offsets = NativeBuffer<int>.Allocate(column.Length + 1L);
        int end = 0;
        for (int row = 0; row < column.Length; row++)
        {
            offsets[row] = end;
            end += column.GetBytes(row).Length;
        }
        offsets[column.Length] = end;
        NativeBuffer<byte> bytes = NativeBuffer<byte>.Allocate(end);
        for (int row = 0; row < column.Length; row++)
            column.GetBytes(row).CopyTo(bytes.Slice(offsets[row], offsets[row + 1] - offsets[row]));
        AddOwned(offsets);
        AddOwned(bytes);
    }

    private static bool HasTextAtNull(Utf8Column column)
    {
        if (column.NullCount == 0)
            return false;
        ReadOnlySpan<int> offsets = column.Offsets;
        for (int row = 0; row < column.Length; row++)
        {
            if (offsets[row] != offsets[row + 1] && column.IsNull(row))
                return true;
        }
        return false;
    }
}
