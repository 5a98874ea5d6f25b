using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Grows one tree after another: picks a leaf, parts its rows, searches its children, until nothing is worth splitting.</summary>
/// <remarks>
/// Of two children only the smaller is counted; the histogram of the larger is what is left of the parent's.
/// Memory: 16 bytes a row, and 24 bytes a bin and open leaf. Source: Ke et al. 2017 (leaf-wise growth, subtraction).
/// </remarks>
internal sealed unsafe class TreeGrower : IDisposable
{
    private readonly BinnedMatrix _matrix;
    private readonly BoosterOptions _options;
    private readonly WorkTeam _team;
    private readonly HistogramPool _pool;
    private readonly SplitSearch _search;
    private readonly NativeBuffer<GradientPair> _ordered;
    private readonly SplitCandidate[] _smallerSplits;
    private readonly SplitCandidate[] _largerSplits;
    private readonly Leaf[] _leaves;
    private readonly bool[] _mayBeSplit;
    private readonly FeatureRange[] _ranges;
    private readonly FeatureRange[] _chosen;
    private int _chosenCount;

    public TreeGrower(BinnedMatrix matrix, BoosterOptions options, WorkTeam team)
    {
        _matrix = matrix;
        _options = options;
        _team = team;
        _pool = new HistogramPool(matrix.Bins);
        _search = new SplitSearch(matrix, options);
        _ordered = NativeBuffer<GradientPair>.Allocate(matrix.RowCount);
        _smallerSplits = new SplitCandidate[matrix.FeatureCount];
        _largerSplits = new SplitCandidate[matrix.FeatureCount];
        _mayBeSplit = new bool[matrix.FeatureCount];
        _ranges = FeatureRange.Cut(matrix.Bins, team.Threads);
        _chosen = new FeatureRange[_ranges.Length];
        int mostLeaves = (int)Math.Min(options.MaxLeaves, Math.Max(2, matrix.RowCount / options.MinRowsInLeaf));
        _leaves = new Leaf[mostLeaves];
        Tree = new GrownTree(mostLeaves);
        Rows = new RowPartition(matrix.RowCount, team);
    }

    /// <summary>The tree grown last.</summary>
    public GrownTree Tree { get; }

    /// <summary>The rows to grow on, and after growing the rows of each leaf.</summary>
    public RowPartition Rows { get; }

    /// <summary>Grows a tree on the rows that <see cref="Rows"/> holds.</summary>
    /// <param name="gradients">Derivatives of all rows.</param>
    /// <param name="features">Features that may be split on.</param>
    public void Grow(GradientBuffer gradients, ReadOnlyMemory<int> features)
    {
        var job = new Job(gradients, features, new GainRule(_options, gradients.GradientUnit, gradients.HessianUnit));
        Tree.Clear();
        Choose(features.Span);
        _leaves[0] = Root(job);
        while (Tree.LeafCount < _leaves.Length)
        {
            int leaf = ChooseLeaf();
            if (leaf < 0)
                break;
            Split(leaf, job);
        }
        for (int leaf = 0; leaf < Tree.LeafCount; leaf++)
        {
            _pool.Return(_leaves[leaf].Slot);
            Tree.LeafValues[leaf] = job.Rule.LeafValue(_leaves[leaf].Sums) * _options.LearningRate;
        }
    }

