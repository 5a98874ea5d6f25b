namespace ChurnEngine.Ingest.Conversion;

/// <summary>Instants: ISO 8601 with or without zone (UTC without), a date alone, or whole milliseconds since 1970 UTC.</summary>
/// <remarks>Eight digits are the date yyyymmdd where they name one: as milliseconds they would all lie on the first two days of 1970.
/// Fractions beyond the microsecond are cut.</remarks>
internal readonly struct TimestampMicrosParser : ITextParser<long>
{
    private const long MicrosPerSecond = 1_000_000;

    public static string Noun => "a time (ISO 8601, or whole milliseconds since 1970)";

    public static ParseOutcome Parse(ReadOnlySpan<byte> text, out long value)
    {
        if (IsoTime.TryReadDate(ref text, out int days))
            return ReadTimeOfDay(text, days, out value);
        ParseOutcome outcome = IntegerParser<long>.Parse(text, out long millis);
        return outcome == ParseOutcome.Value ? FromMillis(millis, out value) : Fail(outcome == ParseOutcome.OutOfRange ? outcome : ParseOutcome.NotOfType, out value);
    }

    /// <summary>Milliseconds to microseconds, unless they lie outside the years 1 to 9999.</summary>
    public static ParseOutcome FromMillis(long millis, out long micros)
    {
        bool fits = millis is >= InstantCheck.FirstMilli and <= InstantCheck.LastMilli;
        micros = fits ? millis * 1000 : 0;
        return fits ? ParseOutcome.Value : ParseOutcome.OutOfRange;
    }

    private static ParseOutcome ReadTimeOfDay(ReadOnlySpan<byte> text, int days, out long value)
    {
        long seconds = 0, micros = 0;
        if (text.Length > 0)
        {
            if (text[0] is not ((byte)'T' or (byte)'t' or (byte)' '))
                return Fail(ParseOutcome.NotOfType, out value);
            text = text[1..];
            if (!IsoTime.TryReadClock(ref text, out seconds, out micros) || !IsoTime.TryReadZone(text, out int zoneSeconds))
                return Fail(ParseOutcome.NotOfType, out value);
            seconds -= zoneSeconds;
        }
        value = (days * 86_400L + seconds) * MicrosPerSecond + micros;
        return ParseOutcome.Value;
    }

    private static ParseOutcome Fail(ParseOutcome outcome, out long value)
    {
        value = 0;
        return outcome;
    }
}

/// <summary>As <see cref="TimestampMicrosParser"/>, rounded down to the millisecond.</summary>
internal readonly struct TimestampMillisParser : ITextParser<long>
{
    public static string Noun => TimestampMicrosParser.Noun;

    public static ParseOutcome Parse(ReadOnlySpan<byte> text, out long value)
    {
        ParseOutcome outcome = TimestampMicrosParser.Parse(text, out long micros);
        value = FloorDivide(micros, 1000);
        return outcome;
    }

    public static long FloorDivide(long dividend, long divisor) => dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

/// <summary>Dates: as <see cref="TimestampMicrosParser"/>, the UTC day of it.</summary>
internal readonly struct Date32Parser : ITextParser<int>
{
    public static string Noun => "a date (ISO 8601)";

    public static ParseOutcome Parse(ReadOnlySpan<byte> text, out int value)
    {
        ParseOutcome outcome = TimestampMicrosParser.Parse(text, out long micros);
        value = (int)TimestampMillisParser.FloorDivide(micros, 86_400_000_000);
        return outcome;
    }
}
