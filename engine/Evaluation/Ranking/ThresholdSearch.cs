namespace ChurnEngine.Evaluation;

/// <summary>A threshold and what it reaches on the rows it was chosen on.</summary>
/// <param name="Threshold">Probability from which a row counts as positive; exactly a float32, so every runtime decides alike.</param>
/// <param name="Value">The metric reached, 0..1.</param>
public sealed record ThresholdChoice(double Threshold, double Value);

/// <summary>Chooses the probability from which a customer counts as a churner.</summary>
public static class ThresholdSearch
{
    /// <summary>The threshold with the best F1; of equals, the highest, which flags the fewest.</summary>
    /// <param name="probability">[N] 0..1. NaN is an error.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <returns>The middle between the lowest flagged and the highest unflagged probability, so that a rounding difference between
    /// runtimes moves no row across; (0.5, 0) when no row is positive.</returns>
    /// <remarks>Memory: 16 bytes a row from the shared pool. Errors: ArgumentException as <see cref="RocAuc"/>.</remarks>
    public static ThresholdChoice BestF1(ReadOnlySpan<float> probability, ReadOnlySpan<float> labels)
    {
        using RankedScores ranked = RankedScores.Sort(probability, labels);
        return BestF1(ranked);
    }

    internal static ThresholdChoice BestF1(RankedScores ranked)
    {
        if (ranked.Positives == 0)
            return new ThresholdChoice(0.5, 0);
        double best = -1;
        float lowestFlagged = 0, highestUnflagged = 0;
        bool awaitsNext = false;
        long truePositives = 0, flagged = 0;
        foreach (TieGroup group in ranked)
        {
            if (awaitsNext)
                (highestUnflagged, awaitsNext) = (group.Score, false);
            truePositives += group.Positives;
            flagged += group.Count;
            double f1 = 2.0 * truePositives / (flagged + ranked.Positives);
            if (f1 > best)
                (best, lowestFlagged, awaitsNext) = (f1, group.Score, true);
        }
        if (awaitsNext)
            highestUnflagged = 0;
        float middle = (float)(0.5 * ((double)lowestFlagged + highestUnflagged));
        return new ThresholdChoice(middle > highestUnflagged || highestUnflagged == lowestFlagged ? middle : lowestFlagged, best);
    }
}
