namespace ChurnEngine.Models;

/// <summary>A sum of trees over one feature matrix: what the trainer makes, the codec writes and every walk reads.</summary>
public sealed class TreeEnsemble : IPredictor
{
    /// <inheritdoc/>
    public required int FeatureCount { get; init; }

    /// <summary>Log-odds (or value) before the first tree.</summary>
    public required double BaseMargin { get; init; }

    /// <summary>The trees; their leaf values are added in this order.</summary>
    public required IReadOnlyList<DecisionTree> Trees { get; init; }

    /// <inheritdoc/>
    /// <remarks>Summed in tree order.</remarks>
    public double Margin(ReadOnlySpan<float> row)
    {
        double margin = BaseMargin;
        foreach (DecisionTree tree in Trees)
            margin += tree.LeafValue[tree.FindLeaf(row)];
        return margin;
    }

    /// <inheritdoc/>
    public void Margins(ReadOnlySpan<float> rows, Span<double> margins)
    {
        margins.Fill(BaseMargin);
        Add(rows, margins);
    }

    /// <summary>Adds every tree's leaf value, in tree order, to what <paramref name="margins"/> holds.</summary>
    /// <param name="rows">[N * F] row-major values, NaN where missing.</param>
    /// <param name="margins">[N] sums so far.</param>
    /// <remarks>Memory: allocates nothing.</remarks>
    public void Add(ReadOnlySpan<float> rows, Span<double> margins)
    {
        // One tree's nodes stay in the first-level cache while a block of rows passes through it.
        const int BlockRows = 256;
        for (int start = 0; start < margins.Length; start += BlockRows)
        {
            Span<double> block = margins.Slice(start, Math.Min(BlockRows, margins.Length - start));
            ReadOnlySpan<float> values = rows.Slice(start * FeatureCount, block.Length * FeatureCount);
            // Not foreach: enumerating the list would allocate.
            for (int i = 0; i < Trees.Count; i++)
                Trees[i].Add(values, FeatureCount, block);
        }
    }

    /// <inheritdoc/>
    public IExplainer CreateExplainer() => new TreeShap(this);
}
