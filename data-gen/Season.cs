namespace ChurnEngine.DataGen;

/// <summary>How activity goes with the calendar.</summary>
internal static class Season
{
    /// <summary>Cells of a week: three for each weekend day, two for the others.</summary>
    public const int DayCells = 16;

    private const double YearDays = 365.25;

    // Behavioural weeks start on a Tuesday (WorldClock.HistoryStart), so days 4 and 5 are the weekend.
    private static readonly byte[] s_days = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6];

    /// <summary>Factor of a week: 1.3 in mid-January, 0.7 in mid-July.</summary>
    public static double OfYear(long instant) => 1 + 0.3 * Math.Cos(2 * Math.PI * ((instant - WorldClock.Start) / (double)WorldClock.Day - 14) / YearDays);

    /// <summary>Day of a behavioural week, 0..6, for a cell 0..15.</summary>
    public static int DayOfWeek(int cell) => s_days[cell];
}
