namespace ChurnEngine.Evaluation;

/// <summary>The confusion matrix at a threshold.</summary>
/// <param name="TruePositives">Positives flagged.</param>
/// <param name="FalsePositives">Negatives flagged.</param>
/// <param name="FalseNegatives">Positives missed.</param>
/// <param name="TrueNegatives">Negatives left alone.</param>
public readonly record struct Confusion(long TruePositives, long FalsePositives, long FalseNegatives, long TrueNegatives)
{
    /// <summary>Share of the flagged that are positive, 0..1; 0 when none is flagged.</summary>
    public double Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>Share of the positives that are flagged, 0..1; 0 when there is no positive.</summary>
    public double Recall => Ratio(TruePositives, TruePositives + FalseNegatives);

    /// <summary>Harmonic mean of precision and recall, 0..1; 0 when neither a positive nor a flag exists.</summary>
    public double F1 => Ratio(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    /// <summary>Share of the rows decided rightly, 0..1; 0 for no rows.</summary>
    public double Accuracy => Ratio(TruePositives + TrueNegatives, TruePositives + FalsePositives + FalseNegatives + TrueNegatives);

    /// <summary>Counts the four cells.</summary>
    /// <param name="probability">[N] 0..1; NaN is never flagged.</param>
    /// <param name="labels">[N] 0 or 1; 1 is positive, everything else negative.</param>
    /// <param name="threshold">A row at or above it is flagged. Compared as float32: 0.7 flags a row of exactly 0.7f.</param>
    /// <remarks>Memory: allocates nothing. Errors: ArgumentException when the lengths differ.</remarks>
    public static Confusion At(ReadOnlySpan<float> probability, ReadOnlySpan<float> labels, double threshold)
    {
        if (probability.Length != labels.Length)
            throw new ArgumentException($"{probability.Length} probabilities but {labels.Length} labels", nameof(labels));
        float cut = (float)threshold;
        long positives = 0, flagged = 0, truePositives = 0;
        for (int row = 0; row < probability.Length; row++)
        {
            int flag = probability[row] >= cut ? 1 : 0;
            int positive = labels[row] == 1 ? 1 : 0;
            flagged += flag;
            positives += positive;
            truePositives += flag & positive;
        }
        return new Confusion(truePositives, flagged - truePositives, positives - truePositives, probability.Length - flagged - positives + truePositives);
    }

    /// <summary>Counts the four cells where rows have thresholds of their own.</summary>
    /// <param name="probability">[N] 0..1; NaN is never flagged.</param>
    /// <param name="labels">[N] 0 or 1; 1 is positive, everything else negative.</param>
    /// <param name="thresholds">[N] a row at or above its own is flagged.</param>
    /// <remarks>Memory: allocates nothing. Errors: ArgumentException when the lengths differ.</remarks>
    public static Confusion At(ReadOnlySpan<float> probability, ReadOnlySpan<float> labels, ReadOnlySpan<float> thresholds)
    {
        if (probability.Length != labels.Length || thresholds.Length != labels.Length)
            throw new ArgumentException($"{probability.Length} probabilities, {labels.Length} labels, {thresholds.Length} thresholds", nameof(labels));
        long hits = 0, alarms = 0, misses = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            bool isFlagged = probability[row] >= thresholds[row], isPositive = labels[row] == 1;
            hits += isFlagged && isPositive ? 1 : 0;
            alarms += isFlagged && !isPositive ? 1 : 0;
            misses += !isFlagged && isPositive ? 1 : 0;
        }
        return new Confusion(hits, alarms, misses, labels.Length - hits - alarms - misses);
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
