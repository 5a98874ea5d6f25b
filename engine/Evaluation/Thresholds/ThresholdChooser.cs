namespace ChurnEngine.Evaluation;

/// <summary>Chooses a threshold by a <see cref="ThresholdRule"/>.</summary>
public static class ThresholdChooser
{
    // A cut that no rule may take: it breaks the floor, or the capacity.
    private const double Refused = double.NegativeInfinity;

    /// <summary>Goes through all cuts, from the highest probability down, and takes the best by the rule; of equals the one that flags the fewest.</summary>
    /// <param name="rule">By what.</param>
    /// <param name="probability">[N] 0..1, calibrated. NaN is an error.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <returns>The middle between the lowest flagged and the highest unflagged probability, so that a rounding difference between runtimes moves no row across;
    /// of expected value cost / (value * save rate), which the calibrated probability is compared with as it is. Without positives a rule that needs them gives 0.5, not kept.</returns>
    /// <remarks>Memory: 16 bytes a row from the shared pool. Errors: ArgumentException as <see cref="RocAuc"/>.</remarks>
    public static ThresholdDecision Choose(ThresholdRule rule, ReadOnlySpan<float> probability, ReadOnlySpan<float> labels)
    {
        ArgumentNullException.ThrowIfNull(rule);
        using RankedScores ranked = RankedScores.Sort(probability, labels);
        if (ranked.Count == 0 || ranked.Positives == 0 && rule.NeedsLabels)
            return At(0.5f, isKept: false, ranked);
        switch (rule)
        {
            case ThresholdRule.ByValue value:
                double cut = value.Cost / (value.Value * value.SaveRate);
                return At((float)Math.Min(1, cut), isKept: cut <= 1, ranked);
            case ThresholdRule.ByFBeta f:
                double square = f.Beta * f.Beta;
                return Best(ranked, (hits, flagged) => (1 + square) * hits / (flagged + square * ranked.Positives)).Decision;
            case ThresholdRule.ByPrecision floor:
                return Floor(ranked, (hits, flagged) => hits >= floor.AtLeast * flagged ? hits : Refused, (hits, flagged) => (double)hits / flagged);
            case ThresholdRule.ByRecall floor:
                return Floor(ranked, (hits, flagged) => hits >= floor.AtLeast * ranked.Positives ? (double)hits / flagged : Refused, (hits, _) => hits);
            case ThresholdRule.ByCapacity capacity:
                return Floor(ranked, (_, flagged) => flagged <= capacity.Contacts ? flagged : Refused, (_, flagged) => -flagged);
            default:
                throw new ArgumentException(rule.ToString(), nameof(rule));
        }
    }

    private static ThresholdDecision Floor(RankedScores ranked, Func<long, long, double> rule, Func<long, long, double> nearest)
    {
        (ThresholdDecision decision, double value) = Best(ranked, rule);
        return value > Refused ? decision : Best(ranked, nearest).Decision with { IsKept = false };
    }

    private static (ThresholdDecision Decision, double Value) Best(RankedScores ranked, Func<long, long, double> value)
    {
        double best = Refused;
        float lowestFlagged = 0, highestUnflagged = 0;
        bool awaitsNext = false;
        long hits = 0, flagged = 0;
        foreach (TieGroup group in ranked)
        {
            if (awaitsNext)
                (highestUnflagged, awaitsNext) = (group.Score, false);
            hits += group.Positives;
            flagged += group.Count;
            double here = value(hits, flagged);
            if (here > best)
                (best, lowestFlagged, awaitsNext) = (here, group.Score, true);
        }
        if (awaitsNext)
            highestUnflagged = 0;
        return (At(Between(lowestFlagged, highestUnflagged), isKept: true, ranked), best);
    }

    private static float Between(float lowestFlagged, float highestUnflagged)
    {
        float middle = (float)(0.5 * ((double)lowestFlagged + highestUnflagged));
        return middle > highestUnflagged || highestUnflagged == lowestFlagged ? middle : lowestFlagged;
    }

    private static ThresholdDecision At(float threshold, bool isKept, RankedScores ranked)
    {
        long hits = 0, flagged = 0;
        foreach (TieGroup group in ranked)
        {
            if (group.Score < threshold)
                break;
            hits += group.Positives;
            flagged += group.Count;
        }
        return new ThresholdDecision(threshold, isKept, flagged == 0 ? 0 : (double)hits / flagged, ranked.Positives == 0 ? 0 : (double)hits / ranked.Positives, flagged, ranked.Count);
    }
}
