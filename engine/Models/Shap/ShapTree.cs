namespace ChurnEngine.Models;

/// <summary>All of one tree's SHAP computation that does not depend on the row.</summary>
/// <remarks>
/// A path counts a feature once, however often it splits on it: the shares of its edges multiply. <c>Earlier</c> links a node to
/// the last one above it on the same feature, and <c>EarlierShare</c>, <c>LeftShare</c> and <c>RightShare</c> are products along that chain.
/// <code>
///        x3, share 0.4 left            node 0: Earlier -1, EarlierShare 1,   LeftShare 0.4
///        /        \
///      x1          x7                  node 1: Earlier -1
///     /  \
///   x3, 0.5 left                       node 2: Earlier  0 (level of node 0), EarlierShare 0.4, LeftShare 0.2
/// </code>
/// </remarks>
internal sealed class ShapTree
{
    private ShapTree(DecisionTree tree)
    {
        Tree = tree;
        Earlier = new int[tree.NodeCount];
        EarlierShare = new double[tree.NodeCount];
        LeftShare = new double[tree.NodeCount];
        RightShare = new double[tree.NodeCount];
    }

    public DecisionTree Tree { get; }

    /// <summary>[nodes] level (root 0) of the last node above on the same feature; -1 when there is none.</summary>
    public int[] Earlier { get; }

    /// <summary>[nodes] share of training rows that this feature lets come here when it is unknown; 1 when it was not yet met.</summary>
    public double[] EarlierShare { get; }

    /// <summary>[nodes] the same after going left.</summary>
    public double[] LeftShare { get; }

    /// <summary>[nodes] the same after going right.</summary>
    public double[] RightShare { get; }

    /// <summary>Cover-weighted mean of the leaf values.</summary>
    public double Expected { get; private set; }

    /// <summary>Splits on the longest path.</summary>
    public int Depth { get; private set; }

    /// <summary>The most distinct features on one path.</summary>
    public int DistinctFeatures { get; private set; }

    public static ShapTree Prepare(DecisionTree tree, int index)
    {
        if (tree.LeafCover.Length != tree.LeafCount || !Array.TrueForAll(tree.LeafCover, cover => double.IsFinite(cover) && cover >= 0) || !(tree.LeafCover.Sum() > 0))
            throw ShapErrors.NoCover(index);
        var result = new ShapTree(tree);
        (double cover, double weighted) = result.Fill(tree.NodeCount == 0 ? ~0 : 0, []);
        result.Expected = weighted / cover;
        return result;
    }

    // path: for each level above, the node and whether the way here goes left.
    private (double Cover, double Weighted) Fill(int node, List<(int Node, bool Left)> path)
    {
        if (node < 0)
        {
            Depth = Math.Max(Depth, path.Count);
            DistinctFeatures = Math.Max(DistinctFeatures, path.Count(step => Earlier[step.Node] < 0));
            return (Tree.LeafCover[~node], Tree.LeafCover[~node] * Tree.LeafValue[~node]);
        }

        Earlier[node] = path.FindLastIndex(step => Tree.Feature[step.Node] == Tree.Feature[node]);
        path.Add((node, true));
        (double leftCover, double leftWeighted) = Fill(Tree.Left[node], path);
        path[^1] = (node, false);
        (double rightCover, double rightWeighted) = Fill(Tree.Right[node], path);
        path.RemoveAt(path.Count - 1);

        // Own shares first; the products along the chain follow once every cover is known.
        double cover = leftCover + rightCover;
        LeftShare[node] = cover == 0 ? 0.5 : leftCover / cover;
        RightShare[node] = 1 - LeftShare[node];
        EarlierShare[node] = 1;
        if (path.Count == 0)
            Multiply(node, path);
        return (cover, leftWeighted + rightWeighted);
    }

    private void Multiply(int node, List<(int Node, bool Left)> path)
    {
        if (node < 0)
            return;
        if (Earlier[node] >= 0)
        {
            (int above, bool left) = path[Earlier[node]];
            EarlierShare[node] = left ? LeftShare[above] : RightShare[above];
            LeftShare[node] *= EarlierShare[node];
            RightShare[node] *= EarlierShare[node];
        }
        path.Add((node, true));
        Multiply(Tree.Left[node], path);
        path[^1] = (node, false);
        Multiply(Tree.Right[node], path);
        path.RemoveAt(path.Count - 1);
    }
}
