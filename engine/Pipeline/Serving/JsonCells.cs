using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Pipeline;

/// <summary>Reads single values out of JSON, strictly: what is no number, text or instant is refused with its place.</summary>
internal static class JsonCells
{
    // The years 1 to 9999.
    private const long FirstMicro = -62_135_596_800_000_000, LastMicro = 253_402_300_799_999_999;

    /// <summary>True of null, and of a property that is not there.</summary>
    public static bool IsNothing(this JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>A finite number; a JSON true is 1, a false 0.</summary>
    public static double Number(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out double number) && double.IsFinite(number) => number,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => throw ServingErrors.BadValue(place, "a finite number, or null", Show(value)),
    };

    /// <summary>A text; numbers and booleans as a table's text column would have them.</summary>
    public static string Text(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => Printed(Number(value, place)),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => throw ServingErrors.BadValue(place, "a text, or null", Show(value)),
    };

    /// <summary>Puts the same text at the end of a column; one without escapes goes there as it stands in the request.</summary>
    public static void AppendText(Utf8Builder column, JsonElement value, string place)
    {
        if (value.ValueKind == JsonValueKind.String && JsonMarshal.GetRawUtf8Value(value)[1..^1] is var raw && !raw.Contains((byte)'\\') && Utf8.IsValid(raw))
            column.Append(raw);
        else
            column.Append(Text(value, place));
    }

    /// <summary>A customer's key: a text that is not blank, or a whole number, as written.</summary>
    public static string Key(JsonElement value, string place)
    {
        const int Longest = 1024;
        string key = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            // Tools without nullable integers send ids as 13006.0.
            JsonValueKind.Number when value.TryGetInt64(out long whole) => whole.ToString(CultureInfo.InvariantCulture),
            JsonValueKind.Number when value.TryGetDouble(out double number) && Math.Truncate(number) == number && Math.Abs(number) <= 1L << 53 => ((long)number).ToString(CultureInfo.InvariantCulture),
            _ => throw ServingErrors.BadValue(place, "a text, or a whole number", Show(value)),
        };
        return !string.IsNullOrWhiteSpace(key) && key.Length <= Longest ? key : throw ServingErrors.BadValue(place, $"a text of 1 to {Longest} characters that is not blank", $"{key.Length} characters");
    }

    /// <summary>An instant in a table's own unit: text is ISO 8601; a number is of that unit, or milliseconds where the table keeps timestamps.</summary>
    /// <param name="value">Not null.</param>
    /// <param name="unit">The table's.</param>
    /// <param name="place">For the error.</param>
    public static long Instant(JsonElement value, TimeUnit unit, string place)
    {
        long perUnit = unit switch { TimeUnit.Seconds => 1_000_000, TimeUnit.Milliseconds => 1_000, _ => 1 };
        if (value.ValueKind == JsonValueKind.String && InstantText.TryParse(value.GetString()!, out long micros))
            return micros / perUnit;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && Math.Truncate(number) == number)
        {
            long scale = unit == TimeUnit.None ? 1_000 : perUnit;
            if (number >= FirstMicro / scale && number <= LastMicro / scale)
                return unit == TimeUnit.None ? (long)number * 1_000 : (long)number;
        }
        throw ServingErrors.BadValue(place, unit switch
        {
            TimeUnit.Seconds => "an instant: ISO 8601, or seconds since 1970",
            TimeUnit.Microseconds => "an instant: ISO 8601, or microseconds since 1970",
            _ => "an instant: ISO 8601, or milliseconds since 1970",
        }, Show(value));
    }

    /// <summary>The value as it stands in the request, for an error.</summary>
    public static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => "nothing",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText(),
    };

    private static string Printed(double number)
    {
        Span<byte> printed = stackalloc byte[64];
        return Utf8Formatter.TryFormat(number, printed, out int length) ? Encoding.ASCII.GetString(printed[..length]) : number.ToString("R", CultureInfo.InvariantCulture);
    }
}
