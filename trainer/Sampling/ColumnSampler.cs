using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Draws features by key and name, so that the order of columns does not matter.</summary>
internal sealed class ColumnSampler
{
    private readonly ulong[] _nameHash;
    private readonly ulong[] _keys;

    /// <param name="features">[F] all features.</param>
    public ColumnSampler(IReadOnlyList<FeatureInfo> features)
    {
        _nameHash = [.. features.Select(feature => KeyedRandom.OfName(feature.Name))];
        _keys = new ulong[features.Count];
    }

    /// <summary>How many of so many features a share is: at least one.</summary>
    public static int CountOf(double share, int features) => Math.Clamp((int)Math.Round(share * features), 1, features);

    /// <summary>Draws a share of some features.</summary>
    /// <param name="from">Features to draw from, at least one.</param>
    /// <param name="share">Above 0 up to 1.</param>
    /// <param name="key">Key of the draw: (seed, stream).</param>
    /// <param name="chosen">Room for all of <paramref name="from"/>.</param>
    /// <returns>How many were drawn; they stand first in <paramref name="chosen"/>.</returns>
    public int Draw(ReadOnlySpan<int> from, double share, (ulong Seed, ulong Stream) key, Span<int> chosen)
    {
        from.CopyTo(chosen);
        int count = CountOf(share, from.Length);
        if (count == from.Length)
            return count;
        Span<ulong> keys = _keys.AsSpan(0, from.Length);
        for (int i = 0; i < from.Length; i++)
            keys[i] = KeyedRandom.Bits(key.Seed, key.Stream, _nameHash[from[i]]);
        keys.Sort(chosen[..from.Length]);
        return count;
    }
}
