using ChurnEngine.Models.Onnx;

namespace ChurnEngine.Models;

/// <summary>Trees as the operator <c>TreeEnsemble</c> of ai.onnx.ml opset 5, in double: the default profile.</summary>
/// <remarks>
/// The operator keeps interior nodes only; leaves are a second numbering. Node i of tree t is node <c>first[t] + i</c>, so a tree
/// comes back with the numbers it had. ONNX Runtime 1.29 takes a root for a lone leaf when the numbers of its two children are equal, even
/// if one is a node's and the other a leaf's, and then reads the wrong leaf. So no root here has equal numbers: an unused leaf is put
/// between where they would meet, and a tree of one leaf is a node with two equal leaves.
/// Where sets are asked for, ONNX Runtime turns the value into an integer first, and on WebAssembly and ARM a NaN becomes 0: a missing value
/// would be a member of every set that holds the code 0. So features with sets come in with 1 added, and no set holds 0.
/// Source: ONNX operator TreeEnsemble-5; shared/facts-onnx.md, 3 to 6 and 14.
/// </remarks>
internal static partial class TreeEnsembleNode
{
    public const string OpType = "TreeEnsemble";

    private const byte LessOrEqual = 0;
    private const byte Less = 1;
    private const byte Member = 6;

    // Only these two use `less`, so they cannot be mistaken for a split of the model: nothing is below minus infinity.
    private const double EmptySetSplit = double.NegativeInfinity;
    private const double SingleLeafSplit = 0;

    private const int SetShift = 1;

    /// <summary>[F] what the graph adds to each feature before the operator: 1 where the trees ask for sets, else 0.</summary>
    public static double[] CodeShift(TreeEnsemble ensemble)
    {
        double[] shift = new double[ensemble.FeatureCount];
        foreach (DecisionTree tree in ensemble.Trees)
        {
            for (int node = 0; node < tree.NodeCount; node++)
            {
                if (tree.LeftCategories[node] is not null)
                    shift[tree.Feature[node]] = SetShift;
            }
        }
        return shift;
    }

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
            Members.AddRange(set.Codes.Select(code => (double)code + SetShift));
            Members.Add(double.NaN);
        }
    }
}
