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
