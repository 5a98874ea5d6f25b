namespace ChurnEngine.Ingest.Conversion;

/// <summary>The parts of ISO 8601 that data files use.</summary>
internal static class IsoTime
{
    private static readonly int s_epoch = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>Reads yyyy-mm-dd, or eight digits that are all there is, off the front of <paramref name="text"/>.</summary>
    public static bool TryReadDate(ref ReadOnlySpan<byte> text, out int daysSince1970)
    {
        daysSince1970 = 0;
        bool dashed = text.Length >= 10 && text[4] == '-' && text[7] == '-';
        if (!dashed && text.Length != 8)
            return false;
        if (!Digits(text[..4], out int year) || !Digits(text.Slice(dashed ? 5 : 4, 2), out int month) || !Digits(text.Slice(dashed ? 8 : 6, 2), out int day))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        daysSince1970 = new DateOnly(year, month, day).DayNumber - s_epoch;
        text = text[(dashed ? 10 : 8)..];
        return true;
    }

    /// <summary>Reads hh:mm, hh:mm:ss or hh:mm:ss.fraction off the front.</summary>
    public static bool TryReadClock(ref ReadOnlySpan<byte> text, out long seconds, out long micros)
    {
        seconds = micros = 0;
        if (text.Length < 5 || text[2] != ':' || !Digits(text[..2], out int hour) || !Digits(text.Slice(3, 2), out int minute) || hour > 23 || minute > 59)
            return false;
        text = text[5..];
        int second = 0;
        if (text.Length >= 3 && text[0] == ':')
        {
            if (!Digits(text.Slice(1, 2), out second) || second > 59)
                return false;
            text = text[3..];
            if (text.Length > 0 && text[0] is (byte)'.' or (byte)',' && !TryReadFraction(ref text, out micros))
                return false;
        }
        seconds = hour * 3600 + minute * 60 + second;
        return true;
    }

    /// <summary>Reads all of <paramref name="text"/> as nothing, Z, ±hh, ±hhmm or ±hh:mm.</summary>
    public static bool TryReadZone(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        text = MissingText.Trim(text);
        if (text.Length == 0 || text is [(byte)'Z' or (byte)'z'] || text.SequenceEqual("UTC"u8))
            return true;
        if (text[0] is not ((byte)'+' or (byte)'-') || text.Length is not (3 or 5 or 6) || !Digits(text.Slice(1, 2), out int hours))
            return false;
        int minutes = 0;
        if (text.Length > 3 && (!Digits(text[^2..], out minutes) || (text.Length == 6 && text[3] != ':')))
            return false;
        if (hours > 18 || minutes > 59)
            return false;
        seconds = (hours * 3600 + minutes * 60) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryReadFraction(ref ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        int digits = 0;
        text = text[1..];
        for (; digits < text.Length && char.IsAsciiDigit((char)text[digits]); digits++)
        {
            if (digits < 6)
                micros = micros * 10 + (text[digits] - '0');
        }
        for (int i = digits; i < 6; i++)
            micros *= 10;
        text = text[digits..];
        return digits > 0;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (byte c in text)
        {
            if (!char.IsAsciiDigit((char)c))
                return false;
            value = value * 10 + (c - '0');
        }
        return true;
    }
}
