using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace ChurnEngine.Ingest.Conversion;

/// <summary>What became of one text.</summary>
internal enum ParseOutcome
{
    Value,
    Missing,
    NotOfType,
    OutOfRange,
    Infinite,
}

/// <summary>Reads values of one type out of text.</summary>
/// <typeparam name="T">Layout of the value.</typeparam>
internal interface ITextParser<T> where T : unmanaged
{
    /// <summary>What the text should have been, as in "not a whole number".</summary>
    static abstract string Noun { get; }

    /// <summary>Reads <paramref name="text"/>, which is trimmed and not empty.</summary>
    static abstract ParseOutcome Parse(ReadOnlySpan<byte> text, out T value);
}

/// <summary>What all parsers share: white space, and the texts that mean "no value" where a number, a truth or a time is asked.</summary>
internal static class MissingText
{
    /// <summary>The text without white space around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (text.Length > 0 && text[0] is (byte)' ' or >= 9 and <= 13)
            text = text[1..];
        while (text.Length > 0 && text[^1] is (byte)' ' or >= 9 and <= 13)
            text = text[..^1];
        return text;
    }

    /// <summary>True for nothing, NaN, NA, N/A, null, none and \N, in any case.</summary>
    public static bool Is(ReadOnlySpan<byte> trimmed) => trimmed.Length switch
    {
        0 => true,
        2 => Ascii.EqualsIgnoreCase(trimmed, "na"u8) || trimmed.SequenceEqual("\\N"u8),
        3 => Ascii.EqualsIgnoreCase(trimmed, "nan"u8) || Ascii.EqualsIgnoreCase(trimmed, "n/a"u8),
        4 => Ascii.EqualsIgnoreCase(trimmed, "null"u8) || Ascii.EqualsIgnoreCase(trimmed, "none"u8) || Ascii.EqualsIgnoreCase(trimmed, "-nan"u8),
        _ => false,
    };
}

/// <summary>Whole numbers: digits, or a decimal such as 5.0 or 1e3 whose value is whole.</summary>
/// <typeparam name="T">sbyte, short, int or long.</typeparam>
internal readonly struct IntegerParser<T> : ITextParser<T> where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    // 2^63; below it the cast to long is exact for a whole double.
    private const double LongLimit = 9223372036854775808.0;

    public static string Noun => "a whole number";

    public static ParseOutcome Parse(ReadOnlySpan<byte> text, out T value)
    {
        value = default;
        if (!Utf8Parser.TryParse(text, out long whole, out int used) || used != text.Length)
        {
            ParseOutcome outcome = Float64Parser.Parse(text, out double real);
            if (outcome != ParseOutcome.Value)
                return outcome;
            if (real != Math.Floor(real))
                return ParseOutcome.NotOfType;
            if (real is < -LongLimit or >= LongLimit)
                return ParseOutcome.OutOfRange;
            whole = (long)real;
        }
        if (whole < long.CreateChecked(T.MinValue) || whole > long.CreateChecked(T.MaxValue))
            return ParseOutcome.OutOfRange;
        value = T.CreateTruncating(whole);
        return ParseOutcome.Value;
    }
}

/// <summary>Decimal numbers with a point, correctly rounded; infinities are refused.</summary>
internal readonly struct Float64Parser : ITextParser<double>
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static string Noun => "a number";

    public static ParseOutcome Parse(ReadOnlySpan<byte> text, out double value)
    {
        if (!double.TryParse(text, Style, CultureInfo.InvariantCulture, out value))
            return IsInfinity(text) ? ParseOutcome.Infinite : ParseOutcome.NotOfType;
        if (double.IsFinite(value))
            return ParseOutcome.Value;
        return char.IsAsciiLetter((char)text[^1]) ? ParseOutcome.Infinite : ParseOutcome.OutOfRange;
    }

    private static bool IsInfinity(ReadOnlySpan<byte> text)
    {
        if (text[0] is (byte)'+' or (byte)'-')
            text = text[1..];
        return Ascii.EqualsIgnoreCase(text, "inf"u8) || Ascii.EqualsIgnoreCase(text, "infinity"u8);
    }
}

/// <summary>Decimal numbers rounded once, to single precision.</summary>
internal readonly struct Float32Parser : ITextParser<float>
{
    public static string Noun => "a number";

    public static ParseOutcome Parse(ReadOnlySpan<byte> text, out float value)
    {
        value = 0;
        ParseOutcome outcome = Float64Parser.Parse(text, out _);
        if (outcome != ParseOutcome.Value)
            return outcome;
        value = float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return float.IsFinite(value) ? ParseOutcome.Value : ParseOutcome.OutOfRange;
    }
}

/// <summary>true/false, t/f, yes/no, y/n, 1/0, in any case. The value is 1 or 0.</summary>
internal readonly struct BooleanParser : ITextParser<byte>
{
    public static string Noun => "true or false";

    public static ParseOutcome Parse(ReadOnlySpan<byte> text, out byte value)
    {
        Span<byte> lower = stackalloc byte[8];
        value = 0;
        if (text.Length > lower.Length || Ascii.ToLower(text, lower, out int length) != System.Buffers.OperationStatus.Done)
            return ParseOutcome.NotOfType;
        ReadOnlySpan<byte> word = lower[..length];
        if (word.SequenceEqual("true"u8) || word.SequenceEqual("1"u8) || word.SequenceEqual("yes"u8) || word.SequenceEqual("t"u8) || word.SequenceEqual("y"u8))
            value = 1;
        else if (!(word.SequenceEqual("false"u8) || word.SequenceEqual("0"u8) || word.SequenceEqual("no"u8) || word.SequenceEqual("f"u8) || word.SequenceEqual("n"u8)))
            return ParseOutcome.NotOfType;
        return ParseOutcome.Value;
    }
}
