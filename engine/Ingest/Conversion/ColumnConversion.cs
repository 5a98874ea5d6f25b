using System.Globalization;
using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Conversion;

/// <summary>Makes the column that the contract asks for out of the one that was delivered; notes the cells that cannot be.</summary>
internal abstract class ColumnConversion
{
    /// <summary>Returns <paramref name="delivered"/> itself, or a new column for the caller to dispose. A bad cell is null in it.</summary>
    public abstract Column Convert(Column delivered, int columnIndex, BatchFaults faults);

    /// <summary>The conversion of text to <paramref name="type"/>.</summary>
    public static ColumnConversion FromText(ColumnType type) => type switch
    {
        ColumnType.Boolean => new BooleanFromText(),
        ColumnType.Int8 => new FromText<sbyte, IntegerParser<sbyte>>(type),
        ColumnType.Int16 => new FromText<short, IntegerParser<short>>(type),
        ColumnType.Int32 => new FromText<int, IntegerParser<int>>(type),
        ColumnType.Int64 => new FromText<long, IntegerParser<long>>(type),
        ColumnType.Float32 => new FromText<float, Float32Parser>(type),
        ColumnType.Float64 => new FromText<double, Float64Parser>(type),
        ColumnType.Date32 => new FromText<int, Date32Parser>(type),
        ColumnType.TimestampMillis => new FromText<long, TimestampMillisParser>(type),
        ColumnType.TimestampMicros => new FromText<long, TimestampMicrosParser>(type),
        ColumnType.Utf8 => new AsDelivered(),
        ColumnType.Dictionary => new DictionaryFromText(),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}

/// <summary>Nothing to do.</summary>
internal sealed class AsDelivered : ColumnConversion
{
    public override Column Convert(Column delivered, int columnIndex, BatchFaults faults) => delivered;
}

/// <summary>Fixed-width values out of text.</summary>
internal sealed class FromText<T, TParser>(ColumnType type) : ColumnConversion
    where T : unmanaged
    where TParser : struct, ITextParser<T>
{
    public override Column Convert(Column delivered, int columnIndex, BatchFaults faults)
    {
        var text = (Utf8Column)delivered;
        NativeBuffer<T> values = NativeBuffer<T>.AllocateZeroed(text.Length);
        using var validity = new ValidityMaker(text.Length);
        for (int row = 0; row < text.Length; row++)
        {
            ReadOnlySpan<byte> cell = MissingText.Trim(text.GetBytes(row));
            ParseOutcome outcome = MissingText.Is(cell) ? ParseOutcome.Missing : TParser.Parse(cell, out values[row]);
            if (outcome == ParseOutcome.Value)
                continue;
            validity.SetNull(row);
            if (outcome != ParseOutcome.Missing)
                faults.Add(row, columnIndex, Encoding.UTF8.GetString(text.GetBytes(row)), Reasons.Of(outcome, TParser.Noun));
        }
        return new PrimitiveColumn<T>(type, values, text.Length, validity.Finish());
    }
}

/// <summary>Booleans out of text.</summary>
internal sealed class BooleanFromText : ColumnConversion
{
    public override Column Convert(Column delivered, int columnIndex, BatchFaults faults)
    {
        var bytes = (PrimitiveColumn<sbyte>)new FromText<sbyte, SignedBoolean>(ColumnType.Int8).Convert(delivered, columnIndex, faults);
        using (bytes)
        {
            NativeBuffer<byte> bits = NativeBuffer<byte>.AllocateZeroed(Bitmap.ByteLength(bytes.Length));
            for (int row = 0; row < bytes.Length; row++)
                Bitmap.Set(bits.Span, row, bytes.Values[row] != 0);
            NativeBuffer<byte>? validity = bytes.NullCount == 0 ? null : NativeBuffer<byte>.CopyOf(bytes.Validity);
            return new BooleanColumn(bits, bytes.Length, validity);
        }
    }

    private readonly struct SignedBoolean : ITextParser<sbyte>
    {
        public static string Noun => BooleanParser.Noun;

        public static ParseOutcome Parse(ReadOnlySpan<byte> text, out sbyte value)
        {
            ParseOutcome outcome = BooleanParser.Parse(text, out byte truth);
            value = (sbyte)truth;
            return outcome;
        }
    }
}

/// <summary>Text by code; codes follow the order of first appearance in the batch.</summary>
internal sealed class DictionaryFromText : ColumnConversion
{
    public override Column Convert(Column delivered, int columnIndex, BatchFaults faults)
    {
        using var builder = new DictionaryBuilder();
        for (int row = 0; row < delivered.Length; row++)
            builder.Append(((Utf8Column)delivered).GetString(row));
        return builder.Build();
    }
}

/// <summary>Milliseconds since 1970 as whole numbers, to microseconds.</summary>
internal sealed class MicrosFromMillis : ColumnConversion
{
    public override Column Convert(Column delivered, int columnIndex, BatchFaults faults)
    {
        var millis = (PrimitiveColumn<long>)delivered;
        NativeBuffer<long> values = NativeBuffer<long>.AllocateZeroed(millis.Length);
        using var validity = new ValidityMaker(millis.Length);
        for (int row = 0; row < millis.Length; row++)
        {
            bool isNull = millis.IsNull(row);
            if (!isNull && TimestampMicrosParser.FromMillis(millis.Values[row], out values[row]) == ParseOutcome.Value)
                continue;
            validity.SetNull(row);
            if (!isNull)
                faults.Add(row, columnIndex, millis.Values[row].ToString(CultureInfo.InvariantCulture), Reasons.Of(ParseOutcome.OutOfRange, TimestampMicrosParser.Noun));
        }
        return new PrimitiveColumn<long>(ColumnType.TimestampMicros, values, millis.Length, validity.Finish());
    }
}

/// <summary>Why a cell is refused, in words.</summary>
internal static class Reasons
{
    public const string NoValue = "no value where one is required";

    public const string OutsideYears = "a time outside the years 1 to 9999";

    public const string DuplicateKey = "duplicate key";

    /// <summary>DuckDB's reason for passing over a line, in our words.</summary>
    public static string OfLine(string message)
    {
        string[] words = message.Split(' ');
        return message switch
        {
            _ when message.StartsWith("Expected Number of Columns", StringComparison.Ordinal) && words.Length == 7 => $"{words[6]} {(words[6] == "1" ? "cell" : "cells")} where the header has {words[4]}",
            _ when message.Contains("unterminated quote", StringComparison.Ordinal) => "a quote is never closed, or text follows where it is",
            _ when message.Contains("unicode", StringComparison.OrdinalIgnoreCase) => "a byte is not UTF-8",
            _ when message.StartsWith("Maximum line size", StringComparison.Ordinal) => "a line of more than 2,000,000 bytes",
            _ => message.TrimEnd('.'),
        };
    }

    public static string Of(ParseOutcome outcome, string noun) => outcome switch
    {
        ParseOutcome.OutOfRange => "out of range",
        ParseOutcome.Infinite => "infinite",
        _ => $"not {noun}",
    };
}
