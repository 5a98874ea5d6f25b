using System.Runtime.CompilerServices;

namespace ChurnEngine.Features;

/// <summary>The fixed 64-bit hash that assigns a customer to a partition: the same in every release, on every machine.</summary>
/// <remarks>Partition p of P = 2^k is the hash's top k bits, so that doubling P splits each partition in two.
/// Integers: the finalizer of splitmix64. Text: FNV-1a over the UTF-8 bytes, then that finalizer, because FNV's top bits are weak for short keys.
/// Source: Steele, Lea, Flood 2014 (splitmix64); Fowler, Noll, Vo (FNV-1a, 64 bit). Written down in engine/Features/README.md.</remarks>
public static class PartitionHash
{
    /// <summary>Hash of an integer key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong OfInt64(long key)
    {
        ulong x = unchecked((ulong)key + 0x9E3779B97F4A7C15UL);
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }

    /// <summary>Hash of a text key.</summary>
    /// <param name="utf8">The bytes as they stand in the file; no case folding, no trimming.</param>
    public static ulong OfUtf8(ReadOnlySpan<byte> utf8)
    {
        ulong hash = 0xCBF29CE484222325UL;
        foreach (byte b in utf8)
            hash = (hash ^ b) * 0x100000001B3UL;
        return OfInt64((long)hash);
    }

    /// <summary>Partition of a hash.</summary>
    /// <param name="hash">What <see cref="OfInt64"/> or <see cref="OfUtf8"/> gave.</param>
    /// <param name="partitionCount">A power of two, 1 and up.</param>
    public static int PartitionOf(ulong hash, int partitionCount) =>
        partitionCount == 1 ? 0 : (int)(hash >> (64 - System.Numerics.BitOperations.Log2((uint)partitionCount)));
}
