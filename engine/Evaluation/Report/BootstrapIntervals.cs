namespace ChurnEngine.Evaluation;

/// <summary>A metric with its 95% interval over resamples.</summary>
/// <param name="Value">On the sample itself.</param>
/// <param name="Lower">2.5% quantile of the resamples.</param>
/// <param name="Upper">97.5% quantile.</param>
public readonly record struct BootstrapInterval(double Value, double Lower, double Upper);

/// <summary>How to resample.</summary>
public sealed record BootstrapOptions
{
    /// <summary>Resamples, 10 and up.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>Key of the draws.</summary>
    public long Seed { get; init; }

    /// <summary>Degree of parallelism, 1 and up; changes no bit of the result.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>One model's probabilities of the sample, for <see cref="BootstrapIntervals"/>.</summary>
/// <param name="Probability">[N] 0..1.</param>
/// <param name="Cuts">[N] threshold of each row.</param>
public sealed record BootstrapModel(float[] Probability, float[] Cuts);

/// <summary>Intervals of metrics by bootstrap: the customers are drawn anew, with replacement, and what is measured on them varies as it would on other customers.</summary>
/// <remarks>
/// Each resample draws how often every row counts, and one pass over the rows in the order of their scores gives all metrics: nothing is sorted anew. Models of one call see the same draws,
/// so their differences are paired. Percentile intervals. Determinism: a resample is keyed by seed and its number. Rows must be one a customer, or the interval is too narrow.
/// Source: Efron and Tibshirani 1993, ch. 13.
/// </remarks>
public static class BootstrapIntervals
{
    /// <summary>Metrics that have an interval, by the names of <see cref="ClassificationMetrics.ToDictionary"/>.</summary>
    public static IReadOnlyList<string> Metrics { get; } = ["roc_auc", "pr_auc", "log_loss", "brier", "precision", "recall", "f1", "precision_at_10", "lift_at_10"];

