using System.Globalization;
using ChurnEngine.Features;

namespace ChurnEngine.Pipeline;

/// <summary>Instants as the configuration, the command line and the reports write them: ISO 8601, UTC where no zone is given.</summary>
public static class InstantText
{
    /// <summary>Reads an instant into microseconds since 1970 UTC.</summary>
    public static bool TryParse(string text, out long micros) => IsoInstant.TryParse(text, out micros);

    /// <summary>Writes microseconds since 1970 UTC, a date alone when it is midnight.</summary>
    public static string Format(long micros)
    {
        DateTime instant = DateTime.UnixEpoch.AddMicroseconds(micros);
        return instant.ToString(instant.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);
    }
}
