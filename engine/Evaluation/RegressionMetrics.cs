namespace ChurnEngine.Evaluation;

/// <summary>All that one set of predicted and actual values says of a regression, beside a naive model that predicts one value for everybody.</summary>
public sealed record RegressionMetrics
{
    /// <summary>N.</summary>
    public required long Rows { get; init; }

    /// <summary>Mean of the predictions; beside <see cref="MeanLabel"/> it shows a bias.</summary>
    public required double MeanPredicted { get; init; }

    /// <summary>Mean of the labels.</summary>
    public required double MeanLabel { get; init; }

    /// <summary>Root of the mean squared error, in units of the label, 0 and up.</summary>
    public required double Rmse { get; init; }

    /// <summary>Mean absolute error, in units of the label, 0 and up.</summary>
    public required double Mae { get; init; }

    /// <summary>1 - squared error / squared distance of the labels from their own mean, at most 1; NaN where the labels do not vary.</summary>
    public required double R2 { get; init; }

    /// <summary>Rank correlation of predictions and labels, -1..1, ties by their mean rank; NaN where one of the two does not vary.</summary>
    public required double Spearman { get; init; }

    /// <summary><see cref="Rmse"/> of the naive model.</summary>
    public required double NaiveRmse { get; init; }

    /// <summary><see cref="Mae"/> of the naive model.</summary>
    public required double NaiveMae { get; init; }

    /// <summary>Computes every metric.</summary>
    /// <param name="predicted">[N] finite, N at least 1. NaN is an error.</param>
    /// <param name="labels">[N] finite. NaN is an error.</param>
    /// <param name="naive">What the naive model predicts: the mean of the labels that the model was trained on.</param>
    /// <remarks>Sums are taken in double in row order. Memory: 32 bytes a row for the ranks. Errors: ArgumentException when the lengths differ, N is 0, or a value is not finite.
    /// Source: Spearman 1904, as the Pearson correlation of mean ranks.</remarks>
    public static RegressionMetrics Evaluate(ReadOnlySpan<float> predicted, ReadOnlySpan<float> labels, double naive)
    {
        if (predicted.Length != labels.Length || labels.Length == 0)
            throw new ArgumentException($"{predicted.Length} predictions for {labels.Length} labels", nameof(predicted));
        double naiveSquares = 0, naiveAbsolutes = 0, predictedSum = 0, labelSum = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            double label = labels[row], value = predicted[row];
            if (!double.IsFinite(label) || !double.IsFinite(value))
                throw new ArgumentException($"row {row}: predicted {value}, label {label}; both must be finite", nameof(predicted));
            naiveSquares += (naive - label) * (naive - label);
            naiveAbsolutes += Math.Abs(naive - label);
            predictedSum += value;
            labelSum += label;
        }
        double squared = ValueLoss.Squared(predicted, labels), mean = labelSum / labels.Length, spread = 0;
        foreach (float label in labels)
            spread += (label - mean) * (label - mean);
        return new RegressionMetrics
        {
            Rows = labels.Length,
            MeanPredicted = predictedSum / labels.Length,
            MeanLabel = mean,
            Rmse = Math.Sqrt(squared),
            Mae = ValueLoss.Absolute(predicted, labels),
            R2 = spread == 0 ? double.NaN : 1 - squared * labels.Length / spread,
            Spearman = Correlation(MeanRanks(predicted), MeanRanks(labels)),
            NaiveRmse = Math.Sqrt(naiveSquares / labels.Length),
            NaiveMae = naiveAbsolutes / labels.Length,
        };
    }

    /// <summary>The metrics by stable snake_case name, in a stable order. One that is not defined (NaN) is left out, since JSON has no NaN.</summary>
    public IReadOnlyDictionary<string, double> ToDictionary()
    {
        (string Name, double Value)[] all =
        [
            ("rows", Rows), ("mean_label", MeanLabel), ("mean_predicted", MeanPredicted), ("rmse", Rmse), ("mae", Mae), ("r2", R2), ("spearman", Spearman),
            ("naive_rmse", NaiveRmse), ("naive_mae", NaiveMae),
        ];
        return all.Where(metric => !double.IsNaN(metric.Value)).ToDictionary(metric => metric.Name, metric => metric.Value);
    }

    // Rank 1 is the least value; equal values share the mean of their ranks.
    private static double[] MeanRanks(ReadOnlySpan<float> values)
    {
        float[] sorted = values.ToArray();
        int[] rows = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, rows);
        double[] ranks = new double[sorted.Length];
        for (int start = 0; start < sorted.Length;)
        {
            int end = start;
            while (end < sorted.Length && sorted[end] == sorted[start])
                end++;
            for (int i = start; i < end; i++)
                ranks[rows[i]] = (start + 1 + end) / 2.0;
            start = end;
        }
        return ranks;
    }

    private static double Correlation(double[] a, double[] b)
    {
        // Mean ranks add up to the same whatever the ties.
        double mean = (a.Length + 1) / 2.0, together = 0, ofA = 0, ofB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            together += (a[i] - mean) * (b[i] - mean);
            ofA += (a[i] - mean) * (a[i] - mean);
            ofB += (b[i] - mean) * (b[i] - mean);
        }
        return ofA == 0 || ofB == 0 ? double.NaN : together / Math.Sqrt(ofA * ofB);
    }
}
