namespace ChurnEngine.Monitoring;

/// <summary>How far a feature is from where it was at training, by several measures; each over the bins of the training distribution.</summary>
/// <remarks>Shares are of all rows; where a measure says "with the missing" the last bin holds the rows without a value. An empty bin counts as half a row, so that no logarithm is infinite.</remarks>
public static class DriftMeasures
{
    /// <summary>Population stability index: the sum over the bins of (now - then) ln(now / then).</summary>
    /// <param name="then">[B] rows at training, with the missing.</param>
    /// <param name="now">[B] rows now, same bins.</param>
    /// <returns>Nats, 0 and up, with its variance and the bias that chance alone gives; 0.2 is the usual alarm.</returns>
    /// <remarks>Variance by the delta method for two multinomial samples; bias (B - 1)(1/n + 1/m). Source: Siddiqi 2006, ch. 6; Yurdakul 2018, ch. 3.</remarks>
    public static (double Value, double Variance, double Bias) StabilityIndex(ReadOnlySpan<double> then, ReadOnlySpan<double> now)
    {
        CheckBins(then, now);
        double n = Sum(then), m = Sum(now), value = 0;
        double first = 0, firstMean = 0, second = 0, secondMean = 0;
        int bins = 0;
        for (int bin = 0; bin < then.Length; bin++)
        {
            if (then[bin] == 0 && now[bin] == 0)
                continue;
            bins++;
            double q = Share(then[bin], n), p = Share(now[bin], m), ratio = Math.Log(p / q);
            value += (p - q) * ratio;
            double byNow = ratio + 1 - q / p, byThen = 1 - ratio - p / q;
            (first, firstMean) = (first + p * byNow * byNow, firstMean + p * byNow);
            (second, secondMean) = (second + q * byThen * byThen, secondMean + q * byThen);
        }
        return (value, (first - firstMean * firstMean) / m + (second - secondMean * secondMean) / n, (bins - 1) * (1 / n + 1 / m));
    }

    /// <summary>Kullback-Leibler divergence of now from then, with the missing: the sum of now ln(now / then).</summary>
    /// <returns>Nats, 0 and up.</returns>
    public static double KullbackLeibler(ReadOnlySpan<double> then, ReadOnlySpan<double> now)
    {
        CheckBins(then, now);
        double n = Sum(then), m = Sum(now), value = 0;
        for (int bin = 0; bin < then.Length; bin++)
        {
            if (now[bin] > 0)
                value += now[bin] / m * Math.Log(now[bin] / m / Share(then[bin], n));
        }
        return Math.Max(0, value);
    }

    /// <summary>Jensen-Shannon distance, with the missing: the root of the mean divergence of both from their middle, in bits.</summary>
    /// <returns>0..1.</returns>
    /// <remarks>Source: Endres and Schindelin 2003.</remarks>
    public static double JensenShannon(ReadOnlySpan<double> then, ReadOnlySpan<double> now)
    {
        CheckBins(then, now);
        double n = Sum(then), m = Sum(now), value = 0;
        for (int bin = 0; bin < then.Length; bin++)
        {
            double q = then[bin] / n, p = now[bin] / m, middle = (p + q) / 2;
            value += Half(p, middle) + Half(q, middle);
        }
        return Math.Sqrt(Math.Clamp(value / 2, 0, 1));

        static double Half(double share, double middle) => share > 0 ? share * Math.Log2(share / middle) : 0;
    }

    /// <summary>Kolmogorov-Smirnov distance of the values that are there: the largest difference of the distribution functions at the edges of the bins.</summary>
    /// <param name="then">[B] rows at training, without the missing, bins in order.</param>
    /// <param name="now">[B] rows now.</param>
    /// <returns>0..1; NaN when either has no value. Between the edges it may be larger by the share of one bin.</returns>
    public static double KolmogorovSmirnov(ReadOnlySpan<double> then, ReadOnlySpan<double> now)
    {
        CheckBins(then, now);
        double n = Sum(then), m = Sum(now), before = 0, after = 0, most = 0;
        if (n == 0 || m == 0)
            return double.NaN;
        for (int bin = 0; bin < then.Length; bin++)
        {
            before += then[bin] / n;
            after += now[bin] / m;
            most = Math.Max(most, Math.Abs(after - before));
        }
        return Math.Min(1, most);
    }

