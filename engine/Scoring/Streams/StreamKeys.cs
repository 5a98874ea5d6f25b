using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>Keys of a stream in the types that keys have: whole numbers as Int64, text as Utf8.</summary>
internal static class StreamKeys
{
    /// <summary>Type that keys of a column become.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE6018.</remarks>
    public static ColumnType TypeOf(Field field) => field.Type.IsNumeric() ? ColumnType.Int64
        : field.Type.IsText() ? ColumnType.Utf8
        : throw ScoringErrors.BadKeyType(field.Name, field.Type);

    /// <summary>The keys of a batch.</summary>
    /// <param name="column">[N] keys as they came.</param>
    /// <param name="name">Name of the column, for errors.</param>
    /// <param name="batch">Number of the batch from 1, for errors.</param>
    /// <returns>[N] column, Int64 or Utf8; the caller disposes it.</returns>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE6019 for a row without a key, or with a fraction. Blank text is no key, as in a table.</remarks>
    public static Column Read(Column column, string name, int batch)
    {
        for (int row = 0; row < column.Length; row++)
        {
            if (column.IsNull(row))
                throw ScoringErrors.BadKey(name, batch, row + 1, "nothing");
        }
        return column switch
        {
            PrimitiveColumn<long> whole => whole.CopyRows(0, whole.Length),
            PrimitiveColumn<int> whole => Widen(whole.Length, row => whole.Values[row]),
            PrimitiveColumn<short> whole => Widen(whole.Length, row => whole.Values[row]),
            PrimitiveColumn<sbyte> whole => Widen(whole.Length, row => whole.Values[row]),
            PrimitiveColumn<float> number => Widen(number.Length, row => Whole(number.Values[row], name, batch, row)),
            PrimitiveColumn<double> number => Widen(number.Length, row => Whole(number.Values[row], name, batch, row)),
            Utf8Column text => Texts(text.Length, row => text.GetBytes(row), name, batch),
            DictionaryColumn coded => Texts(coded.Length, row => coded.Dictionary.GetBytes(coded.Codes[row]), name, batch),
            _ => throw ScoringErrors.BadKeyType(name, column.Type),
        };
    }

    private delegate ReadOnlySpan<byte> TextAt(int row);

    private static PrimitiveColumn<long> Widen(int rows, Func<int, long> keyAt)
    {
        NativeBuffer<long> keys = NativeBuffer<long>.Allocate(rows);
        try
        {
            for (int row = 0; row < rows; row++)
                keys[row] = keyAt(row);
            return new PrimitiveColumn<long>(ColumnType.Int64, keys, rows);
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    // Tools without nullable integers send ids as 13006.0.
    private static long Whole(double value, string name, int batch, int row)
    {
        const double Largest = 9_007_199_254_740_992;
        return Math.Truncate(value) == value && Math.Abs(value) <= Largest ? (long)value
            : throw ScoringErrors.BadKey(name, batch, row + 1, value.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static Utf8Column Texts(int rows, TextAt textAt, string name, int batch)
    {
        using var keys = new Utf8Builder();
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<byte> text = textAt(row);
            if (text.Trim((byte)' ').IsEmpty)
                throw ScoringErrors.BadKey(name, batch, row + 1, "blank");
            keys.Append(text);
        }
        return keys.Build();
    }
}
