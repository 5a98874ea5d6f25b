namespace ChurnEngine.Bench;

/// <summary>Repeated measurements of one thing, summed up so that a burst of other work does not carry the result.</summary>
internal static class Sample
{
    /// <summary>The middle value; the mean of the two middle ones where there are two.</summary>
    public static double Median(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
            throw new ArgumentException("no measurements", nameof(values));
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>95% interval of the median, or null where so few measurements allow none (below six).</summary>
    /// <remarks>Order statistics: the interval from the k-th smallest to the k-th largest misses the median when fewer than k values fall on one side,
    /// which has a binomial probability whatever the distribution. Source: Hollander, Wolfe and Chicken 2014, section 3.6.</remarks>
    public static Interval? MedianInterval(IReadOnlyCollection<double> values)
    {
        int n = values.Count;
        double[] sorted = [.. values.Order()];
        double outside = 0, term = Math.Pow(0.5, n);
        int k = 0;
        // Each step adds P(exactly k below), twice for the two sides, as long as at most 5% lies outside.
        while (outside + 2 * term <= 0.05)
        {
            outside += 2 * term;
            term *= (n - k) / (k + 1.0);
            k++;
        }
        return k == 0 ? null : new Interval(sorted[k - 1], sorted[n - k]);
    }
}
