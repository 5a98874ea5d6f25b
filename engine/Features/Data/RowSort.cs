using System.Numerics;

namespace ChurnEngine.Features;

/// <summary>Sorts the rows of one customer by time.</summary>
/// <remarks>
///     few falls     insertion                       most rows stand where they belong, or nearly
///     shuffled      slots of time, insertion        as many slots as rows: what a slot holds is few rows, and all of it stays in the first-level cache
///     crowded       whatever the library does       where insertion would move too much
/// </remarks>
internal static class RowSort
{
    // Moves a row that insertion may take before a sort that does not mind the order is cheaper; rows that are worth slots, and the most of those.
    private const int MostMoves = 8, LeastSlotted = 16, MostSlots = 4096;

    /// <summary>Sorts times ascending, and what goes with them.</summary>
    /// <param name="times">[n] microseconds.</param>
    /// <param name="rows">[n] goes along; of equal times any may come first.</param>
    /// <param name="freeTimes">[n] to work in.</param>
    /// <param name="freeRows">[n] to work in.</param>
    /// <returns>Whether two times are equal.</returns>
    public static bool ByTime(Span<long> times, Span<int> rows, Span<long> freeTimes, Span<int> freeRows)
    {
        if (times.Length >= LeastSlotted && IsShuffled(times))
            BySlot(times, rows, freeTimes, freeRows);
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

    // More than one row in eight stands before its predecessor.
    private static bool IsShuffled(ReadOnlySpan<long> times)
    {
        int falls = 0;
        for (int i = 1; i < times.Length; i++)
            falls += times[i] < times[i - 1] ? 1 : 0;
        return falls > times.Length / 8;
    }

    private static void BySlot(Span<long> times, Span<int> rows, Span<long> freeTimes, Span<int> freeRows)
    {
        long least = long.MaxValue, most = long.MinValue;
        foreach (long time in times)
            (least, most) = (Math.Min(least, time), Math.Max(most, time));
        int slots = (int)Math.Min(MostSlots, BitOperations.RoundUpToPowerOf2((uint)times.Length));
        int shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(unchecked((ulong)(most - least))) - BitOperations.Log2((uint)slots));
        Span<int> starts = stackalloc int[slots];
        starts.Clear();
        foreach (long time in times)
            starts[SlotOf(time, least, shift)]++;
        int before = 0;
        foreach (ref int start in starts)
        {
            int count = start;
            start = before;
            before += count;
        }
        for (int i = 0; i < times.Length; i++)
        {
            int at = starts[SlotOf(times[i], least, shift)]++;
            (freeTimes[at], freeRows[at]) = (times[i], rows[i]);
        }
        freeTimes.CopyTo(times);
        freeRows.CopyTo(rows);
    }

    private static int SlotOf(long time, long least, int shift) => (int)(unchecked((ulong)(time - least)) >> shift);

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
