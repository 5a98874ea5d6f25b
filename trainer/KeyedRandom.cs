using System.Runtime.CompilerServices;

namespace ChurnEngine.Trainer;

/// <summary>Counter-based random numbers: each is a hash of what it is for, so order and threads cannot change it.</summary>
/// <remarks>Source: the finalizer of SplitMix64 (Steele, Lea and Flood 2014), applied once for each part of the key.</remarks>
internal static class KeyedRandom
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    /// <summary>64 random bits for (seed, stream, index).</summary>
    public static ulong Bits(ulong seed, ulong stream, ulong index) =>
        Mix(Mix(Mix(seed + GoldenGamma) + (stream + 1) * GoldenGamma) + (index + 1) * GoldenGamma);

    /// <summary>A number in [0, 1) for (seed, stream, index).</summary>
    public static double Unit(ulong seed, ulong stream, ulong index) => (Bits(seed, stream, index) >>> 11) * (1.0 / (1UL << 53));

    /// <summary>A hash of a name that is the same in every process and release (FNV-1a over UTF-16).</summary>
    public static ulong OfName(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char letter in name)
            hash = (hash ^ letter) * 0x100000001B3;
        return hash;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EB;
        return z ^ (z >>> 31);
    }
}
