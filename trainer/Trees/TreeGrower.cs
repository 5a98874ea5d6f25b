namespace ChurnEngine.Trainer;

/// <summary>Grows one tree after another: picks a leaf, parts its rows, searches its children, until nothing is worth splitting.</summary>
/// <remarks>
/// Of two children only the smaller is counted; the histogram of the larger is what is left of the parent's.
/// Memory: 8 bytes a row, and 24 bytes a code and open leaf. Source: Ke et al. 2017 (leaf-wise growth, subtraction).
/// </remarks>
internal sealed unsafe class TreeGrower : IDisposable
{
    // To collect, subtract and search one bundle takes about so many nanoseconds.
    private const long BundleWork = 1_000;
    private readonly BinnedMatrix _matrix;
    private readonly BoosterOptions _options;
    private readonly WorkTeam _team;
    private readonly HistogramPool _pool;
    private readonly SplitSearch _search;
    private readonly HistogramBuilder _histograms;
    private readonly SplitCandidate[] _smallerSplits;
    private readonly SplitCandidate[] _largerSplits;
    private readonly Leaf[] _leaves;
    private readonly bool[] _mayBeSplit;
    private readonly bool[] _blocks;
    private readonly int[] _chosen;
    private int _chosenCount;

    public TreeGrower(BinnedMatrix matrix, BoosterOptions options, WorkTeam team)
    {
        _matrix = matrix;
        _options = options;
        _team = team;
        _pool = new HistogramPool(matrix.Bundles);
        _search = new SplitSearch(matrix, options);
        _histograms = HistogramBuilder.Create(options.QuantizedGradients, matrix, team);
        _smallerSplits = new SplitCandidate[matrix.FeatureCount];
        _largerSplits = new SplitCandidate[matrix.FeatureCount];
        _mayBeSplit = new bool[matrix.FeatureCount];
        _blocks = new bool[matrix.RowStride / HistogramKernel.BlockColumns];
        _chosen = new int[matrix.Bundles.Length];
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
        _histograms.Dispose();
        Rows.Dispose();
    }

    // Histograms are counted by blocks of bundles; those of which no feature is chosen are left out.
    private void Choose(ReadOnlySpan<int> features)
    {
        Array.Clear(_mayBeSplit);
        Array.Clear(_smallerSplits);
        Array.Clear(_largerSplits);
        Array.Clear(_blocks);
        foreach (int feature in features)
            _mayBeSplit[feature] = true;
        _chosenCount = 0;
        for (int bundle = 0; bundle < _matrix.Bundles.Length; bundle++)
        {
            if (!_matrix.Bundles[bundle].Features.Any(feature => _mayBeSplit[feature]))
                continue;
            _chosen[_chosenCount++] = bundle;
            _blocks[bundle / HistogramKernel.BlockColumns] = true;
        }
    }

    private Leaf Root(in Job job)
    {
        var root = new Leaf { Count = Rows.Count, Slot = _pool.Rent() };
        _histograms.Count(root.Count == _matrix.RowCount ? null : Rows.Rows, root.Count, job.Gradients.Pairs, _blocks);
        _team.Run(_chosenCount, _chosenCount * BundleWork, i => _histograms.Collect(_chosen[i], _pool.Sums(root.Slot, _chosen[i])));
        // Every bundle's histogram holds every row, so any one of them gives the sums of the node.
        BinSums any = _pool.Sums(root.Slot, _chosen[0]);
        for (int code = 0; code < any.Count; code++)
            root.Sums += any[code];
        if (!IsOpen(root, job))
            return Settle(root);
        Job shared = job;
        _team.Run(_chosenCount, _chosenCount * BundleWork, i =>
            _search.Find(_matrix.Bundles[_chosen[i]], _pool.Sums(root.Slot, _chosen[i]), root.Sums, shared.Rule, _mayBeSplit, _smallerSplits));
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
        int bundle = _matrix.Bins.Bundles.BundleOf[split.Feature], member = _matrix.Bins.Bundles.MemberOf[split.Feature];
        BinSet leftCodes = _matrix.Bundles[bundle].CodesWith(member, split.LeftBins);
        int lefts = Rows.Split(parent.Start, parent.Count, _matrix.Column(bundle), leftCodes);
        int newLeaf = Tree.Split(leaf, split, bundle, leftCodes);
        var left = new Leaf { Start = parent.Start, Count = lefts, Depth = parent.Depth + 1, Sums = split.Left, Slot = -1 };
        var right = new Leaf { Start = parent.Start + lefts, Count = parent.Count - lefts, Depth = parent.Depth + 1, Sums = parent.Sums - split.Left, Slot = -1 };
        if (left.Count <= right.Count)
            Search(ref left, ref right, parent.Slot, job);
        else
            Search(ref right, ref left, parent.Slot, job);
        _leaves[leaf] = left;
        _leaves[newLeaf] = right;
    }

    // Counts the smaller child, takes it away from the parent, and searches both, bundle by bundle.
    private void Search(ref Leaf smaller, ref Leaf larger, int parentSlot, Job job)
    {
        bool searchSmaller = IsOpen(smaller, job), searchLarger = IsOpen(larger, job);
        larger.Slot = parentSlot;
        if (searchSmaller || searchLarger)
        {
            smaller.Slot = _pool.Rent();
            (Leaf small, Leaf large) = (smaller, larger);
            _histograms.Count(Rows.Rows + small.Start, small.Count, job.Gradients.Pairs, _blocks);
            _team.Run(_chosenCount, _chosenCount * BundleWork, i =>
            {
                FeatureBundle bundle = _matrix.Bundles[_chosen[i]];
                BinSums smallSums = _pool.Sums(small.Slot, _chosen[i]), largeSums = _pool.Sums(large.Slot, _chosen[i]);
                _histograms.Collect(_chosen[i], smallSums);
                if (searchSmaller)
                    _search.Find(bundle, smallSums, small.Sums, job.Rule, _mayBeSplit, _smallerSplits);
                if (!searchLarger)
                    return;
                HistogramPool.Subtract(largeSums, smallSums);
                _search.Find(bundle, largeSums, large.Sums, job.Rule, _mayBeSplit, _largerSplits);
            });
            if (searchSmaller)
                smaller.Best = _search.Best(_smallerSplits);
            if (searchLarger)
                larger.Best = _search.Best(_largerSplits);
        }
        if (!smaller.Best.Exists)
            smaller = Settle(smaller);
        if (!larger.Best.Exists)
            larger = Settle(larger);
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