    /// <summary>Wasserstein distance of the values between the first and the last edge, in units of the training distribution's width between its quartiles: how far the mass has moved.</summary>
    /// <param name="then">[B] rows at training, without the missing.</param>
    /// <param name="now">[B] rows now.</param>
    /// <param name="upperEdges">[B - 1] ascending.</param>
    /// <returns>0 and up; NaN with fewer than two edges, no width, or no value. What lies beyond the outer edges counts as lying there, so it is a lower bound.</returns>
    /// <remarks>The distribution functions are taken as straight between edges. Source: Vallender 1974 for the one-dimensional form.</remarks>
    public static double Wasserstein(ReadOnlySpan<double> then, ReadOnlySpan<double> now, ReadOnlySpan<float> upperEdges)
    {
        CheckBins(then, now);
        double n = Sum(then), m = Sum(now), before = 0, difference = 0, distance = 0;
        if (n == 0 || m == 0 || upperEdges.Length < 2)
            return double.NaN;
        double lower = double.NaN, upper = double.NaN;
        for (int bin = 0; bin < upperEdges.Length; bin++)
        {
            double last = difference;
            before += then[bin] / n;
            difference += now[bin] / m - then[bin] / n;
            if (bin > 0)
                distance += Area(last, difference) * (upperEdges[bin] - (double)upperEdges[bin - 1]);
            if (double.IsNaN(lower) && before >= 0.25)
                lower = upperEdges[bin];
            if (double.IsNaN(upper) && before >= 0.75)
                upper = upperEdges[bin];
        }
        double width = (double.IsNaN(upper) ? upperEdges[^1] : upper) - (double.IsNaN(lower) ? upperEdges[0] : lower);
        if (width <= 0)
            width = upperEdges[^1] - (double)upperEdges[0];
        return width > 0 && double.IsFinite(width) ? distance / width : double.NaN;

        // Between two points of a straight line, which may cross zero.
        static double Area(double a, double b) => a * b >= 0 ? Math.Abs(a + b) / 2 : (a * a + b * b) / (2 * (Math.Abs(a) + Math.Abs(b)));
    }

    /// <summary>Pearson's chi-squared test that both samples come from one distribution, with the missing.</summary>
    /// <returns>The statistic, its degrees of freedom, and how likely chance alone gives as much, 0..1; 1 with one bin.</returns>
    public static (double Statistic, int Degrees, double PValue) ChiSquared(ReadOnlySpan<double> then, ReadOnlySpan<double> now)
    {
        CheckBins(then, now);
        double n = Sum(then), m = Sum(now), statistic = 0;
        int bins = 0;
        for (int bin = 0; bin < then.Length; bin++)
        {
            double both = then[bin] + now[bin];
            if (both == 0)
                continue;
            bins++;
            double expected = both * m / (n + m), other = both - expected;
            statistic += (now[bin] - expected) * (now[bin] - expected) * (1 / expected + 1 / other);
        }
        return (statistic, bins - 1, bins < 2 ? 1 : 1 - ChiSquaredLaw(bins - 1, statistic));
    }

    private static double ChiSquaredLaw(int degrees, double statistic) => MathNet.Numerics.Distributions.ChiSquared.CDF(degrees, statistic);

    /// <summary>Adjusts p-values of many tests so that calling all below alpha drifted is wrong for a share of alpha of them.</summary>
    /// <param name="pValues">[T] 0..1.</param>
    /// <returns>[T] adjusted, in the same order.</returns>
    /// <remarks>Source: Benjamini and Hochberg 1995.</remarks>
    public static double[] FalseDiscoveryRate(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        int[] order = [.. Enumerable.Range(0, pValues.Count).OrderByDescending(i => pValues[i])];
        double[] adjusted = new double[pValues.Count];
        double least = 1;
        for (int rank = 0; rank < order.Length; rank++)
            adjusted[order[rank]] = least = Math.Min(least, pValues[order[rank]] * order.Length / (order.Length - rank));
        return adjusted;
    }

    /// <summary>Half the width of a 95% interval in standard errors.</summary>
    internal const double Normal95 = 1.959963984540054;

    private static double Share(double count, double total) => Math.Max(count, 0.5) / total;

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum;
    }

    private static void CheckBins(ReadOnlySpan<double> then, ReadOnlySpan<double> now)
    {
        if (then.Length != now.Length)
            throw new ArgumentException($"{then.Length} bins then, {now.Length} now", nameof(now));
    }
}
