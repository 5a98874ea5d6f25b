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
    /// larger child. Memory: allocates nothing.
    /// </remarks>
    public static SplitCandidate Find(ReadOnlySpan<GradientSums> histogram, in GradientSums node, in GainRule rule)
    {
        ReadOnlySpan<GradientSums> values = histogram[..^1];
        GradientSums missing = histogram[^1];
        double toBeat = rule.ScoreToBeat(node);
        var scan = new Scan(node, toBeat);
        if (missing.Rows == 0)
        {
            scan.Run(values[..^1], default, rule);
            scan.MissingGoesLeft = scan.Left.Rows > node.Rows - scan.Left.Rows;
        }
        else
        {
            scan.Run(values, default, rule);
            var missingLeft = new Scan(node, scan.Score) { MissingGoesLeft = true };
            missingLeft.Run(values[..^1], missing, rule);
            if (missingLeft.LastLeftBin >= 0)
                scan = missingLeft;
        }
        return scan.LastLeftBin < 0 ? default : scan.ToSplit(rule.Score(node), missingBin: values.Length);
    }

    private struct Scan(GradientSums node, double toBeat)
    {
        public double Score = toBeat;
        public int LastLeftBin = -1;
        public bool MissingGoesLeft;
        public GradientSums Left;

        public void Run(ReadOnlySpan<GradientSums> values, GradientSums left, in GainRule rule)
        {
            for (int bin = 0; bin < values.Length; bin++)
            {
                // An empty bin moves no row, and the threshold below it is as good.
                if (values[bin].Rows == 0)
                    continue;
                left += values[bin];
                GradientSums right = node - left;
                if (!rule.Allows(left) || !rule.Allows(right))
                    continue;
                double score = rule.Score(left) + rule.Score(right);
                if (score > Score)
                    (Score, LastLeftBin, Left) = (score, bin, left);
            }
        }

        public readonly SplitCandidate ToSplit(double nodeScore, int missingBin)
        {
            var bins = BinSet.UpTo(LastLeftBin);
            if (MissingGoesLeft)
                bins.Add(missingBin);
            return new SplitCandidate { Exists = true, Gain = Score - nodeScore, LastLeftBin = LastLeftBin, MissingGoesLeft = MissingGoesLeft, LeftBins = bins, Left = Left };
        }
    }
}
