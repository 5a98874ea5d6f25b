namespace ChurnEngine.Evaluation;

/// <summary>Rows of similar probability, and how often they really were positive: one point of the reliability curve.</summary>
/// <param name="Lowest">Lowest probability in the bin.</param>
/// <param name="Highest">Highest probability in the bin.</param>
/// <param name="Count">Rows, 1 and up.</param>
/// <param name="MeanProbability">Mean predicted probability, 0..1.</param>
/// <param name="PositiveRate">Share of positives, 0..1.</param>
public sealed record ReliabilityBin(float Lowest, float Highest, int Count, double MeanProbability, double PositiveRate);

/// <summary>Compares predicted with observed rates in bins of equal mass.</summary>
public static class Reliability
{
    /// <summary>Bins unless asked otherwise.</summary>
    public const int DefaultBins = 15;

    /// <summary>Cuts the rows by probability into bins of about N / bins rows each.</summary>
    /// <param name="probability">[N] 0..1. NaN is an error.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="bins">Wanted number, 1 and up.</param>
    /// <returns>Bins from low to high. Rows of one probability are never parted, so there may be fewer bins, and unequal ones; none is empty.</returns>
    /// <remarks>Memory: 16 bytes a row from the shared pool. Errors: ArgumentException as <see cref="RocAuc"/>.</remarks>
    public static IReadOnlyList<ReliabilityBin> Bins(ReadOnlySpan<float> probability, ReadOnlySpan<float> labels, int bins = DefaultBins)
    {
        using RankedScores ranked = RankedScores.Sort(probability, labels);
        return Bins(ranked, bins);
    }

    /// <summary>Expected calibration error: the mean over the rows of |mean probability - positive rate| of their bin.</summary>
    /// <inheritdoc cref="Bins(ReadOnlySpan{float}, ReadOnlySpan{float}, int)"/>
    /// <returns>0..1; NaN for no rows. Noise alone gives about sqrt(rate * (1 - rate) * bins / N).</returns>
    public static double ExpectedCalibrationError(ReadOnlySpan<float> probability, ReadOnlySpan<float> labels, int bins = DefaultBins)
    {
        using RankedScores ranked = RankedScores.Sort(probability, labels);
        return ExpectedCalibrationError(ranked, bins);
    }

    internal static double ExpectedCalibrationError(RankedScores ranked, int bins)
    {
        double sum = 0;
        foreach (ReliabilityBin bin in Bins(ranked, bins))
            sum += bin.Count * Math.Abs(bin.MeanProbability - bin.PositiveRate);
        return sum / ranked.Count;
    }

    internal static IReadOnlyList<ReliabilityBin> Bins(RankedScores ranked, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        List<ReliabilityBin> result = [];
        int seen = 0, count = 0;
        long positives = 0;
        double sum = 0;
        float highest = 0;
        foreach (TieGroup group in ranked)
        {
            if (count == 0)
                highest = group.Score;
            seen += group.Count;
            count += group.Count;
            positives += group.Positives;
            sum += (double)group.Score * group.Count;
            // The bin ends with the group that reaches its share; a big group may use up the share of several bins.
            long reached = (long)seen * bins / ranked.Count;
            if (reached > (long)(seen - count) * bins / ranked.Count)
            {
                result.Add(new ReliabilityBin(group.Score, highest, count, sum / count, (double)positives / count));
                (count, positives, sum) = (0, 0, 0);
            }
        }
        result.Reverse();
        return result;
    }
}
