namespace ChurnEngine.Trainer;

/// <summary>Finds the best threshold of a numeric feature, and the side that missing values do best on.</summary>
internal static class NumericSplitFinder
{
    /// <summary>The best split of a node by one feature.</summary>
    /// <param name="histogram">[B] sums by bin, the missing bin last.</param>
    /// <param name="node">Sums of the node.</param>
    /// <param name="rule">What counts as gain.</param>
    /// <returns>Feature is not set. Among equal gains: missing values right before left, then the lowest threshold.</returns>
    /// <remarks>
    /// A threshold behind the last value bin parts missing from present. Where the node has no missing rows, one that comes later goes with the
    /// larger child. An empty bin's threshold scores the same as the one below it and, not being the lowest, is never taken. Memory: allocates nothing.
    /// </remarks>
    public static SplitCandidate Find(BinSums histogram, in GradientSums node, in GainRule rule)
    {
        int values = histogram.Count - 1;
        GradientSums missing = histogram[values];
        double score = rule.ScoreToBeat(node);
        bool missingGoesLeft = false;
        int last = SplitScanKernel.Run(histogram, missing.Rows == 0 ? values - 1 : values, default, node, rule, ref score);
        if (missing.Rows > 0 && SplitScanKernel.Run(histogram, values - 1, missing, node, rule, ref score) is var lastWithMissing and >= 0)
            (last, missingGoesLeft) = (lastWithMissing, true);
        if (last < 0)
            return default;
        GradientSums left = SplitScanKernel.Sum(histogram, last + 1);
        if (missingGoesLeft)
            left += missing;
        if (missing.Rows == 0)
            missingGoesLeft = left.Rows > node.Rows - left.Rows;
        var bins = BinSet.UpTo(last);
        if (missingGoesLeft)
            bins.Add(values);
        return new SplitCandidate { Exists = true, Gain = score - rule.Score(node), LastLeftBin = last, MissingGoesLeft = missingGoesLeft, LeftBins = bins, Left = left };
    }
}
