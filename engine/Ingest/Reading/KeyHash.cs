using System.Buffers.Binary;

namespace ChurnEngine.Ingest.Reading;

/// <summary>Folds the parts of a key into 128 bits: two 64-bit lanes with different constants, fixed across runs.</summary>
/// <remarks>Two different keys of a table of a billion rows fall together with a chance of about 1e-21.
/// Source: the finaliser of MurmurHash3 (Appleby), applied to each lane.</remarks>
internal struct KeyHash
{
    private ulong _low = 0x9E3779B97F4A7C15;
    private ulong _high = 0xC2B2AE3D27D4EB4F;

    /// <summary>Starts a key without parts.</summary>
    public KeyHash()
    {
    }

    /// <summary>The key so far.</summary>
    public readonly UInt128 Value => new(_high, _low);

    /// <summary>A bijection on 64 bits that spreads every bit over all.</summary>
    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >>> 33)) * 0xFF51AFD7ED558CCD;
        x = (x ^ (x >>> 33)) * 0xC4CEB9FE1A85EC53;
        return x ^ (x >>> 33);
    }

    /// <summary>Adds 64 bits.</summary>
    public void Add(ulong word)
    {
        _low = Mix(_low ^ word) * 0x9FB21C651E98DF25 + 1;
        _high = Mix(_high + word * 0xD6E8FEB86659FD93) + 0x2545F4914F6CDD1D;
    }

    /// <summary>Adds a text; its length comes first, so that ("a", "bc") differs from ("ab", "c").</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        Add((ulong)text.Length);
        for (; text.Length >= 8; text = text[8..])
            Add(BinaryPrimitives.ReadUInt64LittleEndian(text));
        ulong tail = 0;
        for (int i = 0; i < text.Length; i++)
            tail |= (ulong)text[i] << (8 * i);
        Add(tail);
    }
}
