namespace ChurnEngine.Trainer;

/// <summary>Pinball loss: share (y - m) where the label is above the margin, (1 - share) (m - y) where it is not. Its least is at the quantile of that share.</summary>
/// <remarks>
/// Its second derivative is 0 nearly everywhere, so 1 stands in for it while splits are sought, and each leaf then takes the exact quantile of what its rows still lack.
/// Source: Koenker and Bassett 1978; LightGBM's regression_quantile (its percentile interpolates between two rows, this one is a row's, so that a weight of 2 is two rows).
/// </remarks>
internal sealed class Quantile(double share) : IObjective
{
    public string Name => "quantile";

    public double? LeafQuantile => share;

    public double BaseMargin(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights) => LabelStatistics.Quantile(labels, weights, share);

    public void Gradients(in LossRows rows, Span<float> gradients, Span<float> hessians)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            double weight = rows.Weight(row);
            gradients[row] = (float)(weight * (rows.Margins[row] >= rows.Labels[row] ? 1 - share : -share));
            hessians[row] = (float)weight;
        }
    }

    public double Loss(in LossRows rows)
    {
        double sum = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            double above = rows.Margins[row] - rows.Labels[row];
            sum += rows.Weight(row) * (above >= 0 ? (1 - share) * above : -share * above);
        }
        return sum;
    }
}
