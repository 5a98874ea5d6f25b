using ChurnEngine.Models.Onnx;

namespace ChurnEngine.Models;

/// <summary>Trees as the operator <c>TreeEnsembleRegressor</c> of ai.onnx.ml opset 3, in float: the compatible profile.</summary>
/// <remarks>
/// The operator has no membership test: a set becomes a chain of equality tests that share their true child.
/// <code>
///   x in {2, 5}      x == 2 --true--> L
///   /        \   =     | false
///  L          R      x == 5 --true--> L
///                      | false
///                      R
/// </code>
/// Source: ONNX operator TreeEnsembleRegressor-3.
/// </remarks>
internal static class TreeRegressorNode
{
    public const string OpType = "TreeEnsembleRegressor";

    private const string LessOrEqual = "BRANCH_LEQ";
    private const string Less = "BRANCH_LT";
    private const string Equal = "BRANCH_EQ";
    private const string Leaf = "LEAF";

    public static NodeProto Write(TreeEnsemble ensemble, string input, string output)
    {
        var columns = new Columns();
        foreach (DecisionTree tree in ensemble.Trees)
            columns.Add(tree);
        if (ensemble.Trees.Count == 0)
            columns.AddLeaf(0, 0, 0);

        var node = new NodeProto { OpType = OpType, Domain = OnnxNames.TreeDomain, Name = "trees", Input = { input }, Output = { output } };
        node.Attribute.Add(OnnxValues.Int("n_targets", 1));
        node.Attribute.Add(OnnxValues.Text("aggregate_function", "SUM"));
        node.Attribute.Add(OnnxValues.Text("post_transform", "NONE"));
        node.Attribute.Add(OnnxValues.Ints("nodes_treeids", columns.Trees));
        node.Attribute.Add(OnnxValues.Ints("nodes_nodeids", columns.Nodes));
        node.Attribute.Add(OnnxValues.Ints("nodes_featureids", columns.Features));
        node.Attribute.Add(OnnxValues.Texts("nodes_modes", columns.Modes));
        node.Attribute.Add(OnnxValues.Floats("nodes_values", columns.Values));
        node.Attribute.Add(OnnxValues.Ints("nodes_missing_value_tracks_true", columns.MissingTrue));
        node.Attribute.Add(OnnxValues.Ints("nodes_truenodeids", columns.True));
        node.Attribute.Add(OnnxValues.Ints("nodes_falsenodeids", columns.False));
        node.Attribute.Add(OnnxValues.Ints("target_treeids", columns.LeafTrees));
        node.Attribute.Add(OnnxValues.Ints("target_nodeids", columns.LeafNodes));
        node.Attribute.Add(OnnxValues.Ints("target_ids", columns.LeafTrees.Select(_ => 0L)));
        node.Attribute.Add(OnnxValues.Floats("target_weights", columns.LeafWeights));
        return node;
    }

    /// <summary>Reads back what <see cref="Write"/> wrote; a chain of equality tests becomes a set again.</summary>
    /// <remarks>Errors: as <see cref="TreeEnsembleNode.Read"/>.</remarks>
    public static DecisionTree[] Read(NodeProto node, int treeCount)
    {
        if (treeCount == 0)
            return [];
        var source = new Source(node);
        if (treeCount > source.RowCount)
            throw new InvalidDataException($"{source.RowCount} rows of nodes where {treeCount} trees were announced");
        var trees = new DecisionTree[treeCount];
        int next = 0;
        for (int tree = 0; tree < treeCount; tree++)
            trees[tree] = source.Tree(tree, ref next);
        return trees;
    }

    private sealed class Columns
    {
        private int _tree;

        public List<long> Trees { get; } = [];
        public List<long> Nodes { get; } = [];
        public List<long> Features { get; } = [];
        public List<string> Modes { get; } = [];
        public List<float> Values { get; } = [];
        public List<long> MissingTrue { get; } = [];
        public List<long> True { get; } = [];
        public List<long> False { get; } = [];
        public List<long> LeafTrees { get; } = [];
        public List<long> LeafNodes { get; } = [];
        public List<float> LeafWeights { get; } = [];

        /// <summary>Interior nodes in the tree's order, a set taking as many as it has codes; then the leaves.</summary>
        public void Add(DecisionTree tree)
        {
            int[] first = new int[tree.NodeCount + 1];
            for (int node = 0; node < tree.NodeCount; node++)
                first[node + 1] = first[node] + Math.Max(1, tree.LeftCategories[node]?.Codes.Count ?? 1);

            int Id(int child) => child >= 0 ? first[child] : first[^1] + ~child;
            for (int node = 0; node < tree.NodeCount; node++)
            {
                float[] values = ValuesOf(tree, node);
                for (int link = 0; link < values.Length; link++)
                {
                    Trees.Add(_tree);
                    Nodes.Add(first[node] + link);
                    Features.Add(tree.Feature[node]);
                    Modes.Add(ModeOf(tree.LeftCategories[node]));
                    Values.Add(values[link]);
                    MissingTrue.Add(tree.MissingGoesLeft[node] ? 1 : 0);
                    True.Add(Id(tree.Left[node]));
                    False.Add(link + 1 < values.Length ? first[node] + link + 1 : Id(tree.Right[node]));
                }
            }
            for (int leaf = 0; leaf < tree.LeafCount; leaf++)
                AddLeaf(_tree, first[^1] + leaf, tree.LeafValue[leaf]);
            _tree++;
        }

