namespace ChurnEngine.Features;

/// <summary>Sorts the few rows of one customer by time.</summary>
internal static class RowSort
{
    // Moves a row that insertion may take before a sort that does not mind the order is cheaper.
    private const int MostMoves = 8;

    /// <summary>Sorts times ascending, and what goes with them.</summary>
    /// <param name="times">[n] microseconds.</param>
    /// <param name="rows">[n] goes along; of equal times any may come first.</param>
    /// <returns>Whether two times are equal.</returns>
    public static bool ByTime(Span<long> times, Span<int> rows)
    {
        long moves = (long)MostMoves * times.Length;
        bool tied = false;
        for (int i = 1; i < times.Length; i++)
        {
            long time = times[i];
            if (times[i - 1] < time)
                continue;
            int row = rows[i], at = i;
            for (; at > 0 && times[at - 1] > time; at--)
                (times[at], rows[at]) = (times[at - 1], rows[at - 1]);
            (times[at], rows[at]) = (time, row);
            tied |= at > 0 && times[at - 1] == time;
            moves -= i - at;
            if (moves < 0)
            {
                times.Sort(rows);
                return HasTies(times);
            }
        }
        return tied;
    }

    private static bool HasTies(ReadOnlySpan<long> times)
    {
        for (int i = 1; i < times.Length; i++)
        {
            if (times[i] == times[i - 1])
                return true;
        }
        return false;
    }
}
