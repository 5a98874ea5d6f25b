using MathNet.Numerics.Distributions;

namespace ChurnEngine.Bench;

/// <summary>How much longer A takes than B, from rounds in which both ran side by side.</summary>
/// <param name="Value">A / B.</param>
/// <param name="Range">95% confidence interval; null with a single round.</param>
internal sealed record PairedRatio(double Value, Interval? Range)
{
    private const double Confidence = 0.95;

    /// <summary>Below this a rank interval of 95% does not exist.</summary>
    private const int FewestForRanks = 6;

    /// <summary>Ratio of <paramref name="a"/> to <paramref name="b"/>, both in round order.</summary>
    /// <remarks>
    /// Works on the logarithm of each round's ratio: load that lasts a whole round cancels, and A/B and B/A give reciprocal answers.
    /// Six rounds and more: the Hodges-Lehmann estimate (the median of all pairwise means) with its exact Wilcoxon interval, so that a burst that
    /// hits single rounds moves nothing: up to 29% of them may be wild. A t interval would widen with every burst, and a bootstrap of a median
    /// of ten values covers less than it says. Fewer rounds: mean and t interval, which is all they allow.
    /// Source: Hollander, Wolfe and Chicken 2014, sections 3.1 to 3.3; ratios with intervals instead of p-values: Kalibera and Jones 2013.
    /// </remarks>
    public static PairedRatio Of(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        if (a.Count != b.Count || a.Count == 0)
            throw new ArgumentException($"{a.Count} and {b.Count} rounds make no pairs", nameof(b));
        double[] logs = [.. a.Zip(b, (x, y) => Math.Log(x / y))];
        if (!logs.All(double.IsFinite))
            throw new ArgumentException("a measurement is not above zero", nameof(a));
        return logs.Length < FewestForRanks ? ByMean(logs) : ByRanks(logs);
    }

    private static PairedRatio ByMean(double[] logs)
    {
        double mean = logs.Average();
        if (logs.Length == 1)
            return new PairedRatio(Math.Exp(mean), null);
        double deviation = Math.Sqrt(logs.Sum(value => (value - mean) * (value - mean)) / (logs.Length - 1));
        double reach = StudentT.InvCDF(0, 1, logs.Length - 1, (1 + Confidence) / 2) * deviation / Math.Sqrt(logs.Length);
        return new PairedRatio(Math.Exp(mean), new Interval(Math.Exp(mean - reach), Math.Exp(mean + reach)));
    }

    private static PairedRatio ByRanks(double[] logs)
    {
        var means = new List<double>(logs.Length * (logs.Length + 1) / 2);
        for (int i = 0; i < logs.Length; i++)
        {
            for (int j = i; j < logs.Length; j++)
                means.Add((logs[i] + logs[j]) / 2);
        }
        means.Sort();
        int cut = SignedRankCut(logs.Length);
        return new PairedRatio(Math.Exp(Sample.Median(means)), new Interval(Math.Exp(means[cut]), Math.Exp(means[^(cut + 1)])));
    }

    /// <summary>How many of the smallest pairwise means lie outside the interval: the largest c with P(W &lt; c) at most half the error, W the signed-rank sum.</summary>
    internal static int SignedRankCut(int n)
    {
        int total = n * (n + 1) / 2;
        // ways[w]: subsets of the ranks 1..n whose sum is w, each as likely as any other when A and B do not differ.
        double[] ways = new double[total + 1];
        ways[0] = 1;
        for (int rank = 1; rank <= n; rank++)
        {
            for (int w = total; w >= rank; w--)
                ways[w] += ways[w - rank];
        }
        double below = 0, allowed = (1 - Confidence) / 2 * Math.Pow(2, n);
        int cut = 0;
        while (below + ways[cut] <= allowed)
            below += ways[cut++];
        return cut;
    }
}
