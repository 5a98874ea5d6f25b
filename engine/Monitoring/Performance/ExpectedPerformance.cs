using ChurnEngine.Evaluation;

namespace ChurnEngine.Monitoring;

/// <summary>A figure with its 95% interval.</summary>
/// <param name="Value">Expected, or measured.</param>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
public readonly record struct Range95(double Value, double Lower, double Upper);

/// <summary>How good a model should be on customers whose outcome is not known yet, if its probabilities are right.</summary>
/// <param name="PositiveRate">Share that will leave.</param>
/// <param name="RocAuc">Area under the ROC curve.</param>
/// <param name="Precision">At the thresholds of the model; NaN where nobody is flagged.</param>
/// <param name="Recall">At the thresholds of the model.</param>
/// <param name="Rows">Customers it was worked out on.</param>
/// <remarks>
/// A calibrated probability says how often its customers leave, so drawing outcomes from the probabilities gives the metrics that are to be expected, and their spread. It sees a change of who
/// the customers are; a change of what makes them leave it cannot see, because the probabilities are wrong then. Source: Guillory et al. 2021 and the "confidence-based" estimators after it.
/// </remarks>
public sealed record ExpectedPerformance(Range95 PositiveRate, Range95 RocAuc, Range95 Precision, Range95 Recall, int Rows)
{
    private const int Draws = 200, MostRows = 50_000;

    /// <summary>Works it out.</summary>
    /// <param name="probability">[N] calibrated, 0..1, N at least 1.</param>
    /// <param name="cuts">[N] probability from which each is flagged.</param>
    /// <param name="seed">Key of the draws.</param>
    /// <remarks>Of more than 50,000 rows so many are taken, evenly; the interval is then that of those. Memory: 1 MB. Deterministic.</remarks>
    public static ExpectedPerformance Of(ReadOnlySpan<float> probability, ReadOnlySpan<float> cuts, long seed)
    {
        if (probability.IsEmpty || cuts.Length != probability.Length)
            throw new ArgumentException($"{probability.Length} probabilities and {cuts.Length} thresholds", nameof(cuts));
        int rows = Math.Min(probability.Length, MostRows);
        var taken = new (float Probability, bool IsFlagged)[rows];
        for (int i = 0; i < rows; i++)
        {
            int row = (int)((long)i * probability.Length / rows);
            taken[i] = (probability[row], probability[row] >= cuts[row]);
        }
        Array.Sort(taken, (a, b) => a.Probability != b.Probability ? a.Probability.CompareTo(b.Probability) : a.IsFlagged.CompareTo(b.IsFlagged));
        double[][] figures = [.. Enumerable.Range(0, 4).Select(_ => new double[Draws])];
        var keys = new SplitMix64(seed);
        for (int draw = 0; draw < Draws; draw++)
            (figures[0][draw], figures[1][draw], figures[2][draw], figures[3][draw]) = Draw(taken, new SplitMix64((long)keys.Next()));
        return new ExpectedPerformance(Interval(figures[0]), Interval(figures[1]), Interval(figures[2]), Interval(figures[3]), rows);
    }

    private static (double Rate, double Auc, double Precision, double Recall) Draw((float Probability, bool IsFlagged)[] rows, SplitMix64 random)
    {
        double below = 0, concordant = 0, positives = 0, flagged = 0, hits = 0;
        for (int start = 0, end; start < rows.Length; start = end)
        {
            double tiedPositives = 0, tiedNegatives = 0;
            for (end = start; end < rows.Length && rows[end].Probability == rows[start].Probability; end++)
            {
                bool leaves = (random.Next() >> 11) * (1.0 / (1UL << 53)) < rows[end].Probability;
                (tiedPositives, tiedNegatives) = leaves ? (tiedPositives + 1, tiedNegatives) : (tiedPositives, tiedNegatives + 1);
                if (!rows[end].IsFlagged)
                    continue;
                flagged++;
                hits += leaves ? 1 : 0;
            }
            concordant += tiedPositives * (below + tiedNegatives / 2);
            below += tiedNegatives;
            positives += tiedPositives;
        }
        return (positives / rows.Length, concordant / (positives * below), hits / flagged, hits / positives);
    }

    // A draw without either class, or without a flagged row, says nothing of that figure.
    private static Range95 Interval(double[] draws)
    {
        double[] sorted = [.. draws.Where(double.IsFinite).Order()];
        return sorted.Length == 0 ? new Range95(double.NaN, double.NaN, double.NaN) : new Range95(sorted.Average(), sorted[(int)(0.025 * (sorted.Length - 1))], sorted[(int)Math.Ceiling(0.975 * (sorted.Length - 1))]);
    }
}
