using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.DuckDb;

/// <summary>A column of a batch that is put together from the vectors of several chunks.</summary>
/// <param name="capacity">Rows that there is room for.</param>
internal abstract unsafe class ChunkColumn(int capacity) : IDisposable
{
    private NativeBuffer<byte>? _validity;

    protected int Capacity { get; } = capacity;

    /// <summary>Rows so far.</summary>
    protected int Length { get; private set; }

    /// <summary>Bytes of text so far.</summary>
    public virtual int TextBytes => 0;

    /// <summary>Makes the column for a type of ours; null when a vector of DuckDB's type is not laid out as we read it.</summary>
    /// <param name="type">Ours.</param>
    /// <param name="theirs">DuckDB's, as numbered in duckdb.h.</param>
    /// <param name="capacity">Rows that there is room for.</param>
    public static ChunkColumn? For(ColumnType type, int theirs, int capacity)
    {
        // A timestamp without a zone is kept in microseconds too.
        const int Timestamp = 12;
        bool fits = type != ColumnType.Dictionary && (theirs == ChunkVector.TypeOf(type) || (type == ColumnType.TimestampMicros && theirs == Timestamp));
        return !fits ? null : type switch
        {
            ColumnType.Boolean => new BooleanChunkColumn(capacity),
            ColumnType.Int8 => new PrimitiveChunkColumn<sbyte>(type, capacity),
            ColumnType.Int16 => new PrimitiveChunkColumn<short>(type, capacity),
            ColumnType.Int32 or ColumnType.Date32 => new PrimitiveChunkColumn<int>(type, capacity),
            ColumnType.Float32 => new PrimitiveChunkColumn<float>(type, capacity),
            ColumnType.Float64 => new PrimitiveChunkColumn<double>(type, capacity),
            ColumnType.Utf8 => new TextChunkColumn(capacity),
            _ => new PrimitiveChunkColumn<long>(type, capacity),
        };
    }

    /// <summary>Appends the first rows of a vector, which is flat as every fetched one is.</summary>
    public void Append(nint vector, int rows)
    {
        ulong* validity = TableFunctionMethods.duckdb_vector_get_validity(vector);
        for (int word = 0; validity != null && word < (rows + 63) / 64; word++)
        {
            ulong nulls = ~validity[word];
            if (word == rows / 64)
                nulls &= (1UL << (rows % 64)) - 1;
            for (; nulls != 0; nulls &= nulls - 1)
                SetNull(Length + word * 64 + System.Numerics.BitOperations.TrailingZeroCount(nulls));
        }
        Append(TableFunctionMethods.duckdb_vector_get_data(vector), validity, rows);
        Length += rows;
    }

    /// <summary>Hands the rows over and is empty then.</summary>
    public Column Take()
    {
        Column column = Take(_validity);
        (_validity, Length) = (null, 0);
        return column;
    }

    public virtual void Dispose() => _validity?.Dispose();

    protected abstract void Append(void* data, ulong* validity, int rows);

    protected abstract Column Take(NativeBuffer<byte>? validity);

    private void SetNull(int row)
    {
        if (_validity is null)
        {
            _validity = NativeBuffer<byte>.Allocate(Bitmap.ByteLength(Capacity));
            _validity.Span.Fill(0xFF);
        }
        Bitmap.Set(_validity.Span, row, false);
    }
}

/// <summary>Fixed-width values, which DuckDB lays out as Arrow does.</summary>
internal sealed unsafe class PrimitiveChunkColumn<T>(ColumnType type, int capacity) : ChunkColumn(capacity) where T : unmanaged
{
    private NativeBuffer<T>? _values;

    public override void Dispose()
    {
        _values?.Dispose();
        base.Dispose();
    }

    protected override void Append(void* data, ulong* validity, int rows)
    {
        _values ??= NativeBuffer<T>.Allocate(Capacity);
        new ReadOnlySpan<T>(data, rows).CopyTo(_values.Slice(Length, rows));
    }

