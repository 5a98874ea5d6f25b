using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Conversion;

/// <summary>Copies chosen rows of a column.</summary>
internal static class RowFilter
{
    /// <summary>A new column of the rows <paramref name="rows"/>, in that order.</summary>
    public static Column Take(Column column, int[] rows) => column switch
    {
        PrimitiveColumn<sbyte> c => Values(c, rows),
        PrimitiveColumn<short> c => Values(c, rows),
        PrimitiveColumn<int> c => Values(c, rows),
        PrimitiveColumn<long> c => Values(c, rows),
        PrimitiveColumn<float> c => Values(c, rows),
        PrimitiveColumn<double> c => Values(c, rows),
        BooleanColumn c => Bits(c, rows),
        Utf8Column c => Text(c, rows),
        DictionaryColumn c => Coded(c, rows),
        _ => throw new ArgumentException($"no rows can be taken of {column.Type}", nameof(column)),
    };

    private static PrimitiveColumn<T> Values<T>(PrimitiveColumn<T> column, int[] rows) where T : unmanaged
    {
        NativeBuffer<T> taken = NativeBuffer<T>.Allocate(rows.Length);
        for (int i = 0; i < rows.Length; i++)
            taken[i] = column.Values[rows[i]];
        return new PrimitiveColumn<T>(column.Type, taken, rows.Length, Validity(column, rows));
    }

    private static BooleanColumn Bits(BooleanColumn column, int[] rows)
    {
        NativeBuffer<byte> bits = NativeBuffer<byte>.AllocateZeroed(Bitmap.ByteLength(rows.Length));
        for (int i = 0; i < rows.Length; i++)
            Bitmap.Set(bits.Span, i, column[rows[i]]);
        return new BooleanColumn(bits, rows.Length, Validity(column, rows));
    }

    private static Utf8Column Text(Utf8Column column, int[] rows)
    {
        using var offsets = new GrowingBuffer<int>(rows.Length + 1);
        using var bytes = new GrowingBuffer<byte>();
        offsets.Append(0);
        foreach (int row in rows)
        {
            bytes.Append(column.GetBytes(row));
            offsets.Append(checked((int)bytes.Length));
        }
        return new Utf8Column(offsets.Finish(), bytes.Finish(), rows.Length, Validity(column, rows));
    }

    private static DictionaryColumn Coded(DictionaryColumn column, int[] rows)
    {
        using var builder = new DictionaryBuilder();
        foreach (int row in rows)
            builder.Append(column.GetString(row));
        return builder.Build();
    }

    private static NativeBuffer<byte>? Validity(Column column, int[] rows)
    {
        using var validity = new ValidityMaker(rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            if (column.IsNull(rows[i]))
                validity.SetNull(i);
        }
        return validity.Finish();
    }
}