    /// <summary>The row ids of a leaf of the tree grown last.</summary>
    public ReadOnlySpan<int> RowsOf(int leaf) => new(Rows.Rows + _leaves[leaf].Start, _leaves[leaf].Count);

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool.Dispose();
        _ordered.Dispose();
        Rows.Dispose();
    }

    // Histograms are counted by ranges of features; those of which no feature is chosen are left out.
    private void Choose(ReadOnlySpan<int> features)
    {
        Array.Clear(_mayBeSplit);
        Array.Clear(_smallerSplits);
        Array.Clear(_largerSplits);
        foreach (int feature in features)
            _mayBeSplit[feature] = true;
        _chosenCount = 0;
        foreach (FeatureRange range in _ranges)
        {
            if (_mayBeSplit.AsSpan(range.First, range.End - range.First).Contains(true))
                _chosen[_chosenCount++] = range;
        }
    }

    private Leaf Root(in Job job)
    {
        var root = new Leaf { Count = Rows.Count, Slot = _pool.Rent() };
        // Every feature's histogram holds every row, so any one of them gives the sums of the node.
        Count(root, job);
        foreach (ref readonly GradientSums bin in _pool.Feature(root.Slot, job.Features.Span[0]))
            root.Sums += bin;
        if (!IsOpen(root, job))
            return Settle(root);
        SearchAll(root, job);
        root.Best = _search.Best(_smallerSplits);
        return root.Best.Exists ? root : Settle(root);
    }

    private int ChooseLeaf()
    {
        int chosen = -1;
        for (int leaf = 0; leaf < Tree.LeafCount; leaf++)
        {
            if (_leaves[leaf].Slot >= 0 && (chosen < 0 || ComesBefore(_leaves[leaf], _leaves[chosen])))
                chosen = leaf;
        }
        return chosen;
    }

    // Among equals the leaf that came first stays chosen.
    private bool ComesBefore(in Leaf a, in Leaf b) => _options.Growth switch
    {
        GrowthPolicy.DepthWise when a.Depth != b.Depth => a.Depth < b.Depth,
        _ => a.Best.Gain > b.Best.Gain,
    };

    private void Split(int leaf, in Job job)
    {
        Leaf parent = _leaves[leaf];
        SplitCandidate split = parent.Best;
        int lefts = Rows.Split(parent.Start, parent.Count, _matrix.Column(split.Feature), split.LeftBins);
        int newLeaf = Tree.Split(leaf, split);
        var left = new Leaf { Start = parent.Start, Count = lefts, Depth = parent.Depth + 1, Sums = split.Left, Slot = -1 };
        var right = new Leaf { Start = parent.Start + lefts, Count = parent.Count - lefts, Depth = parent.Depth + 1, Sums = parent.Sums - split.Left, Slot = -1 };
        if (left.Count <= right.Count)
            Search(ref left, ref right, parent.Slot, job);
        else
            Search(ref right, ref left, parent.Slot, job);
        _leaves[leaf] = left;
        _leaves[newLeaf] = right;
    }

    // Counts the smaller child, takes it away from the parent, and searches both, feature by feature.
    private void Search(ref Leaf smaller, ref Leaf larger, int parentSlot, Job job)
    {
        bool searchSmaller = IsOpen(smaller, job), searchLarger = IsOpen(larger, job);
        larger.Slot = parentSlot;
        if (searchSmaller || searchLarger)
        {
            smaller.Slot = _pool.Rent();
            Order(smaller, job);
            (Leaf small, Leaf large) = (smaller, larger);
            _team.Run(_chosenCount, (small.Count + 2 * 256L) * job.Features.Length, i =>
            {
                FeatureRange range = _chosen[i];
                Count(range, Rows.Rows + small.Start, _ordered.Pointer, small);
                for (int feature = range.First; feature < range.End; feature++)
                {
                    if (!_mayBeSplit[feature])
                        continue;
                    Span<GradientSums> smallSums = _pool.Feature(small.Slot, feature), largeSums = _pool.Feature(large.Slot, feature);
                    _smallerSplits[feature] = searchSmaller ? _search.Find(feature, smallSums, small.Sums, job.Rule) : default;
                    if (searchLarger)
                        HistogramPool.Subtract(largeSums, smallSums);
                    _largerSplits[feature] = searchLarger ? _search.Find(feature, largeSums, large.Sums, job.Rule) : default;
                }
            });
            smaller.Best = _search.Best(_smallerSplits);
            larger.Best = _search.Best(_largerSplits);
        }
        if (!smaller.Best.Exists)
            smaller = Settle(smaller);
        if (!larger.Best.Exists)
            larger = Settle(larger);
    }

    private void Count(Leaf root, Job job)
    {
        bool all = root.Count == _matrix.RowCount;
        if (!all)
            Order(root, job);
        GradientPair* pairs = all ? job.Gradients.Pairs : _ordered.Pointer;
        int* rows = all ? null : Rows.Rows;
        _team.Run(_chosenCount, (long)root.Count * job.Features.Length, i => Count(_chosen[i], rows, pairs, root));
    }

    private void Count(FeatureRange range, int* rows, GradientPair* pairs, in Leaf leaf) =>
        HistogramKernel.Run(new NodeBlock(_matrix.Rows + range.First, _matrix.RowStride, rows, pairs, leaf.Count), range.Offsets, _pool.Features(leaf.Slot, range.First, range.End));

    private void SearchAll(Leaf leaf, Job job) =>
        _team.Run(_chosenCount, 256L * job.Features.Length, i =>
        {
            for (int feature = _chosen[i].First; feature < _chosen[i].End; feature++)
                _smallerSplits[feature] = _mayBeSplit[feature] ? _search.Find(feature, _pool.Feature(leaf.Slot, feature), leaf.Sums, job.Rule) : default;
        });

    // Brings the derivatives into the order of the leaf's rows once, so that each feature reads them in sequence.
    private void Order(Leaf leaf, Job job)
    {
        int* rows = Rows.Rows + leaf.Start;
        GradientPair* pairs = job.Gradients.Pairs;
        GradientPair* ordered = _ordered.Pointer;
        _team.RunChunks(leaf.Count, (_, start, count) =>
        {
            for (int i = start; i < start + count; i++)
                ordered[i] = pairs[rows[i]];
        });
    }

    private bool IsOpen(in Leaf leaf, in Job job) =>
        Tree.LeafCount < _leaves.Length && (_options.MaxDepth == 0 || leaf.Depth < _options.MaxDepth) && job.Rule.CanHaveChildren(leaf.Sums);

    private Leaf Settle(Leaf leaf)
    {
        _pool.Return(leaf.Slot);
        return leaf with { Slot = -1 };
    }

    private readonly record struct Job(GradientBuffer Gradients, ReadOnlyMemory<int> Features, GainRule Rule);

    // A leaf with a slot is open: it has a best split, and its histogram is kept for its children.
    private record struct Leaf
    {
        public int Start;
        public int Count;
        public int Depth;
        public int Slot;
        public GradientSums Sums;
        public SplitCandidate Best;
    }
}
