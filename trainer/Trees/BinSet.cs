namespace ChurnEngine.Trainer;

/// <summary>A set of bins 0..255: which bins of a feature go left.</summary>
internal unsafe struct BinSet
{
    private fixed ulong _words[4];

    public readonly bool Contains(int bin) => (_words[bin >>> 6] >>> (bin & 63) & 1) != 0;

    public void Add(int bin) => _words[bin >>> 6] |= 1UL << (bin & 63);

    /// <summary>The bins 0..last.</summary>
    public static BinSet UpTo(int last)
    {
        var set = default(BinSet);
        for (int word = 0; word < 4; word++)
        {
            int bits = last + 1 - (64 * word);
            set._words[word] = bits >= 64 ? ulong.MaxValue : bits > 0 ? (1UL << bits) - 1 : 0;
        }
        return set;
    }

    /// <summary>Writes 1 for each bin in the set and 0 for each other.</summary>
    /// <param name="table">[256].</param>
    public readonly void Expand(Span<byte> table)
    {
        for (int bin = 0; bin < table.Length; bin++)
            table[bin] = (byte)(_words[bin >>> 6] >>> (bin & 63) & 1);
    }
}
