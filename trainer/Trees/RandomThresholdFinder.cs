namespace ChurnEngine.Trainer;

/// <summary>Tries one threshold of a numeric feature, drawn evenly between the least and the largest value of the node (Geurts, Ernst and Wehenkel 2006).</summary>
internal static class RandomThresholdFinder
{
    /// <summary>The split at a drawn threshold, with the better side for missing values.</summary>
    /// <param name="histogram">[B] sums by bin, the missing bin last.</param>
    /// <param name="upperEdges">[B - 1] upper edge of each bin of values.</param>
    /// <param name="node">Sums of the node.</param>
    /// <param name="rule">What counts as gain.</param>
    /// <param name="draw">Where between both ends, 0 up to 1.</param>
    /// <returns>Feature is not set; none exists when the split is not allowed or gains nothing.</returns>
    /// <remarks>Values are known to their bins, so the ends are edges of the outermost bins that hold rows. Where only one does, missing is parted from present.</remarks>
    public static SplitCandidate Find(BinSums histogram, ReadOnlySpan<float> upperEdges, in GradientSums node, in GainRule rule, double draw)
    {
        int values = histogram.Count - 1, first = 0, end = values;
        while (first < end && histogram[first].Rows == 0)
            first++;
        while (end > first && histogram[end - 1].Rows == 0)
            end--;
        if (first == end)
            return default;
        int last = end - first == 1 ? first : Drawn(upperEdges, first, end - 2, draw);
        GradientSums left = default, missing = histogram[values];
        for (int bin = first; bin <= last; bin++)
            left += histogram[bin];
        double score = rule.ScoreToBeat(node);
        bool found = Improves(left, node, rule, ref score), missingGoesLeft = false;
        if (missing.Rows > 0 && Improves(left + missing, node, rule, ref score))
            (found, missingGoesLeft, left) = (true, true, left + missing);
        if (!found)
            return default;
        if (missing.Rows == 0)
            missingGoesLeft = left.Rows > node.Rows - left.Rows;
        var bins = BinSet.UpTo(last);
        if (missingGoesLeft)
            bins.Add(values);
        return new SplitCandidate { Exists = true, Gain = score - rule.Score(node), LastLeftBin = last, MissingGoesLeft = missingGoesLeft, LeftBins = bins, Left = left };
    }

    // The first bin, of those that leave rows on both sides, whose edge reaches the drawn value.
    private static int Drawn(ReadOnlySpan<float> upperEdges, int first, int last, double draw)
    {
        double from = upperEdges[first], threshold = from + draw * ((double)upperEdges[last] - from);
        int bin = first;
        while (bin < last && upperEdges[bin] < threshold)
            bin++;
        return bin;
    }

    private static bool Improves(in GradientSums left, in GradientSums node, in GainRule rule, ref double score)
    {
        GradientSums right = node - left;
        if (!rule.Allows(left) || !rule.Allows(right) || !rule.InOrder(left, right) || !(rule.Score(left) + rule.Score(right) is var both && both > score))
            return false;
        score = both;
        return true;
    }
}
