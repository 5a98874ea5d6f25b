using System.Runtime.CompilerServices;

namespace ChurnEngine.Trainer;

/// <summary>Finds the best threshold of a numeric feature, and the side that missing values do best on.</summary>
internal static unsafe class NumericSplitFinder
{
    private const int MostBins = FeatureBundles.MostCodes;

    /// <summary>The best split of a node by one feature.</summary>
    /// <param name="histogram">[B] sums by bin, the missing bin last.</param>
    /// <param name="node">Sums of the node.</param>
    /// <param name="rule">What counts as gain.</param>
    /// <returns>Feature is not set. Among equal gains: missing values right before left, then the lowest threshold.</returns>
    /// <remarks>
    /// A threshold behind the last value bin parts missing from present. Where the node has no missing rows, one that comes later goes with the
    /// larger child. Memory: allocates nothing.
    /// </remarks>
    [SkipLocalsInit]
    public static SplitCandidate Find(BinSums histogram, in GradientSums node, in GainRule rule)
    {
        int values = histogram.Count - 1;
        long* room = stackalloc long[3 * MostBins];
        var below = new BinSums(room, values);
        AddUp(histogram, below);
        GradientSums missing = histogram[values];
        double score = rule.ScoreToBeat(node);
        bool missingGoesLeft = false;
        int last = SplitScanKernel.Run(below, missing.Rows == 0 ? values - 1 : values, default, node, rule, ref score);
        if (missing.Rows > 0 && SplitScanKernel.Run(below, values - 1, missing, node, rule, ref score) is var lastWithMissing and >= 0)
            (last, missingGoesLeft) = (lastWithMissing, true);
        if (last < 0)
            return default;
        GradientSums left = missingGoesLeft ? below[last] + missing : below[last];
        if (missing.Rows == 0)
            missingGoesLeft = left.Rows > node.Rows - left.Rows;
        var bins = BinSet.UpTo(last);
        if (missingGoesLeft)
            bins.Add(values);
        return new SplitCandidate { Exists = true, Gain = score - rule.Score(node), LastLeftBin = last, MissingGoesLeft = missingGoesLeft, LeftBins = bins, Left = left };
    }

    // An empty bin repeats the sums below it: its threshold scores the same and, not being the lowest, is never taken.
    private static void AddUp(BinSums histogram, BinSums below)
    {
        AddUp(histogram.Gradients, below.Gradients, below);
        AddUp(histogram.Hessians, below.Hessians, below);
        AddUp(histogram.Rows, below.Rows, below);
    }

    private static void AddUp(long* from, long* to, BinSums below)
    {
        long sum = 0;
        nint bin = 0;
        for (nint count = below.Count; bin < count; bin++)
            to[bin] = sum += from[bin];
        for (nint padded = below.Padded; bin < padded; bin++)
            to[bin] = sum;
    }
}
