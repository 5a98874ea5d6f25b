namespace ChurnEngine.Trainer;

/// <summary>A split in its tree.</summary>
/// <param name="Node">Its number.</param>
/// <param name="Depth">Splits above it.</param>
/// <param name="Sums">Sums of the node that was split.</param>
/// <param name="Rule">What its units are.</param>
internal readonly record struct GrownSplit(int Node, int Depth, GradientSums Sums, GainRule Rule);

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
    private readonly NodeFeatures _features;
    private readonly bool[] _splitsSmaller;
    private readonly bool[] _splitsLarger;
    private readonly bool[] _blocks;
    private readonly int[] _chosen;
    private readonly Action<int> _searchBundle;
    private Children _children;
    private int _chosenCount;

    public TreeGrower(BinnedMatrix matrix, BoosterOptions options, NodeFeatures features, WorkTeam team, ISplitRule? splitRule = null)
    {
        _matrix = matrix;
        _features = features;
        _options = options;
        _team = team;
        _pool = new HistogramPool(matrix.Bundles);
        _search = new SplitSearch(matrix, options, splitRule);
        _histograms = HistogramBuilder.Create(options.QuantizedGradients, matrix, team);
        _smallerSplits = new SplitCandidate[matrix.FeatureCount];
        _largerSplits = new SplitCandidate[matrix.FeatureCount];
        _splitsSmaller = new bool[matrix.FeatureCount];
        _splitsLarger = new bool[matrix.FeatureCount];
        _blocks = new bool[matrix.Blocks];
        _chosen = new int[matrix.Bundles.Length];
        int mostLeaves = (int)Math.Min(options.MaxLeaves, Math.Max(2, matrix.RowCount / options.MinRowsInLeaf));
        _leaves = new Leaf[mostLeaves];
        Tree = new GrownTree(mostLeaves);
        Rows = new RowPartition(matrix.RowCount, team);
        _searchBundle = SearchBundle;
    }

    /// <summary>The tree grown last.</summary>
    public GrownTree Tree { get; }

    /// <summary>Told of every split; null: nobody.</summary>
    public Action<SplitCandidate, GrownSplit>? OnSplit { get; init; }

    /// <summary>The rows to grow on, and after growing the rows of each leaf.</summary>
    public RowPartition Rows { get; }

    /// <summary>Draws the rows of a tree, and takes their derivatives at the present margins, rounded as they then weigh.</summary>
    /// <param name="sampler">Draws.</param>
    /// <param name="gradients">Filled.</param>
    /// <param name="rows">Rows with their margins and what is minimised.</param>
    /// <param name="tree">Number of the tree.</param>
    public void TakeRows(IRowSampler sampler, GradientBuffer gradients, MarginSet rows, int tree)
    {
        if (sampler.KeepsAll)
        {
            Rows.TakeAll();
            gradients.DeriveRounded(rows.Objective, rows.Margins, rows.LossRows, tree, _team);
            return;
        }
        gradients.Derive(rows.Objective, rows.Margins, rows.LossRows, _team);
        sampler.StartTree(tree, gradients.Ranks(_team));
        Rows.TakeSome((chunk, kept) => gradients.Sample(sampler, tree, chunk, kept));
        gradients.Round(tree, _team);
    }

    /// <summary>Grows a tree on the rows that <see cref="Rows"/> holds.</summary>
    /// <param name="gradients">Derivatives of all rows.</param>
    /// <param name="number">Number of the tree, which keys what is drawn.</param>
    public void Grow(GradientBuffer gradients, int number)
    {
        var job = new Job(gradients, new GainRule(_options, gradients.GradientUnit, gradients.HessianUnit), number);
        Tree.Clear();
        Choose(_features.StartTree(number));
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
            Tree.LeafValues[leaf] = _leaves[leaf].RuleOf(job).LeafValue(_leaves[leaf].Sums) * _options.LearningRate;
        }
    }

    /// <summary>The row ids of a leaf of the tree grown last.</summary>
    public ReadOnlySpan<int> RowsOf(int leaf) => Rows.Of(_leaves[leaf].Rows);

    /// <summary>A value for a leaf of the tree grown last, moved to where monotone constraints let it be.</summary>
    public double Clip(int leaf, double value) => Math.Clamp(value, _leaves[leaf].Lower, _leaves[leaf].Upper);

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
        Array.Clear(_smallerSplits);
        Array.Clear(_largerSplits);
        Array.Clear(_blocks);
        Array.Clear(_splitsSmaller);
        foreach (int feature in features)
            _splitsSmaller[feature] = true;
        _splitsSmaller.CopyTo(_splitsLarger, 0);
        _chosenCount = 0;
        for (int bundle = 0; bundle < _matrix.Bundles.Length; bundle++)
        {
            if (!_matrix.Bundles[bundle].Features.Any(feature => _splitsSmaller[feature]))
                continue;
            _chosen[_chosenCount++] = bundle;
            _blocks[bundle / _matrix.BlockColumns] = true;
        }
    }

    private Leaf Root(in Job job)
    {
        var root = new Leaf { Rows = Rows.All, Slot = _pool.Rent(), Place = NodePlace.Root, Lower = double.NegativeInfinity, Upper = double.PositiveInfinity };
        _histograms.Count(root.Rows.Count == _matrix.RowCount ? null : Rows.Pointer(root.Rows), root.Rows.Count, job.Gradients.Pairs, _blocks);
        _team.Run(_chosenCount, _chosenCount * BundleWork, i => _histograms.Collect(_chosen[i], _pool.Sums(root.Slot, _chosen[i])));
        // Every bundle's histogram holds every row, so any one of them gives the sums of the node.
        BinSums any = _pool.Sums(root.Slot, _chosen[0]);
        for (int code = 0; code < any.Count; code++)
            root.Sums += any[code];
        if (!IsOpen(root, job))
            return Settle(root);
        Mark(root, _splitsSmaller);
        NodeQuery query = QueryOf(root, job);
        _team.Run(_chosenCount, _chosenCount * BundleWork, i =>
            _search.Find(_matrix.Bundles[_chosen[i]], _pool.Sums(root.Slot, _chosen[i]), query, _splitsSmaller, _smallerSplits));
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
        GrowthPolicy.DepthWise when a.Place.Depth != b.Place.Depth => a.Place.Depth < b.Place.Depth,
        _ => a.Best.Gain > b.Best.Gain,
    };

    private void Split(int leaf, in Job job)
    {
        Leaf parent = _leaves[leaf];
        SplitCandidate split = parent.Best;
        int bundle = _matrix.Bins.Bundles.BundleOf[split.Feature], member = _matrix.Bins.Bundles.MemberOf[split.Feature];
        BinSet leftCodes = _matrix.Bundles[bundle].CodesWith(member, split.LeftBins);
        RowRange rows = parent.Rows;
        int lefts = Rows.Split(rows, _matrix.Column(bundle), leftCodes);
        int newLeaf = Tree.Split(leaf, split, bundle, leftCodes);
        OnSplit?.Invoke(split, new GrownSplit(newLeaf - 1, parent.Place.Depth, parent.Sums, job.Rule));
        ulong groups = _features.GroupsOf(split.Feature);
        Leaf left = parent with { Rows = new RowRange(rows.Start, lefts, 1 - rows.Side), Sums = split.Left, Slot = -1, Best = default, Place = parent.Place.Child(right: false, groups) };
        Leaf right = parent with { Rows = new RowRange(rows.Start + lefts, rows.Count - lefts, 1 - rows.Side), Sums = parent.Sums - split.Left, Slot = -1, Best = default, Place = parent.Place.Child(right: true, groups) };
        Bound(ref left, ref right, _search.DirectionOf(split.Feature), parent.RuleOf(job));
        if (left.Rows.Count <= right.Rows.Count)
            Search(ref left, ref right, parent.Slot, job);
        else
            Search(ref right, ref left, parent.Slot, job);
        _leaves[leaf] = left;
        _leaves[newLeaf] = right;
    }

    // Counts the smaller child, takes it away from the parent, and searches both, bundle by bundle.
    private void Search(ref Leaf smaller, ref Leaf larger, int parentSlot, in Job job)
    {
        bool searchSmaller = IsOpen(smaller, job), searchLarger = IsOpen(larger, job);
        larger.Slot = parentSlot;
        if (searchSmaller || searchLarger)
        {
            smaller.Slot = _pool.Rent();
            _children = new Children(smaller.Slot, larger.Slot, searchSmaller, searchLarger, QueryOf(smaller, job), QueryOf(larger, job));
            Mark(smaller, _splitsSmaller);
            Mark(larger, _splitsLarger);
            _histograms.Count(Rows.Pointer(smaller.Rows), smaller.Rows.Count, job.Gradients.Pairs, _blocks);
            _team.Run(_chosenCount, _chosenCount * BundleWork, _searchBundle);
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

    private void SearchBundle(int item)
    {
        ref readonly Children children = ref _children;
        FeatureBundle bundle = _matrix.Bundles[_chosen[item]];
        BinSums small = _pool.Sums(children.SmallerSlot, _chosen[item]), large = _pool.Sums(children.LargerSlot, _chosen[item]);
        _histograms.Collect(_chosen[item], small);
        if (children.SearchSmaller)
            _search.Find(bundle, small, children.Smaller, _splitsSmaller, _smallerSplits);
        if (!children.SearchLarger)
            return;
        HistogramPool.Subtract(large, small);
        _search.Find(bundle, large, children.Larger, _splitsLarger, _largerSplits);
    }

    private NodeQuery QueryOf(in Leaf leaf, in Job job) =>
        new(leaf.Sums, leaf.RuleOf(job), leaf.Place.Depth, _options.RandomThresholds ? KeyedRandom.Bits(_options.Seed, (ulong)job.Number, leaf.Place.Path) : 0);

    private void Mark(in Leaf leaf, Span<bool> mayBeSplit)
    {
        if (_features.VaryByNode)
            _features.Mark(leaf.Place, mayBeSplit);
    }

    // Children of a monotone split stay on their sides of the middle, and so does all that grows from them.
    private static void Bound(ref Leaf left, ref Leaf right, int direction, in GainRule rule)
    {
        if (direction == 0)
            return;
        double middle = (rule.LeafValue(left.Sums) + rule.LeafValue(right.Sums)) / 2;
        if (direction > 0)
            (left.Upper, right.Lower) = (middle, middle);
        else
            (left.Lower, right.Upper) = (middle, middle);
    }

    private bool IsOpen(in Leaf leaf, in Job job) =>
        Tree.LeafCount < _leaves.Length && (_options.MaxDepth == 0 || leaf.Place.Depth < _options.MaxDepth) && job.Rule.CanHaveChildren(leaf.Sums);

    private Leaf Settle(Leaf leaf)
    {
        _pool.Return(leaf.Slot);
        return leaf with { Slot = -1 };
    }

    // The pair that the threads are searching: a field, since what a lambda held would be new memory for each split.
    private readonly record struct Children(int SmallerSlot, int LargerSlot, bool SearchSmaller, bool SearchLarger, NodeQuery Smaller, NodeQuery Larger);

    private readonly record struct Job(GradientBuffer Gradients, GainRule Rule, int Number);

    // A leaf with a slot is open: it has a best split, and its histogram is kept for its children.
    private record struct Leaf
    {
        public RowRange Rows;
        public int Slot;
        public NodePlace Place;
        public double Lower;
        public double Upper;
        public GradientSums Sums;
        public SplitCandidate Best;

        public readonly GainRule RuleOf(in Job job) => job.Rule with { Lower = Lower, Upper = Upper };
    }
}
