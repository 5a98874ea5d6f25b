namespace ChurnEngine.Models;

/// <summary>Splits a row's contributions further, among pairs of features: SHAP interaction values, path-dependent. Thread-safe.</summary>
/// <remarks>
/// Off the diagonal stands half of what two features do together beyond what each does alone, on it what a feature does alone; a row of the matrix sums to that
/// feature's contribution. Per leaf, slots i and j get v (o_i - z_i) (o_j - z_j) / 2 times the integral of the product over the other slots (see <see cref="PathDependentValues"/>).
/// Source: Lundberg, Erion and Lee 2018, section 4; Fujimoto et al. 2006.
/// </remarks>
public sealed class ShapInteractions
{
    private readonly TreeEnsemble _ensemble;
    private readonly IReadOnlyList<LeafPath>[] _paths;
    private readonly TreeShap _shap;
    private readonly Dictionary<int, UnitQuadrature> _bySlots = [];

    /// <summary>Prepares the trees; every tree must have its covers.</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> CE5901 when a tree has no covers.</remarks>
    public ShapInteractions(TreeEnsemble ensemble)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        _ensemble = ensemble;
        _shap = new TreeShap(ensemble);
        _paths = [.. ensemble.Trees.Select(LeafPath.Of)];
        foreach (int slots in _paths.SelectMany(tree => tree.Select(path => path.Slots)).Distinct())
            _bySlots.Add(slots, UnitQuadrature.Make(Math.Max(1, slots / 2)));
    }

    /// <summary>F.</summary>
    public int FeatureCount => _ensemble.FeatureCount;

    /// <summary>Computes the values of one row.</summary>
    /// <param name="row">[F] values, NaN where missing.</param>
    /// <param name="values">[F * F] log-odds, symmetric; overwritten.</param>
    /// <remarks>Errors: ArgumentException when the lengths do not fit.</remarks>
    public void Explain(ReadOnlySpan<float> row, Span<double> values)
    {
        int features = FeatureCount;
        if (row.Length != features || values.Length != features * features)
            throw new ArgumentException($"{row.Length} values and {values.Length} pairs for {features} features", nameof(values));
        values.Clear();
        for (int tree = 0; tree < _paths.Length; tree++)
        {
            foreach (LeafPath path in _paths[tree])
                AddPairs(path, _ensemble.Trees[tree], row, values);
        }
        double[] alone = new double[features];
        _shap.Explain(row, alone);
        for (int feature = 0; feature < features; feature++)
        {
            double together = 0;
            for (int other = 0; other < features; other++)
                together += values[feature * features + other];
            values[feature * features + feature] = alone[feature] - together;
        }
    }

    private void AddPairs(LeafPath path, DecisionTree tree, ReadOnlySpan<float> row, Span<double> values)
    {
        int slots = path.Slots;
        UnitQuadrature quadrature = _bySlots[slots];
        double[] ones = new double[slots];
        for (int slot = 0; slot < slots; slot++)
            ones[slot] = path.Passes(slot, tree, row) ? 1 : 0;
        for (int i = 0; i < slots; i++)
        {
            for (int j = i + 1; j < slots; j++)
            {
                double integral = 0;
                for (int k = 0; k < quadrature.Points.Length; k++)
                {
                    double t = quadrature.Points[k], product = quadrature.Weights[k];
                    for (int slot = 0; slot < slots; slot++)
                        product *= slot == i || slot == j ? 1 : path.Shares[slot] * (1 - t) + ones[slot] * t;
                    integral += product;
                }
                double value = 0.5 * path.Value * (ones[i] - path.Shares[i]) * (ones[j] - path.Shares[j]) * integral;
                values[path.Features[i] * FeatureCount + path.Features[j]] += value;
                values[path.Features[j] * FeatureCount + path.Features[i]] += value;
            }
        }
    }
}
