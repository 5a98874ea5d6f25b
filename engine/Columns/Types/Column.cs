namespace ChurnEngine.Columns;

/// <summary>One column of a batch: values and, where nulls occur, a validity bitmap.</summary>
/// <remarks>Memory: owns its buffers; the batch that holds it disposes it.</remarks>
public abstract class Column : IDisposable
{
    private protected Column(ColumnType type, int length, NativeBuffer<byte>? validity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Type = type;
        Length = length;
        ValidityBuffer = validity;
        NullCount = validity is null ? 0 : length - Bitmap.CountSet(validity.Span, length);
    }

    /// <summary>Layout of the values.</summary>
    public ColumnType Type { get; }

    /// <summary>Rows.</summary>
    public int Length { get; }

    /// <summary>Rows that are null.</summary>
    public int NullCount { get; }

    /// <summary>Bit i is 1 when row i has a value; empty when no row is null.</summary>
    public ReadOnlySpan<byte> Validity => NullCount == 0 ? default : ValidityBuffer!.Span;

    internal NativeBuffer<byte>? ValidityBuffer { get; }

    /// <summary>True when the row has no value. NaN is a value.</summary>
    public bool IsNull(int row) => NullCount != 0 && !Bitmap.Get(Validity, row);

    /// <summary>Buffers after the validity bitmap, in Arrow's order.</summary>
    internal abstract unsafe void FillDataPointers(Span<nint> pointers);

    /// <summary>How many buffers <see cref="FillDataPointers"/> fills.</summary>
    internal abstract int DataBufferCount { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        ValidityBuffer?.Dispose();
        DisposeData();
        GC.SuppressFinalize(this);
    }

    private protected abstract void DisposeData();
}

/// <summary>Fixed-width values: integers, floats, dates and timestamps.</summary>
/// <typeparam name="T">sbyte, short, int, long, float or double, as the type's layout says.</typeparam>
public sealed class PrimitiveColumn<T> : Column where T : unmanaged
{
    private readonly NativeBuffer<T> _values;

    /// <summary>Takes ownership of the buffers.</summary>
    public PrimitiveColumn(ColumnType type, NativeBuffer<T> values, int length, NativeBuffer<byte>? validity = null)
        : base(type, length, validity)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (!PrimitiveLayout.Matches<T>(type))
            throw new ArgumentException($"{typeof(T).Name} is not the layout of {type}", nameof(type));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, values.Length);
        _values = values;
    }

    /// <summary>[N] values; what stands at a null row is undefined.</summary>
    public ReadOnlySpan<T> Values => _values.Slice(0, Length);

    internal override int DataBufferCount => 1;

    internal override unsafe void FillDataPointers(Span<nint> pointers) => pointers[0] = (nint)_values.Pointer;

    private protected override void DisposeData() => _values.Dispose();
}

/// <summary>Booleans, one bit each.</summary>
public sealed class BooleanColumn : Column
{
    private readonly NativeBuffer<byte> _bits;

    /// <summary>Takes ownership of the buffers.</summary>
    public BooleanColumn(NativeBuffer<byte> bits, int length, NativeBuffer<byte>? validity = null)
        : base(ColumnType.Boolean, length, validity)
    {
        ArgumentNullException.ThrowIfNull(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Bitmap.ByteLength(length), bits.Length, nameof(length));
        _bits = bits;
    }

    /// <summary>The bits, value of row i at bit i.</summary>
    public ReadOnlySpan<byte> Bits => _bits.Slice(0, Bitmap.ByteLength(Length));

    /// <summary>The value of a row; undefined where null.</summary>
    public bool this[int row] => Bitmap.Get(_bits.Span, row);

    internal override int DataBufferCount => 1;

    internal override unsafe void FillDataPointers(Span<nint> pointers) => pointers[0] = (nint)_bits.Pointer;

    private protected override void DisposeData() => _bits.Dispose();
}

internal static class PrimitiveLayout
{
    public static bool Matches<T>(ColumnType type) => type switch
    {
        ColumnType.Int8 => typeof(T) == typeof(sbyte),
        ColumnType.Int16 => typeof(T) == typeof(short),
        ColumnType.Int32 or ColumnType.Date32 => typeof(T) == typeof(int),
        ColumnType.Int64 or ColumnType.TimestampMillis or ColumnType.TimestampMicros => typeof(T) == typeof(long),
        ColumnType.Float32 => typeof(T) == typeof(float),
        ColumnType.Float64 => typeof(T) == typeof(double),
        _ => false,
    };
}
