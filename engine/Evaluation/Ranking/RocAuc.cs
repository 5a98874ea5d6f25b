namespace ChurnEngine.Evaluation;

/// <summary>An area under the ROC curve with its uncertainty.</summary>
/// <param name="Auc">0..1; NaN when only one class is present.</param>
/// <param name="StandardError">Of the area, 0 and up; NaN with fewer than two rows of a class.</param>
/// <param name="Lower">Lower end of the 95% interval, at least 0; NaN as the standard error.</param>
/// <param name="Upper">Upper end of the 95% interval, at most 1; NaN as the standard error.</param>
public sealed record AucInterval(double Auc, double StandardError, double Lower, double Upper);

/// <summary>Area under the ROC curve: the chance that a random positive outranks a random negative, a tie counting half.</summary>
public static class RocAuc
{
    private const double NormalQuantile975 = 1.959963984540054;

    /// <summary>Computes the area, exact under ties (it is a ratio of two integers).</summary>
    /// <param name="scores">[N] any score that grows with the risk: probability, margin or a feature; infinities are in order. NaN is an error.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <returns>0..1; NaN when only one class is present.</returns>
    /// <remarks>Memory: 16 bytes a row from the shared pool, O(N). Errors: ArgumentException when the lengths differ, a score is NaN or a label is not 0 or 1.
    /// Source: Hanley and McNeil 1982 (the Mann-Whitney form).</remarks>
    public static double Compute(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        using RankedScores ranked = RankedScores.Sort(scores, labels);
        return Compute(ranked);
    }

    /// <summary>Computes the area where rows have weights: a pair of rows counts as the product of theirs.</summary>
    /// <param name="scores">[N] as in <see cref="Compute(ReadOnlySpan{float}, ReadOnlySpan{float})"/>.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="weights">[N] 0 and up, or empty for 1 everywhere.</param>
    /// <returns>0..1; NaN when one class has no weight.</returns>
    /// <remarks>Memory: 8 bytes a row from the shared pool, O(N log N). Errors: as Compute.</remarks>
    public static double Compute(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        if (weights.IsEmpty)
            return Compute(scores, labels);
        double wins = 0, positives = 0, negatives = 0;
        foreach (WeightedGroup group in WeightedRanks.Sort(scores, labels, weights))
        {
            wins += group.Negatives * (positives + 0.5 * group.Positives);
            positives += group.Positives;
            negatives += group.Negatives;
        }
        return wins / (positives * negatives);
    }

    /// <summary>Computes the area and its 95% interval by DeLong's structural components.</summary>
    /// <param name="scores">[N] as in <see cref="Compute(ReadOnlySpan{float}, ReadOnlySpan{float})"/>.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <remarks>The rows must be independent: several snapshots of one customer make the interval too narrow.
    /// Memory and errors: as Compute. Source: DeLong, DeLong and Clarke-Pearson 1988; the sort as in Sun and Xu 2014.</remarks>
    public static AucInterval DeLong(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        using RankedScores ranked = RankedScores.Sort(scores, labels);
        return DeLong(ranked);
    }

    internal static double Compute(RankedScores ranked)
    {
        if (!ranked.HasBothClasses)
            return double.NaN;
        // Twice the Mann-Whitney count, so that half a tie stays an integer: at most 2 * 2^30 * 2^30, inside a long.
        long twiceWins = 0, positivesAbove = 0;
        foreach (TieGroup group in ranked)
        {
            twiceWins += group.Negatives * (2 * positivesAbove + group.Positives);
            positivesAbove += group.Positives;
        }
        return twiceWins / (2.0 * ranked.Positives * ranked.Negatives);
    }

    internal static AucInterval DeLong(RankedScores ranked)
    {
        double auc = Compute(ranked);
        if (ranked.Positives < 2 || ranked.Negatives < 2)
            return new AucInterval(auc, double.NaN, double.NaN, double.NaN);

        // A component is the share of the other class that one row outranks (a positive) or is outranked by (a negative); both average to the area.
        double positiveSquares = 0, negativeSquares = 0;
        long positivesAbove = 0, negativesBelow = ranked.Negatives;
        foreach (TieGroup group in ranked)
        {
            negativesBelow -= group.Negatives;
            double positive = (negativesBelow + 0.5 * group.Negatives) / ranked.Negatives - auc;
            double negative = (positivesAbove + 0.5 * group.Positives) / ranked.Positives - auc;
            positiveSquares += group.Positives * positive * positive;
            negativeSquares += group.Negatives * negative * negative;
            positivesAbove += group.Positives;
        }
        double variance = positiveSquares / (ranked.Positives - 1.0) / ranked.Positives + negativeSquares / (ranked.Negatives - 1.0) / ranked.Negatives;
        double error = Math.Sqrt(variance);
        return new AucInterval(auc, error, Math.Max(0, auc - NormalQuantile975 * error), Math.Min(1, auc + NormalQuantile975 * error));
    }
}
