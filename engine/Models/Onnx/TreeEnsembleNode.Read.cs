using ChurnEngine.Models.Onnx;

namespace ChurnEngine.Models;

internal static partial class TreeEnsembleNode
{
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
            if (first < 0 || end > source.Features.Count || end <= first)
                throw new InvalidDataException($"tree {tree} begins at node {first} and ends before node {end} of {source.Features.Count}");
            trees[tree] = source.IsSingleLeaf(first) ? source.SingleLeaf(first) : source.Tree(first, end - first);
        }
        return trees;
    }

    /// <summary>Bits that the sets of a model may take together: a quarter of a gigabyte.</summary>
    public const long MostSetBits = 1L << 31;

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
            long bits = 0;
            for (int node = 0; node < modes.Length; node++)
            {
                if (modes[node] == LessOrEqual)
                    continue;
                if (modes[node] is not (Member or Less))
                    throw new InvalidDataException($"node {node} has mode {modes[node]}, which no tree of this engine has");
                var codes = new List<int>();
                while (modes[node] == Member && next < members.Length && !double.IsNaN(members[next]))
                    codes.Add(checked((int)members[next++] - SetShift));
                next += modes[node] == Member ? 1 : 0;
                // A set takes as many bits as its greatest code, however few codes it has.
                bits += codes.Count == 0 ? 0 : codes.Max();
                if (bits > MostSetBits)
                    throw new InvalidDataException("its sets of categories would fill the memory");
                sets[node] = new CategorySet(codes);
            }
            return sets;
        }
    }
}
