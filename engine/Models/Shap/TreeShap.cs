using System.Buffers;

namespace ChurnEngine.Models;

/// <summary>Splits a row's margin exactly among its features: path-dependent TreeSHAP. Thread-safe.</summary>
/// <remarks>
/// A feature that a coalition does not know is averaged over the training rows, by the covers of the tree.
/// For every row, <see cref="ExpectedMargin"/> plus its contributions is <see cref="TreeEnsemble.Margin"/>, within rounding in double.
/// The values are those of Lundberg, Erion and Lee 2018; the computation is <see cref="ShapWalk"/>'s, whose rounding does not grow with the depth.
/// </remarks>
public sealed class TreeShap : IExplainer
{
    // 16 KB: trees with up to some 30 levels are explained on the stack.
    private const int StackDoubles = 2048;

    private readonly ShapTree[] _trees;
    private readonly UnitQuadrature[] _quadratures;
    private readonly int _workspaceDoubles;

    /// <summary>Prepares the trees; one instance serves all threads.</summary>
    /// <param name="ensemble">Every tree must have its <see cref="DecisionTree.LeafCover"/>.</param>
    /// <remarks>Memory: 28 bytes an interior node. Errors: ChurnModelException CE5901 when a tree has no covers.</remarks>
    public TreeShap(TreeEnsemble ensemble)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        FeatureCount = ensemble.FeatureCount;
        ShapTree[] all = [.. ensemble.Trees.Select(ShapTree.Prepare)];
        ExpectedMargin = ensemble.BaseMargin + all.Sum(tree => tree.Expected);
        _trees = [.. all.Where(tree => tree.Depth > 0)];

        // n features on a path make a polynomial of degree n - 1, for which n / 2 points, rounded up, are exact.
        var bySize = new Dictionary<int, UnitQuadrature>();
        _quadratures = new UnitQuadrature[_trees.Length];
        for (int i = 0; i < _trees.Length; i++)
        {
            int points = (_trees[i].DistinctFeatures + 1) / 2;
            if (!bySize.TryGetValue(points, out UnitQuadrature? quadrature))
                bySize.Add(points, quadrature = UnitQuadrature.Make(points));
            _quadratures[i] = quadrature;
            _workspaceDoubles = Math.Max(_workspaceDoubles, ShapWalk.WorkspaceDoubles(_trees[i].Depth, points));
        }
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public double ExpectedMargin { get; }

    /// <inheritdoc/>
    /// <remarks>Memory: the stack, or a pooled array for very deep trees. Errors: ArgumentException when the lengths do not fit.</remarks>
    public void Explain(ReadOnlySpan<float> rows, Span<double> contributions)
    {
        ShapErrors.CheckLengths(rows.Length, contributions.Length, FeatureCount);
        contributions.Clear();
        double[]? pooled = null;
        Span<double> workspace = _workspaceDoubles <= StackDoubles
            ? stackalloc double[StackDoubles]
            : pooled = ArrayPool<double>.Shared.Rent(_workspaceDoubles);
        try
        {
            for (int start = 0; start < rows.Length; start += FeatureCount)
            {
                for (int i = 0; i < _trees.Length; i++)
                    new ShapWalk(_trees[i], _quadratures[i], rows.Slice(start, FeatureCount), contributions.Slice(start, FeatureCount)).Run(workspace);
            }
        }
        finally
        {
            if (pooled is not null)
                ArrayPool<double>.Shared.Return(pooled);
        }
    }
}
