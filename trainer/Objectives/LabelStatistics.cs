namespace ChurnEngine.Trainer;

/// <summary>What one number says best about weighted labels: where a booster starts.</summary>
public static class LabelStatistics
{
    // A product that should be whole must not round to just above it, and ask for one row more.
    private const double AlmostOne = 1 - 1e-12;

    /// <summary>Weighted mean, summed in double in row order.</summary>
    /// <param name="labels">[n] finite labels.</param>
    /// <param name="weights">[n] weights, 0 and up; or empty for 1 everywhere.</param>
    /// <returns>NaN without weight.</returns>
    public static double Mean(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        double labelSum = 0, weightSum = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            float weight = weights.IsEmpty ? 1 : weights[row];
            labelSum += (double)weight * labels[row];
            weightSum += weight;
        }
        return labelSum / weightSum;
    }

    /// <summary>Sum of the weights in row order; their number where there are none.</summary>
    internal static double WeightSum(LabelledRows rows)
    {
        if (rows.Weights.IsEmpty)
            return rows.Labels.Length;
        double sum = 0;
        foreach (float weight in rows.Weights.Span)
            sum += weight;
        return sum;
    }

    /// <summary>The least label at or below which lies at least a share of all weight: it minimises the pinball loss.</summary>
    /// <param name="labels">[n] finite labels.</param>
    /// <param name="weights">[n] weights, 0 and up; or empty for 1 everywhere. A row of weight 2 counts as two rows.</param>
    /// <param name="share">Above 0 and below 1.</param>
    /// <returns>One of the labels; 0 without weight.</returns>
    /// <remarks>Memory: 8 bytes a row, 12 with weights.</remarks>
    public static double Quantile(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, double share)
    {
        double[] values = new double[labels.Length];
        for (int row = 0; row < values.Length; row++)
            values[row] = labels[row];
        return Quantile(values, weights.ToArray(), share);
    }

    /// <summary>The same of numbers that may be put in order where they lie.</summary>
    internal static double Quantile(Span<double> values, Span<float> weights, double share)
    {
        if (weights.IsEmpty)
        {
            values.Sort();
            return values.IsEmpty ? 0 : values[Math.Max(0, (int)Math.Ceiling(share * values.Length * AlmostOne) - 1)];
        }
        values.Sort(weights);
        double total = 0, below = 0;
        foreach (float weight in weights)
            total += weight;
        double wanted = share * total * AlmostOne;
        for (int i = 0; i < values.Length; i++)
        {
            below += weights[i];
            if (weights[i] > 0 && below >= wanted)
                return values[i];
        }
        return 0;
    }
}
