namespace ChurnEngine.Evaluation;

/// <summary>Area under the precision-recall curve as average precision: the sum over thresholds of precision times the recall gained, without interpolation.</summary>
public static class AveragePrecision
{
    /// <summary>Computes it; rows of one score enter together.</summary>
    /// <param name="scores">[N] any score that grows with the risk. NaN is an error.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <returns>0..1, for random scores about the positive rate; NaN when only one class is present.</returns>
    /// <remarks>Memory: 16 bytes a row from the shared pool, O(N). Errors: ArgumentException as <see cref="RocAuc"/>.
    /// Source: scikit-learn's average_precision_score has the same definition.</remarks>
    public static double Compute(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        using RankedScores ranked = RankedScores.Sort(scores, labels);
        return Compute(ranked);
    }

    /// <summary>Computes it where rows have weights.</summary>
    /// <param name="scores">[N] as in the other form.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="weights">[N] 0 and up, or empty for 1 everywhere.</param>
    /// <returns>0..1; NaN when one class has no weight.</returns>
    /// <remarks>Memory: 8 bytes a row from the shared pool, O(N log N). Errors and source: as the other form.</remarks>
    public static double Compute(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        if (weights.IsEmpty)
            return Compute(scores, labels);
        double sum = 0, truePositives = 0, flagged = 0;
        foreach (WeightedGroup group in WeightedRanks.Sort(scores, labels, weights))
        {
            truePositives += group.Positives;
            flagged += group.Positives + group.Negatives;
            // A group without weight would divide 0 by 0 before the first that has some.
            if (group.Positives > 0)
                sum += group.Positives * truePositives / flagged;
        }
        return flagged > truePositives ? sum / truePositives : double.NaN;
    }

    internal static double Compute(RankedScores ranked)
    {
        if (!ranked.HasBothClasses)
            return double.NaN;
        double sum = 0;
        long truePositives = 0, flagged = 0;
        foreach (TieGroup group in ranked)
        {
            truePositives += group.Positives;
            flagged += group.Count;
            sum += (double)group.Positives * truePositives / flagged;
        }
        return sum / ranked.Positives;
    }
}
