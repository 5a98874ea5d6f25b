using System.Globalization;

namespace ChurnEngine.DataGen;

/// <summary>The calendar of a world. Instants are whole seconds since 1970-01-01T00:00Z.</summary>
/// <remarks><code>
/// HistoryStart   Start = t_0      t_1               t_M = End      ExtractAt
///      |-- 90 d --|------ 30 d ----|---- ... --------|---- 3 d -----|
///        base only   customers may leave               late events arrive
/// </code></remarks>
internal sealed record WorldClock(int Months)
{
    public const long Hour = 3_600;
    public const long Day = 24 * Hour;
    public const long Week = 7 * Day;
    public const long Month = 30 * Day;
    public const long LongestDelay = 3 * Day;

    /// <summary>2024-01-01T00:00Z, t_0.</summary>
    public const long Start = 1_704_067_200;

    /// <summary>The export reaches this far back, so that the longest window is whole at t_0.</summary>
    public const long HistoryStart = Start - 90 * Day;

    /// <summary>No row of any world is known before: sorting may subtract it.</summary>
    public const long EarliestInstant = Start - 400 * Day;

    /// <summary>t_M: the scoring date; nothing happens at or after it.</summary>
    public long End => MonthStart(Months);

    /// <summary>When the export was made: everything that happened has arrived.</summary>
    public long ExtractAt => End + LongestDelay;

    /// <summary>t_m.</summary>
    public static long MonthStart(int month) => Start + month * Month;

    /// <summary>First instant of a behavioural week, counted from <see cref="HistoryStart"/>.</summary>
    public static long WeekStart(int week) => HistoryStart + week * Week;

    /// <summary>A day as the configuration writes it.</summary>
    public static string Date(long seconds) => ToDate(seconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>An instant as the library has it.</summary>
    public static DateTimeOffset ToDate(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
