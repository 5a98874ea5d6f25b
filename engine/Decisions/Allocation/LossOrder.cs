namespace ChurnEngine.Decisions;

/// <summary>Sorts rows by their loss, highest first; of equal ones the earlier stays in front.</summary>
/// <remarks>Radix sort of the doubles' bits, 11 at a time, passes without effect left out.</remarks>
internal static class LossOrder
{
    private const int DigitBits = 11, Buckets = 1 << DigitBits, Digits = 6, SmallCount = 4096;

    /// <summary>Sorts in place.</summary>
    /// <param name="loss">[n] above 0, no NaN.</param>
    /// <param name="rows">[n] rows, moved along.</param>
    public static void Sort(double[] loss, int[] rows)
    {
        int count = loss.Length;
        if (count < SmallCount)
        {
            int[] order = [.. Enumerable.Range(0, count)];
            Array.Sort(order, (one, other) => loss[other].CompareTo(loss[one]) is var by and not 0 ? by : one.CompareTo(other));
            double[] sorted = Array.ConvertAll(order, i => loss[i]);
            int[] moved = Array.ConvertAll(order, i => rows[i]);
            sorted.CopyTo(loss, 0);
            moved.CopyTo(rows, 0);
            return;
        }
        int[] starts = new int[Digits * Buckets];
        foreach (double value in loss)
        {
            ulong key = Key(value);
            for (int digit = 0; digit < Digits; digit++)
                starts[digit * Buckets + DigitOf(key, digit)]++;
        }
        (double[] from, int[] fromRows, double[] to, int[] toRows) = (loss, rows, new double[count], new int[count]);
        for (int digit = 0; digit < Digits; digit++)
        {
            Span<int> bucket = starts.AsSpan(digit * Buckets, Buckets);
            if (bucket[DigitOf(Key(from[0]), digit)] == count)
                continue;
            int start = 0;
            for (int i = 0; i < Buckets; i++)
                (bucket[i], start) = (start, start + bucket[i]);
            for (int i = 0; i < count; i++)
            {
                int at = bucket[DigitOf(Key(from[i]), digit)]++;
                (to[at], toRows[at]) = (from[i], fromRows[i]);
            }
            (from, fromRows, to, toRows) = (to, toRows, from, fromRows);
        }
        if (from != loss)
        {
            from.CopyTo(loss, 0);
            fromRows.CopyTo(rows, 0);
        }
    }

    // Bits of positive doubles rise with them.
    private static ulong Key(double value) => ~BitConverter.DoubleToUInt64Bits(value);

    private static int DigitOf(ulong key, int digit) => (int)(key >>> (digit * DigitBits)) & (Buckets - 1);
}
