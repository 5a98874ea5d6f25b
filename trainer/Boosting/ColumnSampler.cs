using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Decides by (seed, tree, feature name) which features a tree may split on, so that the order of columns does not matter.</summary>
internal sealed class ColumnSampler
{
    private const ulong Stream = 0x20_0000_0000;
    private readonly int[] _usable;
    private readonly ulong[] _nameHash;
    private readonly int _count;
    private readonly ulong _seed;
    private readonly int[] _chosen;
    private readonly ulong[] _keys;

    /// <param name="features">[F] all features.</param>
    /// <param name="usable">Those that vary, at least one.</param>
    /// <param name="share">Share of the usable ones that a tree sees; at least one is.</param>
    /// <param name="seed">Key of every choice.</param>
    public ColumnSampler(IReadOnlyList<FeatureInfo> features, int[] usable, double share, ulong seed)
    {
        _usable = usable;
        _nameHash = [.. usable.Select(feature => KeyedRandom.OfName(features[feature].Name))];
        _count = Math.Clamp((int)Math.Round(share * usable.Length), 1, usable.Length);
        _seed = seed;
        _chosen = new int[usable.Length];
        _keys = new ulong[usable.Length];
    }

    /// <summary>True when every tree sees every usable feature.</summary>
    public bool KeepsAll => _count == _usable.Length;

    /// <summary>The features of a tree; valid until the next call.</summary>
    public ReadOnlyMemory<int> Choose(int tree)
    {
        if (KeepsAll)
            return _usable;
        for (int i = 0; i < _usable.Length; i++)
            _keys[i] = KeyedRandom.Bits(_seed, Stream + (ulong)tree, _nameHash[i]);
        _usable.CopyTo(_chosen, 0);
        Array.Sort(_keys, _chosen);
        return _chosen.AsMemory(0, _count);
    }
}