    /// <summary>Measures one or more models on the same customers.</summary>
    /// <param name="models">Models, 1 and up; each of N rows.</param>
    /// <param name="labels">[N] 0 or 1, both present.</param>
    /// <param name="options">How many resamples.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    /// <returns>By model: the interval of each metric, and of its difference to the same metric of the first model (of the first model all 0).</returns>
    /// <remarks>Memory: 8 bytes a row and thread, 20 a row and model, and the values of all resamples. Errors: ArgumentException when lengths differ or a class is absent.</remarks>
    public static IReadOnlyList<(IReadOnlyDictionary<string, BootstrapInterval> Metrics, IReadOnlyDictionary<string, BootstrapInterval> Differences)> Measure(
        IReadOnlyList<BootstrapModel> models, float[] labels, BootstrapOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Resamples, 10);
        if (models.Count == 0 || models.Any(model => model.Probability.Length != labels.Length || model.Cuts.Length != labels.Length) || labels.Distinct().Count() < 2)
            throw new ArgumentException($"{models.Count} models and {labels.Length} labels: as many rows of each, and both classes", nameof(models));
        SortedRows[] sorted = [.. models.Select(model => new SortedRows(model, labels))];
        int metrics = Metrics.Count, resamples = options.Resamples;
        double[][] values = [.. sorted.Select(_ => new double[resamples * metrics])];
        int[] once = new int[labels.Length];
        Array.Fill(once, 1);
        double[][] whole = [.. sorted.Select(rows => rows.Measure(once))];
        // Resamples in a fixed number of stripes, each with one array of counts.
        int stripes = Math.Min(resamples, 64);
        Parallel.For(0, stripes, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation }, stripe =>
        {
            int[] counts = new int[labels.Length];
            for (int resample = stripe; resample < resamples; resample += stripes)
            {
                cancellation.ThrowIfCancellationRequested();
                Draw(counts, options.Seed, resample);
                for (int model = 0; model < sorted.Length; model++)
                    sorted[model].Measure(counts).CopyTo(values[model], resample * metrics);
            }
        });
        return [.. sorted.Select((_, model) => (Intervals(whole[model], values[model], null, null), Intervals(whole[model], values[model], whole[0], values[0])))];
    }

    private static void Draw(int[] counts, long seed, int resample)
    {
        Array.Clear(counts);
        // Keys of neighbours must not be neighbouring states of one sequence.
        var key = new SplitMix64(seed);
        var random = new SplitMix64((long)key.Next() ^ (long)new SplitMix64(resample).Next());
        for (int draw = 0; draw < counts.Length; draw++)
            counts[random.Below(counts.Length)]++;
    }

    private static Dictionary<string, BootstrapInterval> Intervals(double[] whole, double[] values, double[]? wholeOfFirst, double[]? first)
    {
        int metrics = Metrics.Count, resamples = values.Length / metrics;
        var result = new Dictionary<string, BootstrapInterval>();
        for (int metric = 0; metric < metrics; metric++)
        {
            double[] own = new double[resamples];
            for (int resample = 0; resample < resamples; resample++)
                own[resample] = values[resample * metrics + metric] - (first is null ? 0 : first[resample * metrics + metric]);
            // A resample without churners has no AUC; it says nothing.
            own = Array.FindAll(own, double.IsFinite);
            Array.Sort(own);
            double value = whole[metric] - (wholeOfFirst is null ? 0 : wholeOfFirst[metric]);
            if (own.Length > 0 && double.IsFinite(value))
                result.Add(Metrics[metric], new BootstrapInterval(value, Quantile(own, 0.025), Quantile(own, 0.975)));
        }
        return result;
    }

    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[^1];
    }

    /// <summary>Rows in descending order of their scores, with what every resample needs of them.</summary>
    private sealed class SortedRows
    {
        private const double Epsilon = 1.0 / (1 << 23);
        private readonly int[] _row;
        private readonly bool[] _isPositive;
        private readonly bool[] _isFlagged;
        private readonly bool[] _endsTie;
        private readonly float[] _loss;
        private readonly float[] _square;

        public SortedRows(BootstrapModel model, float[] labels)
        {
            float[] keys = Array.ConvertAll(model.Probability, value => -value);
            _row = [.. Enumerable.Range(0, labels.Length)];
            // By score, then by row: the order of ties shows in no metric, and must show in no bit.
            ulong[] order = Array.ConvertAll(_row, row => ((ulong)RankedScores.OrderedBits(keys[row]) << 32) | (uint)row);
            Array.Sort(order);
            _row = Array.ConvertAll(order, key => (int)(uint)key);
            _isPositive = Array.ConvertAll(_row, row => labels[row] == 1);
            _isFlagged = Array.ConvertAll(_row, row => model.Probability[row] >= model.Cuts[row]);
            _endsTie = [.. Enumerable.Range(0, _row.Length).Select(i => i + 1 == _row.Length || model.Probability[_row[i]] != model.Probability[_row[i + 1]])];
            _loss = Array.ConvertAll(_row, row => (float)-Math.Log(Math.Clamp(labels[row] == 1 ? model.Probability[row] : 1.0 - model.Probability[row], Epsilon, 1 - Epsilon)));
            _square = Array.ConvertAll(_row, row => (model.Probability[row] - labels[row]) * (model.Probability[row] - labels[row]));
        }

        /// <summary>All metrics where each row counts so often.</summary>
        /// <param name="counts">[N] by row, not by rank.</param>
        public double[] Measure(int[] counts)
        {
            long rows = 0, positives = 0, flagged = 0, hits = 0, tieRows = 0, tiePositives = 0;
            long total = 0, totalPositives = 0;
            for (int row = 0; row < _row.Length; row++)
            {
                int count = counts[_row[row]];
                total += count;
                totalPositives += _isPositive[row] ? count : 0;
            }
            long top = Math.Max(1, (long)Math.Round(0.1 * total, MidpointRounding.AwayFromZero));
            double wins = 0, precisionSum = 0, loss = 0, square = 0, topPositives = 0;
            for (int row = 0; row < _row.Length; row++)
            {
                int count = counts[_row[row]];
                if (count > 0)
                {
                    loss += count * (double)_loss[row];
                    square += count * (double)_square[row];
                    tieRows += count;
                    tiePositives += _isPositive[row] ? count : 0;
                    flagged += _isFlagged[row] ? count : 0;
                    hits += _isFlagged[row] && _isPositive[row] ? count : 0;
                }
                if (!_endsTie[row] || tieRows == 0)
                    continue;
                wins += (tieRows - tiePositives) * (positives + 0.5 * tiePositives);
                if (rows < top)
                    topPositives += tiePositives * (double)Math.Min(tieRows, top - rows) / tieRows;
                rows += tieRows;
                positives += tiePositives;
                precisionSum += tiePositives * ((double)positives / rows);
                (tieRows, tiePositives) = (0, 0);
            }
            double precision = flagged == 0 ? 0 : (double)hits / flagged, recall = totalPositives == 0 ? 0 : (double)hits / totalPositives;
            return
            [
                wins / ((double)totalPositives * (total - totalPositives)), precisionSum / totalPositives, loss / total, square / total, precision, recall,
                flagged + totalPositives == 0 ? 0 : 2.0 * hits / (flagged + totalPositives), topPositives / top, topPositives / top * total / totalPositives,
            ];
        }
    }
}
