namespace ChurnEngine.Features;

/// <summary>What ranks, quantiles and outlier policies need to know of everybody at one instant: for each such feature its values, sorted.</summary>
/// <remarks>Everybody is the scoring population of that instant, in training too: who churned unknown to us then was still among them.</remarks>
internal sealed class PopulationValues
{
    private readonly double[]?[] _sorted;
    private readonly (double Low, double High)[] _limits;

    /// <param name="features">The features.</param>
    /// <param name="sorted">[feature] values given, ascending; null where a feature needs none.</param>
    public PopulationValues(IEnumerable<FeatureDefinition> features, double[]?[] sorted)
    {
        _sorted = sorted;
        _limits = [.. features.Select((feature, i) => sorted[i] is { Length: > 0 } values && feature.Adjustment.UsesPopulation
            ? (At(values, feature.Adjustment.Shares.Low), At(values, feature.Adjustment.Shares.High))
            : (double.NegativeInfinity, double.PositiveInfinity))];
    }

    /// <summary>[feature] values, ascending; null where a feature needs none.</summary>
    public IReadOnlyList<double[]?> Sorted => _sorted;

    /// <summary>For each feature, the position of the value it is judged by: its own for an outlier policy, its input for a rank; -1 for none.</summary>
    public static int[] Sources(FeatureStep[] steps) =>
        [.. steps.Select((step, i) => step.Feature.Aggregate is Aggregate.Rank or Aggregate.Quantile ? step.Feature.Inputs[0] : step.Feature.Adjustment.UsesPopulation ? i : -1)];

    /// <summary>Part of the population below a value, ties by half; NaN for NaN.</summary>
    public double Rank(int feature, double value)
    {
        double[] values = _sorted[feature]!;
        if (double.IsNaN(value) || values.Length == 0)
            return double.NaN;
        int below = LowerBound(values, value), notAbove = UpperBound(values, value);
        return (below + (notAbove - below) / 2.0) / values.Length;
    }

    /// <summary>Class 0 .. parts - 1 by the share of the population that is below; NaN for NaN.</summary>
    public double Quantile(int feature, double value, int parts)
    {
        double[] values = _sorted[feature]!;
        if (double.IsNaN(value) || values.Length == 0)
            return double.NaN;
        return Math.Min(parts - 1, (long)LowerBound(values, value) * parts / values.Length);
    }

    /// <summary>The value, moved to the nearer limit when it lies beyond.</summary>
    public double Winsorise(int feature, double value) => double.IsNaN(value) ? value : Math.Clamp(value, _limits[feature].Low, _limits[feature].High);

    /// <summary>1 for a value beyond the limits, 0 for others; NaN for NaN.</summary>
    public double Flag(int feature, double value) => double.IsNaN(value) ? value : value < _limits[feature].Low || value > _limits[feature].High ? 1 : 0;

    // The value at a share of the population, without interpolation: rank floor(share * (n - 1)).
    private static double At(double[] values, double share) => values[(int)(share * (values.Length - 1))];

    private static int LowerBound(double[] values, double value)
    {
        int low = 0, high = values.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (values[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static int UpperBound(double[] values, double value)
    {
        int low = 0, high = values.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (values[middle] <= value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
