namespace ChurnEngine.Features;

/// <summary>Calendar months, quarters or years of a time zone, one after the other without a gap: they differ in length, with leap days and daylight saving.</summary>
/// <param name="Months">1, 3 or 12.</param>
/// <param name="Zone">Whose midnights they begin at.</param>
internal sealed record CalendarPeriod(int Months, TimeZoneInfo Zone)
{
    private static readonly (string Word, int Months)[] s_words = [("month", 1), ("quarter", 3), ("year", 12)];

    public static IEnumerable<string> Words => s_words.Select(word => word.Word);

    public string Word => s_words.First(word => word.Months == Months).Word;

    /// <summary>The period of a word; null for none.</summary>
    public static CalendarPeriod? Find(string word, TimeZoneInfo zone) => s_words.FirstOrDefault(known => known.Word == word) is { Months: > 0 } found ? new(found.Months, zone) : null;

    /// <summary>Begin of the first period that begins at or after an instant, and its end, microseconds since 1970 UTC.</summary>
    public (long From, long End) NextAt(long instant)
    {
        DateTime local = TimeZoneInfo.ConvertTimeFromUtc(DateTime.UnixEpoch.AddTicks(instant * 10), Zone);
        var begin = new DateTime(local.Year, (local.Month - 1) / Months * Months + 1, 1);
        if (Instant(begin) < instant)
            begin = begin.AddMonths(Months);
        return (Instant(begin), Instant(begin.AddMonths(Months)));
    }

    // The first instant at which local clocks show at least that: where they go forward at midnight, the day begins an hour later; where they go back, with the first midnight.
    // The zone's own conversion is not asked: for some it knows no invalid time there.
    private long Instant(DateTime local)
    {
        DateTime utc = DateTime.SpecifyKind(local, DateTimeKind.Utc), first = DateTime.MaxValue;
        foreach (int days in (ReadOnlySpan<int>)[-1, 1])
        {
            DateTime candidate = utc - Zone.GetUtcOffset(utc.AddDays(days));
            if (candidate + Zone.GetUtcOffset(candidate) >= utc && candidate < first)
                first = candidate;
        }
        return (first.Ticks - DateTime.UnixEpoch.Ticks) / 10;
    }
}