        public void AddLeaf(int tree, int id, double value)
        {
            Trees.Add(tree);
            Nodes.Add(id);
            Features.Add(0);
            Modes.Add(Leaf);
            Values.Add(0);
            MissingTrue.Add(0);
            True.Add(0);
            False.Add(0);
            LeafTrees.Add(tree);
            LeafNodes.Add(id);
            LeafWeights.Add((float)value);
        }

        private static string ModeOf(CategorySet? set) => set is null ? LessOrEqual : set.Codes.Count == 0 ? Less : Equal;

        private static float[] ValuesOf(DecisionTree tree, int node) => tree.LeftCategories[node] switch
        {
            null => [tree.Threshold[node]],
            { Codes.Count: 0 } => [float.NegativeInfinity],
            { } set => [.. set.Codes.Select(code => (float)code)],
        };
    }

    private sealed class Source(NodeProto node)
    {
        private readonly IReadOnlyList<long> _trees = OnnxValues.ReadInts(node, "nodes_treeids");
        private readonly IReadOnlyList<long> _features = OnnxValues.ReadInts(node, "nodes_featureids");
        private readonly string[] _modes = OnnxValues.ReadTexts(node, "nodes_modes");
        private readonly IReadOnlyList<float> _values = OnnxValues.ReadFloats(node, "nodes_values");
        private readonly IReadOnlyList<long> _missingTrue = OnnxValues.ReadInts(node, "nodes_missing_value_tracks_true");
        private readonly IReadOnlyList<long> _true = OnnxValues.ReadInts(node, "nodes_truenodeids");
        private readonly IReadOnlyList<long> _false = OnnxValues.ReadInts(node, "nodes_falsenodeids");
        private readonly IReadOnlyList<float> _leafWeights = OnnxValues.ReadFloats(node, "target_weights");
        private int _nextLeaf;
        private long _setBits;

        public int RowCount => _trees.Count;

        public DecisionTree Tree(int tree, ref int next)
        {
            int start = next;
            while (next < _trees.Count && _trees[next] == tree)
                next++;
            int leafCount = _modes.AsSpan(start, next - start).Count(Leaf);
            int firstLeafId = next - start - leafCount;

            // heads: the rows where a node of the tree begins; chains are one node.
            int[] heads = [.. Enumerable.Range(start, firstLeafId).Where(row => row == start || !Continues(row))];
            var nodeOf = new Dictionary<long, int>();
            for (int i = 0; i < heads.Length; i++)
                nodeOf[heads[i] - start] = i;
            int Child(long id) => id >= firstLeafId ? ~checked((int)id - firstLeafId) : nodeOf[id];
            int Last(int i) => (i + 1 < heads.Length ? heads[i + 1] : start + firstLeafId) - 1;

            int[] all = [.. Enumerable.Range(0, heads.Length)];
            int firstLeaf = _nextLeaf;
            _nextLeaf += leafCount;
            return new()
            {
                Feature = [.. heads.Select(row => checked((int)_features[row]))],
                Threshold = [.. heads.Select(row => _modes[row] == LessOrEqual ? _values[row] : float.NaN)],
                LeftCategories = [.. all.Select(i => SetOf(heads[i], Last(i)))],
                MissingGoesLeft = [.. heads.Select(row => _missingTrue[row] == 1)],
                Left = [.. heads.Select(row => Child(_true[row]))],
                Right = [.. all.Select(i => Child(_false[Last(i)]))],
                LeafValue = [.. _leafWeights.Skip(firstLeaf).Take(leafCount).Select(value => (double)value)],
            };
        }

        // Two sets of one tree never share a true child, so a shared one means the same chain.
        private bool Continues(int row) =>
            _modes[row] == Equal && _modes[row - 1] == Equal && _features[row] == _features[row - 1] && _true[row] == _true[row - 1];

        private CategorySet? SetOf(int first, int last)
        {
            if (_modes[first] is LessOrEqual)
                return null;
            if (_modes[first] is not (Less or Equal))
                throw new InvalidDataException($"a node has mode {_modes[first]}, which no tree of this engine has");
            int[] codes = _modes[first] == Less ? [] : [.. Enumerable.Range(first, last - first + 1).Select(row => checked((int)_values[row]))];
            _setBits += codes.Length == 0 ? 0 : codes.Max();
            return _setBits <= TreeEnsembleNode.MostSetBits ? new CategorySet(codes) : throw new InvalidDataException("its sets of categories would fill the memory");
        }
    }
}
