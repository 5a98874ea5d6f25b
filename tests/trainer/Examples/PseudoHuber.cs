using ChurnEngine.Trainer;

namespace ChurnEngine.Examples;

/// <summary>Squared near the label, absolute far from it: d^2 (sqrt(1 + ((m - y) / d)^2) - 1).</summary>
public sealed class PseudoHuber(double delta) : IObjective
{
    public string Name => "pseudo_huber";

    public double BaseMargin(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights) => LabelStatistics.Mean(labels, weights);

    public void Gradients(in LossRows rows, Span<float> gradients, Span<float> hessians)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            double weight = rows.Weights.IsEmpty ? 1 : rows.Weights[row], error = rows.Margins[row] - rows.Labels[row];
            double root = Math.Sqrt(1 + error * error / (delta * delta));
            gradients[row] = (float)(weight * error / root);
            hessians[row] = (float)(weight / (root * root * root));
        }
    }

    public double Loss(in LossRows rows)
    {
        double sum = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            double weight = rows.Weights.IsEmpty ? 1 : rows.Weights[row], error = rows.Margins[row] - rows.Labels[row];
            sum += weight * delta * delta * (Math.Sqrt(1 + error * error / (delta * delta)) - 1);
        }
        return sum;
    }
}
