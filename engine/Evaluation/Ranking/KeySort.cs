using System.Buffers;

namespace ChurnEngine.Evaluation;

/// <summary>Sorts 33-bit keys: a radix sort of three passes of 11 bits, least significant first.</summary>
/// <remarks>Equality with <see cref="Scalar"/>: exact.</remarks>
internal static class KeySort
{
    private const int Digits = 3, DigitBits = 11, Buckets = 1 << DigitBits;

    // Below this the histograms cost more than they save.
    private const int SmallCount = 2048;

    /// <summary>Sorts the first <paramref name="count"/> keys.</summary>
    /// <param name="keys">Rented from the shared pool; may be returned to it.</param>
    /// <param name="count">Keys that count.</param>
    /// <returns>The array that holds the sorted keys: <paramref name="keys"/> or another one of the shared pool.</returns>
    public static ulong[] Run(ulong[] keys, int count)
    {
        if (count < SmallCount)
        {
            Scalar(keys.AsSpan(0, count));
            return keys;
        }
        Span<int> starts = stackalloc int[Digits * Buckets];
        CountDigits(keys.AsSpan(0, count), starts);
        ulong[] other = ArrayPool<ulong>.Shared.Rent(count);
        for (int digit = 0; digit < Digits; digit++)
        {
            Span<int> bucket = starts.Slice(digit * Buckets, Buckets);
            int shift = digit * DigitBits;
            if (bucket[(int)(keys[0] >>> shift) & (Buckets - 1)] == count)
                continue;
            int start = 0;
            for (int i = 0; i < Buckets; i++)
                (bucket[i], start) = (start, start + bucket[i]);
            foreach (ulong key in keys.AsSpan(0, count))
                other[bucket[(int)(key >>> shift) & (Buckets - 1)]++] = key;
            (keys, other) = (other, keys);
        }
        ArrayPool<ulong>.Shared.Return(other);
        return keys;
    }

    public static void Scalar(Span<ulong> keys) => keys.Sort();

    private static void CountDigits(ReadOnlySpan<ulong> keys, Span<int> counts)
    {
        counts.Clear();
        foreach (ulong key in keys)
        {
            counts[(int)key & (Buckets - 1)]++;
            counts[Buckets + ((int)(key >>> DigitBits) & (Buckets - 1))]++;
            counts[2 * Buckets + ((int)(key >>> (2 * DigitBits)) & (Buckets - 1))]++;
        }
    }
}