    protected override Column Take(NativeBuffer<byte>? validity)
    {
        var column = new PrimitiveColumn<T>(type, _values ?? NativeBuffer<T>.Allocate(0), Length, validity);
        _values = null;
        return column;
    }
}

/// <summary>Booleans: a byte each there, a bit each here.</summary>
internal sealed unsafe class BooleanChunkColumn(int capacity) : ChunkColumn(capacity)
{
    private NativeBuffer<byte>? _bits;

    public override void Dispose()
    {
        _bits?.Dispose();
        base.Dispose();
    }

    protected override void Append(void* data, ulong* validity, int rows)
    {
        _bits ??= NativeBuffer<byte>.AllocateZeroed(Bitmap.ByteLength(Capacity));
        for (int row = 0; row < rows; row++)
        {
            if (((byte*)data)[row] != 0)
                Bitmap.Set(_bits.Span, Length + row, true);
        }
    }

    protected override Column Take(NativeBuffer<byte>? validity)
    {
        var column = new BooleanColumn(_bits ?? NativeBuffer<byte>.Allocate(0), Length, validity);
        _bits = null;
        return column;
    }
}

/// <summary>Text: strings of up to 12 bytes lie in the vector itself, of others a pointer does.</summary>
internal sealed unsafe class TextChunkColumn(int capacity) : ChunkColumn(capacity)
{
    private const int InlineBytes = 12;
    private NativeBuffer<int>? _offsets;
    private NativeBuffer<byte>? _bytes;
    private int _end;

    public override int TextBytes => _end;

    public override void Dispose()
    {
        _offsets?.Dispose();
        _bytes?.Dispose();
        base.Dispose();
    }

    protected override void Append(void* data, ulong* validity, int rows)
    {
        if (_offsets is null)
        {
            _offsets = NativeBuffer<int>.Allocate(Capacity + 1);
            _offsets[0] = 0;
        }
        var strings = (DuckString*)data;
        int* ends = _offsets.Pointer + Length + 1;
        long end = _end;
        for (int row = 0; row < rows; row++)
        {
            if (validity == null || (validity[row >> 6] >> (row & 63) & 1) != 0)
                end += strings[row].Length;
            ends[row] = (int)end;
        }
        if (end > int.MaxValue - InlineBytes)
            throw new DuckDbException($"{end:N0} bytes of text in {Length + rows:N0} rows of one column are more than fit");
        // A short text is written with all 12 bytes that it may have; what is too much, the next one overwrites.
        Reserve((int)end + InlineBytes);
        byte* bytes = _bytes!.Pointer;
        for (int row = 0, at = _end; row < rows; at = ends[row++])
        {
            int length = ends[row] - at;
            if (length > InlineBytes)
                Unsafe.CopyBlockUnaligned(bytes + at, strings[row].Pointer, (uint)length);
            else
                *(Inline*)(bytes + at) = strings[row].Bytes;
        }
        _end = (int)end;
    }

    protected override Column Take(NativeBuffer<byte>? validity)
    {
        var column = new Utf8Column(_offsets ?? NativeBuffer<int>.AllocateZeroed(1), _bytes ?? NativeBuffer<byte>.Allocate(0), Length, validity);
        (_offsets, _bytes, _end) = (null, null, 0);
        return column;
    }

    private void Reserve(int bytes)
    {
        if (bytes <= (_bytes?.Length ?? 0))
            return;
        NativeBuffer<byte> larger = NativeBuffer<byte>.Allocate(Math.Max(bytes, Math.Max(Capacity * 2L, 2 * (_bytes?.Length ?? 0))));
        _bytes?.Slice(0, _end).CopyTo(larger.Slice(0, _end));
        _bytes?.Dispose();
        _bytes = larger;
    }

    /// <summary>The C struct <c>duckdb_string_t</c>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 16)]
    private readonly struct DuckString
    {
        [FieldOffset(0)]
        public readonly uint Length;

        [FieldOffset(4)]
        public readonly Inline Bytes;

        [FieldOffset(8)]
        public readonly byte* Pointer;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1, Size = InlineBytes)]
    private readonly struct Inline
    {
        private readonly ulong _first;
        private readonly uint _last;
    }
}
