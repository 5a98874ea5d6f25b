using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>64 bits that tell values of a column apart: a whole number is its own, a text its hash, any other number its bits.</summary>
/// <remarks>Two texts of one customer look alike with a chance of 2^-64 a pair. Codes of a dictionary would be exact, and cost as much memory as the texts.</remarks>
internal static class Identity
{
    /// <summary>No value: null, blank or NaN.</summary>
    public const long Missing = long.MinValue;

    public static void Read(Column column, Span<long> identities)
    {
        switch (column)
        {
            case PrimitiveColumn<long> whole:
                whole.Values.CopyTo(identities);
                break;
            case Utf8Column text:
                for (int row = 0; row < identities.Length; row++)
                    identities[row] = Of(text.GetBytes(row));
                return;
            case DictionaryColumn dictionary:
                ReadCodes(dictionary, identities);
                return;
            case PrimitiveColumn<int> or PrimitiveColumn<short> or PrimitiveColumn<sbyte> or BooleanColumn:
                ReadNumbers(column, identities, whole: true);
                break;
            default:
                ReadNumbers(column, identities, whole: false);
                break;
        }
        for (int row = 0; row < identities.Length; row++)
        {
            if (column.IsNull(row))
                identities[row] = Missing;
        }
    }

    /// <summary>Identity of a text; blank is missing.</summary>
    public static long Of(ReadOnlySpan<byte> text) => TextCells.IsBlank(text) ? Missing : NotMissing((long)PartitionHash.OfUtf8(text));

    /// <summary>What a text of the plan may be in a column: the text, or the number or truth that it writes.</summary>
    public static long[] Candidates(string text)
    {
        List<long> candidates = [Of(System.Text.Encoding.UTF8.GetBytes(text))];
        if (double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
        {
            candidates.Add(NotMissing(BitConverter.DoubleToInt64Bits(number)));
            if (number == Math.Truncate(number) && Math.Abs(number) < 9e18)
                candidates.Add((long)number);
        }
        if (text is "true" or "false")
            candidates.Add(text == "true" ? 1 : 0);
        return [.. candidates.Where(candidate => candidate != Missing)];
    }

    private static void ReadCodes(DictionaryColumn column, Span<long> identities)
    {
        long[] byCode = new long[column.Dictionary.Length];
        for (int code = 0; code < byCode.Length; code++)
            byCode[code] = Of(column.Dictionary.GetBytes(code));
        for (int row = 0; row < identities.Length; row++)
            identities[row] = column.IsNull(row) ? Missing : byCode[column.Codes[row]];
    }

    private static void ReadNumbers(Column column, Span<long> identities, bool whole)
    {
        double[] values = new double[identities.Length];
        NumberCells.Read(column, values);
        for (int row = 0; row < values.Length; row++)
            identities[row] = double.IsNaN(values[row]) ? Missing : whole ? (long)values[row] : NotMissing(BitConverter.DoubleToInt64Bits(values[row]));
    }

    private static long NotMissing(long identity) => identity == Missing ? Missing + 1 : identity;
}
