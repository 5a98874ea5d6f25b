using System.Globalization;

namespace ChurnEngine.Columns;

/// <summary>Instants as the configuration, the command line and the reports write them: ISO 8601, UTC where no zone is given.</summary>
public static class InstantText
{
    // Nothing looser: "May 5" or "10:30" would be read with the help of today's date, and the same job would differ from day to day.
    private static readonly string[] s_formats =
    [
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Reads an instant into microseconds since 1970 UTC; a seventh decimal is dropped.</summary>
    public static bool TryParse(string text, out long micros)
    {
        bool parsed = DateTimeOffset.TryParseExact(text, s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant);
        micros = parsed ? (instant.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond : 0;
        return parsed;
    }

    /// <summary>Writes microseconds since 1970 UTC, a date alone when it is midnight.</summary>
    public static string Format(long micros)
    {
        DateTime instant = DateTime.UnixEpoch.AddMicroseconds(micros);
        return instant.ToString(instant.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);
    }
}
