namespace ChurnEngine.Models;

/// <summary>One binary decision tree, as parallel arrays over its interior nodes and over its leaves.</summary>
/// <remarks>
/// A child index of 0 or more is an interior node, a negative one the leaf <c>~child</c>; node 0 is the root.
/// A tree of one leaf has no interior node. A row goes left when its value is at most the threshold (numeric) or in
/// the set (categorical); a NaN goes where <see cref="MissingGoesLeft"/> says.
/// <code>
///        node 0: x3 &lt;= 4.5           Left  = [ 1, ~0]
///        /              \             Right = [~2, ~1]
///   node 1: x0 in {2,5}  leaf 2
///     /        \
///  leaf 0    leaf 1
/// </code>
/// </remarks>
public sealed class DecisionTree
{
    /// <summary>[nodes] index of the feature tested.</summary>
    public required int[] Feature { get; init; }

    /// <summary>[nodes] threshold of a numeric split; NaN at a categorical one.</summary>
    public required float[] Threshold { get; init; }

    /// <summary>[nodes] codes that go left at a categorical split; null at a numeric one.</summary>
    public required CategorySet?[] LeftCategories { get; init; }

    /// <summary>[nodes] where a NaN goes.</summary>
    public required bool[] MissingGoesLeft { get; init; }

    /// <summary>[nodes] left child.</summary>
    public required int[] Left { get; init; }

    /// <summary>[nodes] right child.</summary>
    public required int[] Right { get; init; }

    /// <summary>[leaves] value added to the margin.</summary>
    public required double[] LeafValue { get; init; }

    /// <summary>[leaves] training rows (weighted) that ended in the leaf; what path-dependent SHAP weighs by. Empty when unknown.</summary>
    public double[] LeafCover { get; init; } = [];

    /// <summary>Interior nodes.</summary>
    public int NodeCount => Feature.Length;

    /// <summary>Leaves; always NodeCount + 1.</summary>
    public int LeafCount => LeafValue.Length;

    /// <summary>Nodes that ask for a category.</summary>
    internal int CategoryTests => LeftCategories.Count(set => set is not null);

    /// <summary>True when the row with value <paramref name="value"/> goes left at <paramref name="node"/>.</summary>
    public bool GoesLeft(int node, float value)
    {
        if (float.IsNaN(value))
            return MissingGoesLeft[node];
        return LeftCategories[node] is { } set ? set.Contains(value) : value <= Threshold[node];
    }

    /// <summary>The leaf that a row ends in: the definition every other walk is tested against.</summary>
    /// <param name="row">[F] values, NaN where missing.</param>
    public int FindLeaf(ReadOnlySpan<float> row)
    {
        if (NodeCount == 0)
            return 0;
        int node = 0;
        while (node >= 0)
            node = GoesLeft(node, row[Feature[node]]) ? Left[node] : Right[node];
        return ~node;
    }

    /// <summary>Adds the value of the leaf that each row ends in.</summary>
    /// <param name="rows">[N * F] row-major values, NaN where missing.</param>
    /// <param name="featureCount">F.</param>
    /// <param name="margins">[N] sums so far.</param>
    internal void Add(ReadOnlySpan<float> rows, int featureCount, Span<double> margins)
    {
        for (int row = 0; row < margins.Length; row++)
            margins[row] += LeafValue[FindLeaf(rows.Slice(row * featureCount, featureCount))];
    }
}
