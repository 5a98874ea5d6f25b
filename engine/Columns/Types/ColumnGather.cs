namespace ChurnEngine.Columns;

/// <summary>Copies chosen rows of columns.</summary>
public static class ColumnGather
{
    /// <summary>Copies the rows at <paramref name="rows"/>, in that order, into a column of their own.</summary>
    /// <param name="column">Any type.</param>
    /// <param name="rows">[n] positions 0 .. Length - 1; one may occur again.</param>
    /// <returns>[n] column of the same type; the caller disposes it.</returns>
    /// <remarks>Errors: <see cref="ArgumentOutOfRangeException"/> when a row is not inside.</remarks>
    public static Column Gather(this Column column, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(column);
        foreach (int row in rows)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)column.Length, nameof(rows));
        return column switch
        {
            PrimitiveColumn<sbyte> c => Take(c, rows),
            PrimitiveColumn<short> c => Take(c, rows),
            PrimitiveColumn<int> c => Take(c, rows),
            PrimitiveColumn<long> c => Take(c, rows),
            PrimitiveColumn<float> c => Take(c, rows),
            PrimitiveColumn<double> c => Take(c, rows),
            BooleanColumn c => Take(c, rows),
            Utf8Column c => Take(c, rows),
            DictionaryColumn c => Take(c, rows),
            _ => throw new ArgumentException($"cannot gather {column.Type}", nameof(column)),
        };
    }

    private static PrimitiveColumn<T> Take<T>(PrimitiveColumn<T> column, ReadOnlySpan<int> rows) where T : unmanaged
    {
        NativeBuffer<T> values = NativeBuffer<T>.Allocate(rows.Length);
        ReadOnlySpan<T> from = column.Values;
        Span<T> into = values.Span;
        for (int i = 0; i < rows.Length; i++)
            into[i] = from[rows[i]];
        return new PrimitiveColumn<T>(column.Type, values, rows.Length, TakeValidity(column, rows));
    }

    private static BooleanColumn Take(BooleanColumn column, ReadOnlySpan<int> rows)
    {
        NativeBuffer<byte> bits = NativeBuffer<byte>.AllocateZeroed(Bitmap.ByteLength(rows.Length));
        for (int i = 0; i < rows.Length; i++)
            Bitmap.Set(bits.Span, i, column[rows[i]]);
        return new BooleanColumn(bits, rows.Length, TakeValidity(column, rows));
    }

    private static Utf8Column Take(Utf8Column column, ReadOnlySpan<int> rows)
    {
        using var text = new Utf8Builder();
        foreach (int row in rows)
        {
            if (column.IsNull(row))
                text.AppendNull();
            else
                text.Append(column.GetBytes(row));
        }
        return text.Build();
    }

    private static DictionaryColumn Take(DictionaryColumn column, ReadOnlySpan<int> rows)
    {
        NativeBuffer<int> codes = NativeBuffer<int>.Allocate(rows.Length);
        for (int i = 0; i < rows.Length; i++)
            codes[i] = column.Codes[rows[i]];
        return new DictionaryColumn(codes, (Utf8Column)column.Dictionary.CopyRows(0, column.Dictionary.Length), rows.Length, TakeValidity(column, rows));
    }

    private static NativeBuffer<byte>? TakeValidity(Column column, ReadOnlySpan<int> rows)
    {
        if (column.NullCount == 0 || rows.Length == 0)
            return null;
        NativeBuffer<byte> validity = NativeBuffer<byte>.AllocateZeroed(Bitmap.ByteLength(rows.Length));
        for (int i = 0; i < rows.Length; i++)
            Bitmap.Set(validity.Span, i, !column.IsNull(rows[i]));
        return validity;
    }
}
