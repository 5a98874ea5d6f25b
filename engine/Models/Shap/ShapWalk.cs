namespace ChurnEngine.Models;

/// <summary>One row's way through one tree, adding to its contributions. Linear in the nodes.</summary>
/// <remarks>
/// Let every feature be known with chance t, independently. The expected value of a leaf's indicator is then the product over the
/// features j of its path of f_j(t) = zero_j (1 - t) + one_j t, where zero_j is the share of training rows that pass the splits on j and
/// one_j is 1 when the row itself passes them. Shapley's weights are integrals of t^s (1 - t)^(n-1-s), so the leaf gives feature i
/// <code>
///     value * (one_i - zero_i) * integral over 0..1 of  product of f_j(t) over j other than i,  dt
/// </code>
/// a polynomial that a quadrature integrates exactly. At each point t_k the walk keeps the product going down and the sum of
/// value * product over the leaves below coming up; dividing that sum by f_i takes feature i out for all those leaves at once.
/// All f are positive inside (0, 1), so, unlike UNWIND of algorithm 2, the division loses no digits however deep the tree.
/// Source: Owen 1972 (the integral); Yu et al. 2022, "Linear TreeShap" (sums over the leaves below).
/// </remarks>
internal readonly ref struct ShapWalk(ShapTree tree, UnitQuadrature quadrature, ReadOnlySpan<float> row, Span<double> contributions)
{
    // Below this a way that the row does not take weighs nothing in any coalition, and dividing by its factor would overflow.
    private const double NegligibleShare = 1e-200;

    private readonly ShapTree _tree = tree;
    private readonly ReadOnlySpan<double> _points = quadrature.Points;
    private readonly ReadOnlySpan<double> _weights = quadrature.Weights;
    private readonly ReadOnlySpan<float> _row = row;
    private readonly Span<double> _contributions = contributions;

    /// <summary>Doubles that <see cref="Run"/> needs: a product and a sum at each point on each level, and one flag a level.</summary>
    public static int WorkspaceDoubles(int depth, int points) => checked((depth + 1) * (2 * points + 1));

    public void Run(Span<double> workspace)
    {
        workspace[.._points.Length].Fill(1);
        Visit(0, 0, workspace, workspace[^(_tree.Depth + 1)..]);
    }

    /// <param name="node">Interior node, or ~leaf.</param>
    /// <param name="level">Splits above.</param>
    /// <param name="workspace">[K] product of this node, [K] sum to be filled, then what is free for the levels below.</param>
    /// <param name="ones">[levels] 1 where the row itself passes all splits so far on the feature of that level's node.</param>
    private void Visit(int node, int level, Span<double> workspace, Span<double> ones)
    {
        int points = _points.Length;
        ReadOnlySpan<double> product = workspace[..points];
        Span<double> sum = workspace.Slice(points, points);
        if (node < 0)
        {
            double value = _tree.Tree.LeafValue[~node];
            for (int k = 0; k < points; k++)
                sum[k] = value * product[k];
            return;
        }

        sum.Clear();
        int feature = _tree.Tree.Feature[node];
        int earlier = _tree.Earlier[node];
        var before = new Factor(_tree.EarlierShare[node], earlier < 0 ? 1 : ones[earlier]);
        bool goesLeft = _tree.Tree.GoesLeft(node, _row[feature]);
        for (int side = 0; side < 2; side++)
        {
            bool left = side == 0;
            var after = new Factor(left ? _tree.LeftShare[node] : _tree.RightShare[node], left == goesLeft ? before.One : 0);
            if (after.One == 0 && after.Zero < NegligibleShare)
                continue;
            Span<double> below = workspace[(2 * points)..];
            for (int k = 0; k < points; k++)
                below[k] = product[k] / before.At(_points[k]) * after.At(_points[k]);
            ones[level] = after.One;
            Visit(left ? _tree.Tree.Left[node] : _tree.Tree.Right[node], level + 1, below, ones);

            // The leaves below have the factor after, not before, that the node above on this feature counts them with.
            double gained = 0, lost = 0;
            ReadOnlySpan<double> belowSum = below.Slice(points, points);
            for (int k = 0; k < points; k++)
            {
                double weighted = _weights[k] * belowSum[k];
                gained += weighted / after.At(_points[k]);
                lost += weighted / before.At(_points[k]);
                sum[k] += belowSum[k];
            }
            _contributions[feature] += (after.One - after.Zero) * gained - (before.One - before.Zero) * lost;
        }
    }

    /// <summary>f(t) of one feature: linear from <see cref="Zero"/> at 0 (unknown) to <see cref="One"/> at 1 (known).</summary>
    private readonly record struct Factor(double Zero, double One)
    {
        public double At(double t) => Zero * (1 - t) + One * t;
    }
}
