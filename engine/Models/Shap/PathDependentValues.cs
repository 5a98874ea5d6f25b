namespace ChurnEngine.Models;

/// <summary>What a leaf gives to each feature of its path where an unknown feature is averaged over the training rows by the covers of the tree.</summary>
/// <remarks>
/// Leaf value v, slots with shares z, and o_j the bit of slot j: slot j gets v (o_j - z_j) times the integral over 0..1 of the product, over the other slots,
/// of z (1 - t) + o t. Gauss-Legendre's (d + 1) / 2 points are exact, and products from both ends need no division. Source: as <see cref="ShapWalk"/>.
/// </remarks>
internal sealed class PathDependentValues : ILeafValues
{
    private readonly Dictionary<int, UnitQuadrature> _bySlots = [];

    /// <inheritdoc/>
    public void Fill(int tree, LeafPath path, Span<double> table)
    {
        int slots = path.Slots, patterns = 1 << slots;
        if (!_bySlots.TryGetValue(slots, out UnitQuadrature? quadrature))
            _bySlots.Add(slots, quadrature = UnitQuadrature.Make((slots + 1) / 2));
        Span<double> factor = stackalloc double[slots], before = stackalloc double[slots];
        table.Clear();
        for (int pattern = 0; pattern < patterns; pattern++)
        {
            for (int k = 0; k < quadrature.Points.Length; k++)
            {
                double t = quadrature.Points[k], product = 1;
                for (int slot = 0; slot < slots; slot++)
                {
                    before[slot] = product;
                    factor[slot] = path.Shares[slot] * (1 - t) + (pattern >> slot & 1) * t;
                    product *= factor[slot];
                }
                double after = quadrature.Weights[k] * path.Value;
                for (int slot = slots - 1; slot >= 0; slot--)
                {
                    table[slot * patterns + pattern] += ((pattern >> slot & 1) - path.Shares[slot]) * before[slot] * after;
                    after *= factor[slot];
                }
            }
        }
    }
}
