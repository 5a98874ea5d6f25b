namespace ChurnEngine.Trainer;

/// <summary>Where a node stands in its tree, as far as it decides which features may split it.</summary>
/// <param name="Depth">Splits above it.</param>
/// <param name="Path">A hash of the turns that lead to it.</param>
/// <param name="Groups">Interaction groups that hold every feature above it, a bit each.</param>
internal readonly record struct NodePlace(int Depth, ulong Path, ulong Groups)
{
    public static NodePlace Root => new(0, 1, ulong.MaxValue);

    /// <summary>Its child on one side of a split on a feature of these groups.</summary>
    public NodePlace Child(bool right, ulong groups) => new(Depth + 1, KeyedRandom.Bits(Path, 0, right ? 1UL : 0), Groups & groups);
}

/// <summary>Decides which features may split a node: a share of them by tree, of those by level, of those by node, and of those what the interaction constraints allow.</summary>
/// <remarks>Drawn by seed, tree, level or path, and feature name: neither threads nor the order of columns change it.</remarks>
internal sealed class NodeFeatures
{
    private const ulong TreeStream = 0x20_0000_0000, LevelStream = 0x21_0000_0000, NodeStream = 0x22_0000_0000;
    private readonly BoosterOptions _options;
    private readonly ColumnSampler _sampler;
    private readonly int[] _usable;
    private readonly ulong[]? _groups;
    private readonly int[] _ofTree;
    private readonly int[] _ofLevel;
    private readonly int[] _ofNode;
    private int _treeCount;
    private int _tree;

    /// <param name="features">[F] all features.</param>
    /// <param name="usable">Those that vary, at least one.</param>
    /// <param name="options">Shares and constraints.</param>
    public NodeFeatures(IReadOnlyList<Columns.FeatureInfo> features, int[] usable, BoosterOptions options)
    {
        _options = options;
        _sampler = new ColumnSampler(features);
        _usable = usable;
        _groups = options.InteractionConstraints?.GroupsOf(features);
        (_ofTree, _ofLevel, _ofNode) = (new int[usable.Length], new int[usable.Length], new int[usable.Length]);
        VaryByNode = options.ColumnSampleByLevel < 1 || options.ColumnSampleByNode is < 1 || _groups is not null;
        KeepsAll = !VaryByNode && ColumnSampler.CountOf(options.ColumnSample, usable.Length) == usable.Length;
    }

    /// <summary>True when every node may be split by every usable feature.</summary>
    public bool KeepsAll { get; }

    /// <summary>True when nodes of one tree may differ.</summary>
    public bool VaryByNode { get; }

    /// <summary>Interaction groups of a feature.</summary>
    public ulong GroupsOf(int feature) => _groups is null ? ulong.MaxValue : _groups[feature];

    /// <summary>Draws the features of a tree; valid until the next call.</summary>
    public ReadOnlySpan<int> StartTree(int tree)
    {
        _tree = tree;
        _treeCount = _sampler.Draw(_usable, _options.ColumnSample, (_options.Seed, TreeStream + (ulong)tree), _ofTree);
        return _ofTree.AsSpan(0, _treeCount);
    }

    /// <summary>Marks the features that may split a node.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="mayBeSplit">[F] set.</param>
    public void Mark(in NodePlace place, Span<bool> mayBeSplit)
    {
        mayBeSplit.Clear();
        ulong seed = KeyedRandom.Bits(_options.Seed, TreeStream, (ulong)_tree);
        int level = _sampler.Draw(_ofTree.AsSpan(0, _treeCount), _options.ColumnSampleByLevel, (seed, LevelStream + (ulong)place.Depth), _ofLevel);
        int node = _sampler.Draw(_ofLevel.AsSpan(0, level), _options.ColumnSampleByNode ?? 1, (KeyedRandom.Bits(seed, NodeStream, place.Path), NodeStream), _ofNode);
        foreach (int feature in _ofNode.AsSpan(0, node))
            mayBeSplit[feature] = (GroupsOf(feature) & place.Groups) != 0;
    }
}
