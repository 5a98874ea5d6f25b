using System.Text;

namespace ChurnEngine.Columns;

/// <summary>UTF-8 text: row i is the bytes from offset i to offset i + 1.</summary>
public sealed class Utf8Column : Column
{
    private readonly NativeBuffer<int> _offsets;
    private readonly NativeBuffer<byte> _bytes;

    /// <summary>Takes ownership of the buffers.</summary>
    /// <param name="offsets">[N + 1] ascending byte positions.</param>
    /// <param name="bytes">The text of all rows.</param>
    /// <param name="length">N.</param>
    /// <param name="validity">Bitmap, or null when no row is null.</param>
    public Utf8Column(NativeBuffer<int> offsets, NativeBuffer<byte> bytes, int length, NativeBuffer<byte>? validity = null)
        : base(ColumnType.Utf8, length, validity)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length + 1L, offsets.Length, nameof(length));
        _offsets = offsets;
        _bytes = bytes;
    }

    /// <summary>[N + 1] byte positions.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.Slice(0, Length + 1);

    /// <summary>The text of all rows, end to end.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Slice(0, _offsets[Length]);

    /// <summary>The UTF-8 bytes of a row; empty where null.</summary>
    public ReadOnlySpan<byte> GetBytes(int row)
    {
        if (IsNull(row))
            return default;
        int start = _offsets[row];
        return _bytes.Slice(start, _offsets[row + 1] - start);
    }

    /// <summary>The text of a row, or null.</summary>
    /// <remarks>Memory: allocates a string; not for hot loops.</remarks>
    public string? GetString(int row) => IsNull(row) ? null : Encoding.UTF8.GetString(GetBytes(row));

    internal override int DataBufferCount => 2;

    internal override unsafe void FillDataPointers(Span<nint> pointers)
    {
        pointers[0] = (nint)_offsets.Pointer;
        pointers[1] = (nint)_bytes.Pointer;
    }

    private protected override void DisposeData()
    {
        _offsets.Dispose();
        _bytes.Dispose();
    }
}

/// <summary>Text by code: row i is entry codes[i] of the dictionary.</summary>
public sealed class DictionaryColumn : Column
{
    private readonly NativeBuffer<int> _codes;

    /// <summary>Takes ownership of the buffers and of the dictionary.</summary>
    /// <param name="codes">[N] positions in the dictionary; undefined where null.</param>
    /// <param name="dictionary">The distinct texts.</param>
    /// <param name="length">N.</param>
    /// <param name="validity">Bitmap, or null when no row is null.</param>
    public DictionaryColumn(NativeBuffer<int> codes, Utf8Column dictionary, int length, NativeBuffer<byte>? validity = null)
        : base(ColumnType.Dictionary, length, validity)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(dictionary);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, codes.Length);
        _codes = codes;
        Dictionary = dictionary;
    }

    /// <summary>[N] positions in <see cref="Dictionary"/>; undefined where null.</summary>
    public ReadOnlySpan<int> Codes => _codes.Slice(0, Length);

    /// <summary>The distinct texts.</summary>
    public Utf8Column Dictionary { get; }

    /// <summary>The text of a row, or null.</summary>
    public string? GetString(int row) => IsNull(row) ? null : Dictionary.GetString(_codes[row]);

    internal override int DataBufferCount => 1;

    internal override unsafe void FillDataPointers(Span<nint> pointers) => pointers[0] = (nint)_codes.Pointer;

    private protected override void DisposeData()
    {
        _codes.Dispose();
        Dictionary.Dispose();
    }
}
