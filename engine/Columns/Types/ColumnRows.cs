namespace ChurnEngine.Columns;

/// <summary>Copies parts of columns.</summary>
public static class ColumnRows
{
    /// <summary>Copies consecutive rows into a column of their own.</summary>
    /// <param name="column">Any type.</param>
    /// <param name="start">First row.</param>
    /// <param name="count">Rows.</param>
    /// <remarks>Errors: <see cref="ArgumentOutOfRangeException"/> when a row is not inside.</remarks>
    public static Column CopyRows(this Column column, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + count, column.Length, nameof(count));
        return column switch
        {
            PrimitiveColumn<sbyte> c => Copy(c, start, count),
            PrimitiveColumn<short> c => Copy(c, start, count),
            PrimitiveColumn<int> c => Copy(c, start, count),
            PrimitiveColumn<long> c => Copy(c, start, count),
            PrimitiveColumn<float> c => Copy(c, start, count),
            PrimitiveColumn<double> c => Copy(c, start, count),
            BooleanColumn c => Copy(c, start, count),
            Utf8Column c => Copy(c, start, count),
            DictionaryColumn c => new DictionaryColumn(NativeBuffer<int>.CopyOf(c.Codes.Slice(start, count)),
                Copy(c.Dictionary, 0, c.Dictionary.Length), count, CopyValidity(c, start, count)),
            _ => throw new ArgumentException($"cannot copy {column.Type}", nameof(column)),
        };
    }

    private static PrimitiveColumn<T> Copy<T>(PrimitiveColumn<T> column, int start, int count) where T : unmanaged =>
        new(column.Type, NativeBuffer<T>.CopyOf(column.Values.Slice(start, count)), count, CopyValidity(column, start, count));

    private static BooleanColumn Copy(BooleanColumn column, int start, int count)
    {
        NativeBuffer<byte> bits = NativeBuffer<byte>.Allocate(Bitmap.ByteLength(count));
        if (count > 0)
            Bitmap.Copy(column.Bits, start, count, bits.Span);
        return new BooleanColumn(bits, count, CopyValidity(column, start, count));
    }

    private static Utf8Column Copy(Utf8Column column, int start, int count)
    {
        ReadOnlySpan<int> offsets = column.Offsets.Slice(start, count + 1);
        NativeBuffer<int> moved = NativeBuffer<int>.Allocate(count + 1);
        for (int i = 0; i <= count; i++)
            moved[i] = offsets[i] - offsets[0];
        return new Utf8Column(moved, NativeBuffer<byte>.CopyOf(column.Bytes[offsets[0]..offsets[^1]]), count, CopyValidity(column, start, count));
    }

    private static NativeBuffer<byte>? CopyValidity(Column column, int start, int count)
    {
        if (column.NullCount == 0 || count == 0)
            return null;
        NativeBuffer<byte> validity = NativeBuffer<byte>.Allocate(Bitmap.ByteLength(count));
        Bitmap.Copy(column.Validity, start, count, validity.Span);
        return validity;
    }
}
