namespace ChurnEngine.Trainer;

/// <summary>Weights of margins, each 0 and up, and an intercept: the least log-loss of their sum.</summary>
/// <remarks>Coordinate descent on a quadratic bound of the loss, so that every step lowers it. Source: Boehning and Lindsay 1988 (the bound).</remarks>
internal static class StackWeights
{
    private const int MostSweeps = 1000;
    private const double Tolerance = 1e-7, Ridge = 1e-6;

    // No second derivative of the logistic loss is larger.
    private const double Bound = 0.25;

    /// <summary>Fits.</summary>
    /// <param name="margins">[M][N] margins of each member.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="weights">[N] weights of the rows; empty: 1 everywhere.</param>
    /// <returns>[1 + M] the intercept, then a weight each.</returns>
    public static double[] Fit(double[][] margins, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        int members = margins.Length, rows = labels.Length;
        double[] centre = [.. margins.Select(of => of.Average())];
        double[] curvature = [.. margins.Select((of, i) => Math.Max(1e-12, of.Average(margin => (margin - centre[i]) * (margin - centre[i]))))];
        double[] result = new double[members + 1];
        for (int i = 0; i < members; i++)
            result[i + 1] = 1.0 / members;
        double[] sum = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < members; i++)
                sum[row] += result[i + 1] * (margins[i][row] - centre[i]);
        }
        double change = double.PositiveInfinity;
        for (int sweep = 0; sweep < MostSweeps && change > Tolerance; sweep++)
        {
            change = 0;
            for (int i = 0; i <= members; i++)
            {
                double scale = i == 0 ? 1 : curvature[i - 1];
                double slope = Slope(i == 0 ? null : margins[i - 1], i == 0 ? 0 : centre[i - 1], sum, labels, weights);
                double old = result[i], next = old - (slope + (i == 0 ? 0 : Ridge * old * scale)) / (Bound * scale);
                result[i] = i == 0 ? next : Math.Max(0, next);
                double step = result[i] - old;
                change = Math.Max(change, Math.Abs(step) * Math.Sqrt(scale));
                for (int row = 0; row < rows && step != 0; row++)
                    sum[row] += step * (i == 0 ? 1 : margins[i - 1][row] - centre[i - 1]);
            }
        }
        for (int i = 0; i < members; i++)
            result[0] -= result[i + 1] * centre[i];
        return result;
    }

    // Mean derivative of the loss by one weight, or by the intercept.
    private static double Slope(double[]? margins, double centre, double[] sum, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        double slope = 0, total = 0;
        for (int row = 0; row < sum.Length; row++)
        {
            double weight = weights.IsEmpty ? 1 : weights[row];
            slope += weight * (1 / (1 + Math.Exp(-sum[row])) - labels[row]) * (margins is null ? 1 : margins[row] - centre);
            total += weight;
        }
        return slope / total;
    }
}
