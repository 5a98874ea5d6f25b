using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>A tree over bins while it grows; one instance serves all trees of a booster.</summary>
/// <remarks>Nodes are numbered as in <see cref="DecisionTree"/>. A leaf that is split keeps its number for its left child.</remarks>
internal sealed unsafe class GrownTree(int maxLeaves)
{
    private readonly Node[] _nodes = new Node[maxLeaves - 1];
    private readonly int[] _parentOfLeaf = new int[maxLeaves];
    private readonly double[] _leafValues = new double[maxLeaves];
    private readonly double[] _leafCover = new double[maxLeaves];

    public int NodeCount { get; private set; }

    public int LeafCount => NodeCount + 1;

    /// <summary>[leaves] value of each leaf, shrinkage included.</summary>
    public Span<double> LeafValues => _leafValues.AsSpan(0, LeafCount);

    /// <summary>[leaves] training rows in each leaf, weighted.</summary>
    public Span<double> LeafCover => _leafCover.AsSpan(0, LeafCount);

    /// <summary>Adds each split's gain to its feature, and counts it there.</summary>
    /// <param name="importance">[F].</param>
    public void AddTo(Span<FeatureImportance> importance)
    {
        foreach (Node node in _nodes.AsSpan(0, NodeCount))
        {
            ref FeatureImportance sum = ref importance[node.Feature];
            sum = new FeatureImportance(sum.Gain + node.Gain, sum.Splits + 1);
        }
    }

    /// <summary>Starts over with one leaf.</summary>
    public void Clear()
    {
        NodeCount = 0;
        _parentOfLeaf[0] = -1;
    }

    /// <summary>Splits a leaf; returns the number of the new leaf, on the right.</summary>
    /// <param name="leaf">Leaf.</param>
    /// <param name="split">How it is split.</param>
    /// <param name="bundle">The bundle that holds the split's feature.</param>
    /// <param name="leftCodes">The codes of that bundle that go left.</param>
    public int Split(int leaf, in SplitCandidate split, int bundle, BinSet leftCodes)
    {
        int node = NodeCount++, newLeaf = node + 1, parent = _parentOfLeaf[leaf];
        if (parent >= 0)
            _nodes[parent].ReplaceChild(~leaf, node);
        _nodes[node] = new Node
        {
            Feature = split.Feature,
            Gain = split.Gain,
            LastLeftBin = split.LastLeftBin,
            LeftBins = split.LeftBins,
            Bundle = bundle,
            LeftCodes = leftCodes,
            MissingGoesLeft = split.MissingGoesLeft,
            Left = ~leaf,
            Right = ~newLeaf,
        };
        _parentOfLeaf[leaf] = _parentOfLeaf[newLeaf] = node;
        return newLeaf;
    }

    /// <summary>Sets a leaf's cover to the weights of its rows; without weights each counts 1.</summary>
    public void SetCover(int leaf, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights)
    {
        double cover = weights.IsEmpty ? rows.Length : 0;
        for (int i = 0; !weights.IsEmpty && i < rows.Length; i++)
            cover += weights[rows[i]];
        LeafCover[leaf] = cover;
    }

    /// <summary>The leaf value of one row.</summary>
    public double ValueOf(BinnedMatrix matrix, int row) => _leafValues[FindLeaf(matrix, row)];

    /// <summary>Adds each row's leaf value to its margin.</summary>
    /// <param name="matrix">Rows, binned by the training mappers.</param>
    /// <param name="margins">[N].</param>
    /// <param name="team">Runs chunks of rows.</param>
    public void AddTo(BinnedMatrix matrix, NativeBuffer<double> margins, WorkTeam team) =>
        team.RunChunks(matrix.RowCount, (_, start, count) =>
        {
            for (int row = start; row < start + count; row++)
                margins[row] += ValueOf(matrix, row);
        });

    /// <summary>The tree over values.</summary>
    public DecisionTree ToDecisionTree(FeatureBins bins)
    {
        ReadOnlySpan<Node> nodes = _nodes.AsSpan(0, NodeCount);
        var tree = new DecisionTree
        {
            Feature = new int[NodeCount],
            Threshold = new float[NodeCount],
            LeftCategories = new CategorySet?[NodeCount],
            MissingGoesLeft = new bool[NodeCount],
            Left = new int[NodeCount],
            Right = new int[NodeCount],
            LeafValue = LeafValues.ToArray(),
            LeafCover = LeafCover.ToArray(),
        };
        for (int i = 0; i < nodes.Length; i++)
        {
            Node node = nodes[i];
            BinMapper mapper = bins.Mappers[node.Feature];
            bool numeric = mapper.Kind == FeatureKind.Numeric;
            tree.Feature[i] = node.Feature;
            tree.Threshold[i] = numeric ? mapper.UpperEdges[node.LastLeftBin] : float.NaN;
            tree.LeftCategories[i] = numeric ? null : new CategorySet(mapper.Codes.Where((_, bin) => node.LeftBins.Contains(bin)));
            tree.MissingGoesLeft[i] = node.MissingGoesLeft;
            tree.Left[i] = node.Left;
            tree.Right[i] = node.Right;
        }
        return tree;
    }

    private int FindLeaf(BinnedMatrix matrix, int row)
    {
        byte* codes = matrix.Row(row);
        int at = NodeCount == 0 ? ~0 : 0;
        while (at >= 0)
        {
            ref readonly Node node = ref _nodes[at];
            at = node.LeftCodes.Contains(codes[node.Bundle]) ? node.Left : node.Right;
        }
        return ~at;
    }

    private struct Node
    {
        public int Feature;
        public double Gain;
        public int LastLeftBin;
        public BinSet LeftBins;
        public int Bundle;
        public BinSet LeftCodes;
        public bool MissingGoesLeft;
        public int Left;
        public int Right;

        public void ReplaceChild(int old, int replacement)
        {
            if (Left == old)
                Left = replacement;
            else
                Right = replacement;
        }
    }
}
