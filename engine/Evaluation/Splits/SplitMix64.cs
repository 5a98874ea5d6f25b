namespace ChurnEngine.Evaluation;

/// <summary>A small generator whose sequence is fixed by its seed on every platform and in every release.</summary>
/// <remarks>Source: Steele, Lea and Flood 2014.</remarks>
/// <param name="seed">Any number; neighbouring ones give unrelated sequences only after the first draw, so whoever counts seeds up draws a key first.</param>
public struct SplitMix64(long seed)
{
    private ulong _state = (ulong)seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E37_79B9_7F4A_7C15;
        ulong z = _state;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >>> 31);
    }

    /// <summary>Uniform below <paramref name="bound"/> up to a bias of bound / 2^64.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>Puts items in random order.</summary>
    public void Shuffle(Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
