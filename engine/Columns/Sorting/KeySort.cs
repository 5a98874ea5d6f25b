using System.Buffers;
using System.Numerics;

namespace ChurnEngine.Columns;

/// <summary>Sorts unsigned keys of at most 33 bits: a radix sort of three passes of 11 bits, least significant first.</summary>
/// <remarks>Equality with <see cref="Scalar"/>: exact. Above 33 bits keys are not told apart.</remarks>
public static class KeySort
{
    private const int Digits = 3, DigitBits = 11, Buckets = 1 << DigitBits;

    // Below this the histograms cost more than they save.
    private const int SmallCount = 2048;

    /// <summary>Sorts the first <paramref name="count"/> keys.</summary>
    /// <param name="keys">Rented from the shared pool; may be returned to it.</param>
    /// <param name="count">Keys that count.</param>
    /// <returns>The array that holds the sorted keys: <paramref name="keys"/> or another one of the shared pool.</returns>
    public static TKey[] Run<TKey>(TKey[] keys, int count) where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (count < SmallCount)
        {
            Scalar(keys.AsSpan(0, count));
            return keys;
        }
        Span<int> starts = stackalloc int[Digits * Buckets];
        CountDigits<TKey>(keys.AsSpan(0, count), starts);
        TKey[] other = ArrayPool<TKey>.Shared.Rent(count);
        for (int digit = 0; digit < Digits; digit++)
        {
            Span<int> bucket = starts.Slice(digit * Buckets, Buckets);
            int shift = digit * DigitBits;
            if (bucket[DigitOf(keys[0], shift)] == count)
                continue;
            int start = 0;
            for (int i = 0; i < Buckets; i++)
                (bucket[i], start) = (start, start + bucket[i]);
            foreach (TKey key in keys.AsSpan(0, count))
                other[bucket[DigitOf(key, shift)]++] = key;
            (keys, other) = (other, keys);
        }
        ArrayPool<TKey>.Shared.Return(other);
        return keys;
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar<TKey>(Span<TKey> keys) => keys.Sort();

    /// <summary>A key that sorts as the number does: -infinity first, -0 before +0.</summary>
    /// <param name="value">No NaN.</param>
    public static uint OfFloat(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return bits ^ ((uint)((int)bits >> 31) | 0x8000_0000);
    }

    /// <summary>The number of a key.</summary>
    public static float ToFloat(uint key) => BitConverter.UInt32BitsToSingle(key ^ (~(uint)((int)key >> 31) | 0x8000_0000));

    private static int DigitOf<TKey>(TKey key, int shift) where TKey : IBinaryInteger<TKey> => int.CreateTruncating(key >>> shift) & (Buckets - 1);

    private static void CountDigits<TKey>(ReadOnlySpan<TKey> keys, Span<int> counts) where TKey : IBinaryInteger<TKey>
    {
        counts.Clear();
        foreach (TKey key in keys)
        {
            counts[DigitOf(key, 0)]++;
            counts[Buckets + DigitOf(key, DigitBits)]++;
            counts[2 * Buckets + DigitOf(key, 2 * DigitBits)]++;
        }
    }
}
