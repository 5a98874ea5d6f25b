namespace ChurnEngine.Models;

/// <summary>A sum of one term a feature: what logistic regression learns.</summary>
/// <remarks>Every term is 0 on the average over the training rows, so <see cref="BaseMargin"/> is their mean margin, and a term is its feature's SHAP value where features are independent.
/// Source: Lundberg and Lee 2017, corollary 1.</remarks>
public sealed class LinearModel : IPredictor
{
    /// <summary>[F] terms, in feature order.</summary>
    public required IReadOnlyList<LinearTerm> Terms { get; init; }

    /// <inheritdoc/>
    public required double BaseMargin { get; init; }

    /// <inheritdoc/>
    public int FeatureCount => Terms.Count;

    /// <inheritdoc/>
    public double Margin(ReadOnlySpan<float> row)
    {
        double sum = BaseMargin;
        for (int feature = 0; feature < Terms.Count; feature++)
            sum += Terms[feature].Effect(row[feature]);
        return sum;
    }

    /// <inheritdoc/>
    public void Margins(ReadOnlySpan<float> rows, Span<double> margins)
    {
        for (int row = 0; row < margins.Length; row++)
            margins[row] = Margin(rows.Slice(row * Terms.Count, Terms.Count));
    }

    /// <inheritdoc/>
    public IExplainer CreateExplainer() => new LinearShap(this);
}
