namespace ChurnEngine.Evaluation;

/// <summary>What one threshold flags.</summary>
/// <param name="Threshold">Rows at or above it are flagged; above 1 for none.</param>
/// <param name="Flagged">Rows flagged.</param>
/// <param name="TruePositives">Positives among them.</param>
public readonly record struct CutPoint(double Threshold, long Flagged, long TruePositives);

/// <summary>All thresholds of a sample: what ROC, precision-recall, gain, lift and cost curves are drawn of.</summary>
/// <param name="Points">From no row flagged to all of them; rows of one score enter together.</param>
/// <param name="Rows">N.</param>
/// <param name="Positives">Rows with label 1.</param>
public sealed record CutCurve(IReadOnlyList<CutPoint> Points, long Rows, long Positives)
{
    /// <summary>Goes through the rows from the highest score down.</summary>
    /// <param name="scores">[N] 0..1, or anything that grows with the risk. NaN is an error.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="mostPoints">Points to keep at most, about evenly spaced in both classes; 2 and up.</param>
    /// <remarks>Memory: 16 bytes a row from the shared pool. Errors: ArgumentException as <see cref="RocAuc"/>.</remarks>
    public static CutCurve Of(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, int mostPoints = 400)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostPoints, 2);
        using RankedScores ranked = RankedScores.Sort(scores, labels);
        var points = new List<CutPoint> { new(double.PositiveInfinity, 0, 0) };
        long flagged = 0, hits = 0;
        // Half of the points by each class, so that neither the steep nor the flat end of a curve is a few long lines.
        int step = mostPoints / 2, shown = 0;
        foreach (TieGroup group in ranked)
        {
            flagged += group.Count;
            hits += group.Positives;
            int due = (int)(hits * step / Math.Max(1, ranked.Positives) + (flagged - hits) * step / Math.Max(1, ranked.Negatives));
            if (due <= shown && flagged < ranked.Count)
                continue;
            shown = due;
            points.Add(new CutPoint(group.Score, flagged, hits));
        }
        return new CutCurve(points, ranked.Count, ranked.Positives);
    }
}

/// <summary>How scores are distributed, by outcome.</summary>
/// <param name="Negatives">[B] rows with label 0 in each of B bins of equal width over 0..1.</param>
/// <param name="Positives">[B] rows with label 1.</param>
public sealed record ScoreHistogram(long[] Negatives, long[] Positives)
{
    /// <summary>Counts.</summary>
    /// <param name="probability">[N] 0..1; the last bin holds 1 too. NaN is an error.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="bins">B, 1 and up.</param>
    /// <remarks>Errors: ArgumentException when the lengths differ; IndexOutOfRangeException beyond 0..1.</remarks>
    public static ScoreHistogram Of(ReadOnlySpan<float> probability, ReadOnlySpan<float> labels, int bins = 40)
    {
        if (probability.Length != labels.Length)
            throw new ArgumentException($"{probability.Length} probabilities but {labels.Length} labels", nameof(labels));
        var histogram = new ScoreHistogram(new long[bins], new long[bins]);
        for (int row = 0; row < labels.Length; row++)
            (labels[row] == 1 ? histogram.Positives : histogram.Negatives)[Math.Min(bins - 1, (int)(probability[row] * bins))]++;
        return histogram;
    }
}
