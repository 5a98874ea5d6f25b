namespace ChurnEngine.Models;

/// <summary>Splits a row's margin among the terms of a linear model: coefficient times the distance from the training mean.</summary>
/// <remarks>These are the exact SHAP values where features are independent: a feature that a coalition does not know counts with its mean, whatever the others are.
/// Source: Lundberg and Lee 2017, corollary 1 (linear SHAP).</remarks>
public sealed class LinearShap : IExplainer
{
    private readonly LinearModel _model;

    /// <summary>Explains <paramref name="model"/>.</summary>
    public LinearShap(LinearModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
    }

    /// <inheritdoc/>
    public int FeatureCount => _model.FeatureCount;

    /// <inheritdoc/>
    public double ExpectedMargin => _model.BaseMargin;

    /// <inheritdoc/>
    public void Explain(ReadOnlySpan<float> rows, Span<double> contributions)
    {
        ShapErrors.CheckLengths(rows.Length, contributions.Length, FeatureCount);
        for (int i = 0; i < rows.Length; i++)
            contributions[i] = _model.Terms[i % FeatureCount].Effect(rows[i]);
    }
}
