using System.Buffers.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Reads text out of a column of any type.</summary>
internal static class TextCells
{
    /// <summary>Writes the number of each row's text; -1 where it is null or blank. Numbers and booleans are taken as they print: 1, 2.5, true.</summary>
    public static void Map(Column column, Utf8Index index, Span<int> ids)
    {
        switch (column)
        {
            case Utf8Column text:
                MapText(text, index, ids);
                break;
            case DictionaryColumn dictionary:
                MapDictionary(dictionary, index, ids);
                break;
            case BooleanColumn flags:
                for (int row = 0; row < ids.Length; row++)
                    ids[row] = flags.IsNull(row) ? -1 : index.GetOrAdd(flags[row] ? "true"u8 : "false"u8);
                break;
            default:
                MapNumbers(column, index, ids);
                break;
        }
    }

    private static void MapText(Utf8Column column, Utf8Index index, Span<int> ids)
    {
        if (column.NullCount == 0)
        {
            index.IdsOf(column.Offsets, column.Bytes, ids);
            return;
        }
        for (int row = 0; row < ids.Length; row++)
            ids[row] = column.IsNull(row) ? -1 : index.IdOf(column.GetBytes(row));
    }

    private static void MapDictionary(DictionaryColumn column, Utf8Index index, Span<int> ids)
    {
        int[] idByCode = new int[column.Dictionary.Length];
        for (int code = 0; code < idByCode.Length; code++)
            idByCode[code] = index.IdOf(column.Dictionary.GetBytes(code));
        ReadOnlySpan<int> codes = column.Codes;
        for (int row = 0; row < ids.Length; row++)
            ids[row] = column.IsNull(row) ? -1 : idByCode[codes[row]];
    }

    private static void MapNumbers(Column column, Utf8Index index, Span<int> ids)
    {
        double[] values = new double[ids.Length];
        NumberCells.Read(column, values);
        Span<byte> printed = stackalloc byte[64];
        for (int row = 0; row < ids.Length; row++)
        {
            if (double.IsNaN(values[row]))
            {
                ids[row] = -1;
                continue;
            }
            Utf8Formatter.TryFormat(values[row], printed, out int length);
            ids[row] = index.GetOrAdd(printed[..length]);
        }
    }

    internal static bool IsBlank(ReadOnlySpan<byte> text)
    {
        foreach (byte b in text)
        {
            if (b is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                return false;
        }
        return true;
    }
}

/// <summary>Reads numbers out of a column of any type.</summary>
internal static class NumberCells
{
    private const int LongestShown = 40;

    /// <summary>Writes each row's number, NaN where there is none; returns how many texts were neither blank nor a number, and the first of them.</summary>
    public static (long Unreadable, string First) Read(Column column, Span<double> values)
    {
        switch (column)
        {
            case PrimitiveColumn<double> c:
                c.Values.CopyTo(values);
                break;
            case PrimitiveColumn<float> c:
                Convert(c.Values, values);
                break;
            case PrimitiveColumn<long> c:
                Convert(c.Values, values);
                break;
            case PrimitiveColumn<int> c:
                Convert(c.Values, values);
                break;
            case PrimitiveColumn<short> c:
                Convert(c.Values, values);
                break;
            case PrimitiveColumn<sbyte> c:
                Convert(c.Values, values);
                break;
            case BooleanColumn c:
                for (int row = 0; row < values.Length; row++)
                    values[row] = c[row] ? 1 : 0;
                break;
            case Utf8Column c:
                return ReadText(c, values);
            default:
                throw new ArgumentException($"{column.Type} is no number", nameof(column));
        }
        // One NaN for all, and -0 becomes +0, so that equal values have equal bits; whole numbers have neither.
        if (column is PrimitiveColumn<double> or PrimitiveColumn<float>)
        {
            foreach (ref double value in values)
                value = double.IsNaN(value) ? double.NaN : value + 0.0;
        }
        for (int row = 0; column.NullCount > 0 && row < values.Length; row++)
        {
            if (column.IsNull(row))
                values[row] = double.NaN;
        }
        return (0, "");
    }

    /// <summary>Parses one cell; blanks and the usual words for nothing give NaN and true, infinities NaN and false.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        ReadOnlySpan<byte> trimmed = text.Trim(" \t\r\n"u8);
        if (Utf8Parser.TryParse(trimmed, out value, out int used) && used == trimmed.Length && !double.IsInfinity(value))
        {
            value += 0.0;
            return true;
        }
        value = double.NaN;
        return trimmed.IsEmpty || trimmed.SequenceEqual("NA"u8) || trimmed.SequenceEqual("N/A"u8) || trimmed.SequenceEqual("null"u8)
            || trimmed.SequenceEqual("NULL"u8) || trimmed.SequenceEqual("?"u8) || trimmed.SequenceEqual("-"u8);
    }

    private static (long, string) ReadText(Utf8Column column, Span<double> values)
    {
        long unreadable = 0;
        string first = "";
        for (int row = 0; row < values.Length; row++)
        {
            if (!TryParse(column.GetBytes(row), out values[row]) && unreadable++ == 0)
                first = column.GetString(row) is { Length: > LongestShown } text ? text[..LongestShown] + "…" : column.GetString(row)!;
        }
        return (unreadable, first);
    }

    private static void Convert<T>(ReadOnlySpan<T> from, Span<double> to) where T : unmanaged, System.Numerics.INumber<T>
    {
        for (int row = 0; row < to.Length; row++)
            to[row] = double.CreateChecked(from[row]);
    }
}
