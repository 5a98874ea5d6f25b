namespace ChurnEngine.Evaluation;

/// <summary>How rich in positives the highest-scored share of the rows is.</summary>
public static class TopShare
{
    /// <summary>Share of positives among the top rows. Ties across the cut count with their average, so the order of equal rows never matters.</summary>
    /// <param name="scores">[N] any score that grows with the risk. NaN is an error.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="share">Above 0, at most 1; 0.1 is the top decile. At least one row is taken.</param>
    /// <returns>0..1; NaN for no rows.</returns>
    /// <remarks>Memory: 16 bytes a row from the shared pool. Errors: ArgumentException as <see cref="RocAuc"/>.</remarks>
    public static double Precision(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, double share)
    {
        using RankedScores ranked = RankedScores.Sort(scores, labels);
        return Precision(ranked, share);
    }

    /// <summary>Precision among the top rows over the positive rate of all rows: 1 is no better than chance.</summary>
    /// <inheritdoc cref="Precision(ReadOnlySpan{float}, ReadOnlySpan{float}, double)"/>
    /// <returns>0 and up; NaN when no row is positive.</returns>
    public static double Lift(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, double share)
    {
        using RankedScores ranked = RankedScores.Sort(scores, labels);
        return Lift(ranked, share);
    }

    internal static double Lift(RankedScores ranked, double share) =>
        ranked.Positives == 0 ? double.NaN : Precision(ranked, share) * ranked.Count / ranked.Positives;

    internal static double Precision(RankedScores ranked, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        if (ranked.Count == 0)
            return double.NaN;
        int top = Math.Max(1, (int)Math.Round(share * ranked.Count, MidpointRounding.AwayFromZero));
        int left = top;
        double positives = 0;
        foreach (TieGroup group in ranked)
        {
            int taken = Math.Min(left, group.Count);
            positives += (double)group.Positives * taken / group.Count;
            left -= taken;
            if (left == 0)
                break;
        }
        return positives / top;
    }
}
