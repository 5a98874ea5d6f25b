namespace ChurnEngine.Models;

/// <summary>One edge of a path: the node, and which side leads on to the leaf.</summary>
internal readonly record struct PathStep(int Node, bool Left);

/// <summary>The way from the root to one leaf, feature by feature: d slots, a slot for each distinct feature, in the order in which they are met.</summary>
/// <remarks>
/// What a leaf gives to a row's SHAP values depends on nothing but which of its slots the row passes: a pattern of d bits.
/// <code>
///        x3 &lt;= 4        the path to leaf B: x3 &lt;= 4, then x1 &gt; 2, then x3 &gt; 1
///        /     \
///     x1 &lt;= 2   A        slot 0: x3, two steps; slot 1: x1, one step
///     /     \
///    C    x3 &lt;= 1        a row with x3 = 3, x1 = 0 passes slot 0 and not slot 1: pattern 01
///          /    \
///         D      B
/// </code>
/// </remarks>
internal sealed class LeafPath
{
    private LeafPath(double value, int slots) => (Value, Features, Shares, Steps) = (value, new int[slots], new double[slots], new PathStep[slots][]);

    /// <summary>What the leaf adds to the margin.</summary>
    public double Value { get; }

    /// <summary>[d] feature of each slot.</summary>
    public int[] Features { get; }

    /// <summary>[d] share of training rows, 0..1, that a slot lets through when its feature is unknown: the product over its steps of the child's cover over the node's.</summary>
    public double[] Shares { get; }

    /// <summary>[d] steps of each slot, from the root down.</summary>
    public PathStep[][] Steps { get; }

    /// <summary>d.</summary>
    public int Slots => Features.Length;

    /// <summary>Whether a row takes every step of a slot.</summary>
    public bool Passes(int slot, DecisionTree tree, ReadOnlySpan<float> row)
    {
        foreach (PathStep step in Steps[slot])
        {
            if (tree.GoesLeft(step.Node, row[Features[slot]]) != step.Left)
                return false;
        }
        return true;
    }

    /// <summary>The pattern of one row, of at most 31 slots: bit j is set when it passes slot j.</summary>
    public int PatternOf(DecisionTree tree, ReadOnlySpan<float> row)
    {
        int pattern = 0;
        for (int slot = 0; slot < Slots; slot++)
            pattern |= Passes(slot, tree, row) ? 1 << slot : 0;
        return pattern;
    }

    /// <summary>The paths of a tree to its leaves, from left to right. A tree of one leaf has one path without a slot.</summary>
    public static IReadOnlyList<LeafPath> Of(DecisionTree tree)
    {
        var paths = new List<LeafPath>();
        double[] leftShare = new double[tree.NodeCount];
        int root = tree.NodeCount == 0 ? ~0 : 0;
        if (tree.LeafCover.Length == tree.LeafCount)
            FillShares(tree, root, leftShare);
        Collect(tree, root, leftShare, [], paths);
        return paths;
    }

    private static double FillShares(DecisionTree tree, int node, double[] leftShare)
    {
        if (node < 0)
            return tree.LeafCover[~node];
        double left = FillShares(tree, tree.Left[node], leftShare), right = FillShares(tree, tree.Right[node], leftShare);
        leftShare[node] = left + right == 0 ? 0.5 : left / (left + right);
        return left + right;
    }

    private static void Collect(DecisionTree tree, int node, double[] leftShare, List<PathStep> way, List<LeafPath> paths)
    {
        if (node < 0)
        {
            paths.Add(Make(tree, node, leftShare, way));
            return;
        }
        way.Add(new PathStep(node, true));
        Collect(tree, tree.Left[node], leftShare, way, paths);
        way[^1] = new PathStep(node, false);
        Collect(tree, tree.Right[node], leftShare, way, paths);
        way.RemoveAt(way.Count - 1);
    }

    private static LeafPath Make(DecisionTree tree, int leaf, double[] leftShare, List<PathStep> way)
    {
        IGrouping<int, PathStep>[] slots = [.. way.GroupBy(step => tree.Feature[step.Node])];
        var path = new LeafPath(tree.LeafValue[~leaf], slots.Length);
        for (int slot = 0; slot < slots.Length; slot++)
        {
            path.Features[slot] = slots[slot].Key;
            path.Steps[slot] = [.. slots[slot]];
            path.Shares[slot] = slots[slot].Aggregate(1.0, (share, step) => share * (step.Left ? leftShare[step.Node] : 1 - leftShare[step.Node]));
        }
        return path;
    }
}
