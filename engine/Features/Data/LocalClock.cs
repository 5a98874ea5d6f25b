namespace ChurnEngine.Features;

/// <summary>Hours, weekdays and days of instants in a time zone, daylight saving included.</summary>
/// <remarks>Keeps the offset of the last quarter of an hour asked for: zones change their offset on quarters only, and neighbouring rows lie close. Not thread-safe.</remarks>
internal sealed class LocalClock(TimeZoneInfo zone)
{
    private const long Quarter = 15 * Duration.Minute;
    private readonly bool _isUtc = zone.Id == TimeZoneInfo.Utc.Id;
    private long _quarter = long.MinValue;
    private long _offset;

    /// <summary>The day of an instant, counted from 1970-01-01.</summary>
    public long Day(long micros) => Floor(Local(micros), Duration.Day);

    /// <summary>A part of an instant.</summary>
    public int Part(ClockPart part, long micros)
    {
        long local = Local(micros), day = Floor(local, Duration.Day);
        // 1970-01-01 was a Thursday, the fourth day.
        return part == ClockPart.Hour ? (int)((local - day * Duration.Day) / Duration.Hour) : (int)(((day + 3) % 7 + 7) % 7) + 1;
    }

    private long Local(long micros)
    {
        if (_isUtc)
            return micros;
        long quarter = Floor(micros, Quarter);
        if (quarter != _quarter)
        {
            _quarter = quarter;
            // Ticks are tenths of a microsecond; the years 1 to 9999 fit.
            DateTime utc = DateTime.SpecifyKind(DateTime.UnixEpoch.AddTicks(Math.Clamp(quarter * Quarter, MinMicros, MaxMicros) * 10), DateTimeKind.Utc);
            _offset = zone.GetUtcOffset(utc).Ticks / 10;
        }
        return micros + _offset;
    }

    private static long MinMicros => (DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks) / 10 + Duration.Day;

    private static long MaxMicros => (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / 10 - Duration.Day;

    private static long Floor(long value, long unit) => value >= 0 ? value / unit : ~(~value / unit);
}
