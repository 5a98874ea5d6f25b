namespace ChurnEngine.Trainer;

/// <summary>Half the squared error: (m - y)^2 / 2.</summary>
internal sealed class SquaredError : IObjective
{
    public static SquaredError Instance { get; } = new();

    public string Name => "squared_error";

    public double BaseMargin(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights) => LabelStatistics.Mean(labels, weights);

    public void Gradients(in LossRows rows, Span<float> gradients, Span<float> hessians)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            float weight = rows.Weights.IsEmpty ? 1 : rows.Weights[row];
            gradients[row] = (float)(weight * (rows.Margins[row] - rows.Labels[row]));
            hessians[row] = weight;
        }
    }

    public double Loss(in LossRows rows)
    {
        double sum = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            double error = rows.Margins[row] - rows.Labels[row];
            sum += (rows.Weights.IsEmpty ? 0.5 : 0.5 * rows.Weights[row]) * error * error;
        }
        return sum;
    }
}
