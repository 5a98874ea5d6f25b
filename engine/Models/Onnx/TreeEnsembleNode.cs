using ChurnEngine.Models.Onnx;

namespace ChurnEngine.Models;

/// <summary>Trees as the operator <c>TreeEnsemble</c> of ai.onnx.ml opset 5, in double: the default profile.</summary>
/// <remarks>
/// The operator keeps interior nodes only; leaves are a second numbering. Node i of tree t is node <c>first[t] + i</c>, so a tree
/// comes back with the numbers it had. ONNX Runtime 1.29 takes a root for a lone leaf when the numbers of its two children are equal, even
/// if one is a node's and the other a leaf's, and then reads the wrong leaf. So no root here has equal numbers: an unused leaf is put
/// between where they would meet, and a tree of one leaf is a node with two equal leaves.
/// Source: ONNX operator TreeEnsemble-5; shared/facts-onnx.md, 3 to 6 and 14.
/// </remarks>
internal static class TreeEnsembleNode
{
    public const string OpType = "TreeEnsemble";

    private const byte LessOrEqual = 0;
    private const byte Less = 1;
    private const byte Member = 6;

    // Only these two use `less`, so they cannot be mistaken for a split of the model: nothing is below minus infinity.
    private const double EmptySetSplit = double.NegativeInfinity;
    private const double SingleLeafSplit = 0;

    public static NodeProto Write(TreeEnsemble ensemble, string input, string output)
    {
        var columns = new Columns();
        foreach (DecisionTree tree in ensemble.Trees)
            columns.Add(tree);
        // The operator wants a tree; a model without one adds nothing to its base margin.
        if (ensemble.Trees.Count == 0)
            columns.AddSingleLeaf(0);

        var node = new NodeProto { OpType = OpType, Domain = OnnxNames.TreeDomain, Name = "trees", Input = { input }, Output = { output } };
        node.Attribute.Add(OnnxValues.Int("n_targets", 1));
        node.Attribute.Add(OnnxValues.Int("aggregate_function", 1));
        node.Attribute.Add(OnnxValues.Int("post_transform", 0));
        node.Attribute.Add(OnnxValues.Ints("tree_roots", columns.Roots));
        node.Attribute.Add(OnnxValues.Ints("nodes_featureids", columns.Features));
        node.Attribute.Add(OnnxValues.Tensor<byte>("nodes_modes", columns.Modes.ToArray()));
        node.Attribute.Add(OnnxValues.Tensor<double>("nodes_splits", columns.Splits.ToArray()));
        node.Attribute.Add(OnnxValues.Ints("nodes_missing_value_tracks_true", columns.MissingTrue));
        node.Attribute.Add(OnnxValues.Ints("nodes_truenodeids", columns.True.Ids));
        node.Attribute.Add(OnnxValues.Ints("nodes_trueleafs", columns.True.AreLeaves));
        node.Attribute.Add(OnnxValues.Ints("nodes_falsenodeids", columns.False.Ids));
        node.Attribute.Add(OnnxValues.Ints("nodes_falseleafs", columns.False.AreLeaves));
        node.Attribute.Add(OnnxValues.Tensor<double>("leaf_weights", columns.LeafWeights.ToArray()));
        node.Attribute.Add(OnnxValues.Ints("leaf_targetids", columns.LeafWeights.Select(_ => 0L)));
        if (columns.Members.Count > 0)
            node.Attribute.Add(OnnxValues.Tensor<double>("membership_values", columns.Members.ToArray()));
        return node;
    }

    /// <summary>Reads back what <see cref="Write"/> wrote.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="treeCount">Trees of the model; 0 although the operator has one, when the model has none.</param>
    /// <remarks>Errors: <see cref="InvalidDataException"/>, <see cref="ArgumentOutOfRangeException"/> or <see cref="IndexOutOfRangeException"/> when the columns do not fit together.</remarks>
    public static DecisionTree[] Read(NodeProto node, int treeCount)
    {
        if (treeCount == 0)
            return [];
        var source = new Source(node);
        if (source.Roots.Count != treeCount)
            throw new InvalidDataException($"{source.Roots.Count} trees where {treeCount} were announced");
        var trees = new DecisionTree[treeCount];
        for (int tree = 0; tree < treeCount; tree++)
        {
            int first = checked((int)source.Roots[tree]);
            int end = tree + 1 < treeCount ? checked((int)source.Roots[tree + 1]) : source.Features.Count;
            trees[tree] = source.IsSingleLeaf(first) ? source.SingleLeaf(first) : source.Tree(first, end - first);
        }
        return trees;
    }

    /// <summary>One child of every node: its number, and 1 where that is a leaf's.</summary>
    private sealed class Side
    {
        public List<long> Ids { get; } = [];
        public List<long> AreLeaves { get; } = [];

        public void Add(int child, int firstNode, int firstLeaf)
        {
            Ids.Add(child >= 0 ? firstNode + child : firstLeaf + ~child);
            AreLeaves.Add(child >= 0 ? 0 : 1);
        }
    }

    private sealed class Columns
    {
        public List<long> Roots { get; } = [];
        public List<long> Features { get; } = [];
        public List<byte> Modes { get; } = [];
        public List<double> Splits { get; } = [];
        public List<long> MissingTrue { get; } = [];
        public Side True { get; } = new();
        public Side False { get; } = new();
        public List<double> LeafWeights { get; } = [];
        public List<double> Members { get; } = [];

