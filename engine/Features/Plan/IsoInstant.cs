using System.Globalization;

namespace ChurnEngine.Features;

/// <summary>Instants as people write them in churn.yaml and on the command line: ISO 8601 alone, since 03/04/2024 is two days.</summary>
public static class IsoInstant
{
    private static readonly string[] s_formats =
    [
        .. from date in new[] { "yyyy-MM-dd" }
           from clock in new[] { "", "'T'HH:mm", "'T'HH:mm:ss", "'T'HH:mm:ss.FFFFFFF", " HH:mm", " HH:mm:ss", " HH:mm:ss.FFFFFFF" }
           from zone in clock.Length == 0 ? new[] { "" } : ["", "K", "zzz"]
           select date + clock + zone,
    ];

    /// <summary>Reads an instant into microseconds since 1970 UTC; UTC where no zone is given.</summary>
    /// <param name="text">For example 2024-12-31, 2024-12-31T06:00:00Z or 2024-12-31 06:00+02:00.</param>
    /// <param name="micros">0 when it cannot be read.</param>
    public static bool TryParse(string text, out long micros)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool parsed = DateTimeOffset.TryParseExact(text.Trim(), s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant);
        micros = parsed ? (instant.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond : 0;
        return parsed;
    }
}
