namespace ChurnEngine.Models;

/// <summary>Turns rows into columns of codes, so that every test of every tree is the comparison of two bytes.</summary>
internal sealed unsafe class RowEncoder
{
    // Their outcomes lie beside each other in the workspace, and must stay near.
    private const int MostCategoryTests = 256;

    private readonly NumericCodes?[] _numeric;
    private readonly CategoryCodes?[] _categories;
    private readonly bool[] _isRead;

    /// <param name="ensemble">Whose tests; without a fault (<see cref="EnsembleCheck"/>).</param>
    public RowEncoder(TreeEnsemble ensemble)
    {
        int features = ensemble.FeatureCount, columns = 0;
        _numeric = new NumericCodes?[features];
        _categories = new CategoryCodes?[features];
        ILookup<int, (DecisionTree Tree, int Node)> tests = ensemble.Trees.SelectMany(tree => Enumerable.Range(0, tree.NodeCount).Select(node => (tree, node))).ToLookup(test => test.tree.Feature[test.node]);
        foreach (IGrouping<int, (DecisionTree Tree, int Node)> feature in tests)
        {
            // No feature has tests of both kinds.
            (DecisionTree Tree, int Node)[] thresholds = [.. feature.Where(test => test.Tree.LeftCategories[test.Node] is null)];
            if (thresholds.Length > 0)
            {
                var numeric = _numeric[feature.Key] = new NumericCodes(thresholds.Select(test => test.Tree.Threshold[test.Node]));
                foreach ((DecisionTree tree, int node) in thresholds)
                    numeric.Claim(tree.Threshold[node], tree.MissingGoesLeft[node], ref columns);
            }
            else if ((_categories[feature.Key] = CategoryCodes.Of(feature.Select(test => test.Tree.LeftCategories[test.Node]!), columns)) is { } categories)
            {
                columns += categories.Columns;
            }
        }
        Columns = columns;
        _isRead = [.. Enumerable.Range(0, features).Select(feature => _numeric[feature] is not null || _categories[feature] is not null)];
    }

    /// <summary>Columns of all features together.</summary>
    public int Columns { get; }

    /// <summary>Codes of a numeric feature that some test reads.</summary>
    public NumericCodes Numeric(int feature) => _numeric[feature]!;

    /// <summary>Codes of a categorical feature; null where it has too many for them.</summary>
    public CategoryCodes? Categories(int feature) => _categories[feature];

    /// <summary>Whether every test of a tree is the comparison of two bytes.</summary>
    public bool Covers(DecisionTree tree) => tree.CategoryTests <= MostCategoryTests
        && Enumerable.Range(0, tree.NodeCount).All(node => tree.LeftCategories[node] is null || _categories[tree.Feature[node]] is not null);

    /// <summary>Makes the codes of a block.</summary>
    /// <param name="rows">[count][F] f32, NaN where missing.</param>
    /// <param name="count">1 to 256.</param>
    /// <param name="workspace">Where codes go.</param>
    /// <param name="layout">How it is laid out.</param>
    public void Encode(float* rows, int count, byte* workspace, BlockLayout layout)
    {
        var values = (float*)(workspace + layout.Values);
        int features = _isRead.Length;
        for (int group = 0; group < features; group += TransposeKernel.Features)
        {
            int end = Math.Min(group + TransposeKernel.Features, features);
            if (!_isRead.AsSpan(group, end - group).Contains(true))
                continue;
            // The last features are read together with some before them, so that no row is read beyond its end.
            int first = Math.Max(0, Math.Min(group, features - TransposeKernel.Features));
            if (features >= TransposeKernel.Features)
                TransposeKernel.Run(rows + first, features, count, values);
            else
                Spread(rows, features, count, values);
            for (int feature = group; feature < end; feature++)
            {
                float* column = values + (feature - first) * BlockLayout.Rows;
                _numeric[feature]?.Encode(column, count, workspace, layout);
                _categories[feature]?.Encode(column, count, workspace, layout);
            }
        }
    }

    // Rows of one, two or three features.
    private static void Spread(float* rows, int features, int count, float* values)
    {
        for (int row = 0; row < count; row++)
        {
            for (int feature = 0; feature < features; feature++)
                values[feature * BlockLayout.Rows + row] = rows[row * features + feature];
        }
    }
}