        public void Add(DecisionTree tree)
        {
            if (tree.NodeCount == 0)
            {
                AddSingleLeaf(tree.LeafValue[0]);
                return;
            }
            int firstNode = Features.Count;
            if (IsTakenForLeaf(tree.Left[0], tree.Right[0], LeafWeights.Count - firstNode))
                LeafWeights.Add(0);
            int firstLeaf = LeafWeights.Count;
            Roots.Add(firstNode);
            for (int node = 0; node < tree.NodeCount; node++)
            {
                AddSplit(tree, node);
                True.Add(tree.Left[node], firstNode, firstLeaf);
                False.Add(tree.Right[node], firstNode, firstLeaf);
            }
            LeafWeights.AddRange(tree.LeafValue);
        }

        public void AddSingleLeaf(double value)
        {
            int firstNode = Features.Count;
            Roots.Add(firstNode);
            Features.Add(0);
            Modes.Add(Less);
            Splits.Add(SingleLeafSplit);
            MissingTrue.Add(0);
            True.Add(~0, firstNode, LeafWeights.Count);
            False.Add(~1, firstNode, LeafWeights.Count);
            LeafWeights.Add(value);
            LeafWeights.Add(value);
        }

        private static bool IsTakenForLeaf(int left, int right, int leavesAhead) =>
            left >= 0 != right >= 0 && Math.Max(left, right) == leavesAhead + ~Math.Min(left, right);

        private void AddSplit(DecisionTree tree, int node)
        {
            CategorySet? set = tree.LeftCategories[node];
            Features.Add(tree.Feature[node]);
            MissingTrue.Add(tree.MissingGoesLeft[node] ? 1 : 0);
            if (set is null || set.Codes.Count == 0)
            {
                // Runtimes read one member before they look for the end of the set.
                Modes.Add(set is null ? LessOrEqual : Less);
                Splits.Add(set is null ? tree.Threshold[node] : EmptySetSplit);
                return;
            }
            Modes.Add(Member);
            Splits.Add(0);
            Members.AddRange(set.Codes.Select(code => (double)code));
            Members.Add(double.NaN);
        }
    }

    private sealed class Source
    {
        private readonly byte[] _modes;
        private readonly double[] _splits;
        private readonly double[] _leafWeights;
        private readonly IReadOnlyList<long> _missingTrue;
        private readonly (IReadOnlyList<long> Ids, IReadOnlyList<long> AreLeaves) _true;
        private readonly (IReadOnlyList<long> Ids, IReadOnlyList<long> AreLeaves) _false;
        private readonly CategorySet?[] _sets;

        public Source(NodeProto node)
        {
            Roots = OnnxValues.ReadInts(node, "tree_roots");
            Features = OnnxValues.ReadInts(node, "nodes_featureids");
            _modes = OnnxValues.ReadTensor<byte>(node, "nodes_modes");
            _splits = OnnxValues.ReadTensor<double>(node, "nodes_splits");
            _missingTrue = OnnxValues.ReadInts(node, "nodes_missing_value_tracks_true");
            _true = (OnnxValues.ReadInts(node, "nodes_truenodeids"), OnnxValues.ReadInts(node, "nodes_trueleafs"));
            _false = (OnnxValues.ReadInts(node, "nodes_falsenodeids"), OnnxValues.ReadInts(node, "nodes_falseleafs"));
            _leafWeights = OnnxValues.ReadTensor<double>(node, "leaf_weights");
            _sets = SplitSets(_modes, OnnxValues.ReadOptionalTensor<double>(node, "membership_values"));
        }

        public IReadOnlyList<long> Roots { get; }

        public IReadOnlyList<long> Features { get; }

        public bool IsSingleLeaf(int node) => _modes[node] == Less && _splits[node] == SingleLeafSplit;

        public DecisionTree SingleLeaf(int node) => new()
        {
            Feature = [],
            Threshold = [],
            LeftCategories = [],
            MissingGoesLeft = [],
            Left = [],
            Right = [],
            LeafValue = [_leafWeights[checked((int)_true.Ids[node])]],
        };

        public DecisionTree Tree(int first, int count)
        {
            int[] all = [.. Enumerable.Range(first, count)];
            // The leaves of a tree follow one another in its own order; the lowest is its first.
            long firstLeaf = all.SelectMany(i => LeavesOf(i)).Min();
            return new()
            {
                Feature = [.. all.Select(i => checked((int)Features[i]))],
                Threshold = [.. all.Select(i => _sets[i] is null ? (float)_splits[i] : float.NaN)],
                LeftCategories = [.. all.Select(i => _sets[i])],
                MissingGoesLeft = [.. all.Select(i => _missingTrue[i] == 1)],
                Left = [.. all.Select(i => Child(_true, i, first, firstLeaf))],
                Right = [.. all.Select(i => Child(_false, i, first, firstLeaf))],
                LeafValue = _leafWeights.AsSpan(checked((int)firstLeaf), count + 1).ToArray(),
            };
        }

        private IEnumerable<long> LeavesOf(int node)
        {
            if (_true.AreLeaves[node] == 1)
                yield return _true.Ids[node];
            if (_false.AreLeaves[node] == 1)
                yield return _false.Ids[node];
        }

        private static int Child((IReadOnlyList<long> Ids, IReadOnlyList<long> AreLeaves) side, int node, int firstNode, long firstLeaf) =>
            side.AreLeaves[node] == 1 ? ~checked((int)(side.Ids[node] - firstLeaf)) : checked((int)(side.Ids[node] - firstNode));

        private static CategorySet?[] SplitSets(byte[] modes, double[] members)
        {
            var sets = new CategorySet?[modes.Length];
            int next = 0;
            for (int node = 0; node < modes.Length; node++)
            {
                if (modes[node] is not (Member or Less))
                    continue;
                var codes = new List<int>();
                while (modes[node] == Member && next < members.Length && !double.IsNaN(members[next]))
                    codes.Add(checked((int)members[next++]));
                next += modes[node] == Member ? 1 : 0;
                sets[node] = new CategorySet(codes);
            }
            return sets;
        }
    }
}
