namespace ChurnEngine.Evaluation;

/// <summary>How a paired bootstrap is drawn.</summary>
public sealed record PairedBootstrapOptions
{
    /// <summary>Samples of the customers, 100 and up.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>Key of the draws.</summary>
    public long Seed { get; init; }

    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <remarks>Errors: ArgumentOutOfRangeException.</remarks>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Resamples, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
    }
}

/// <summary>How two models differ on the same rows.</summary>
/// <param name="First">Metric of the first.</param>
/// <param name="Second">Metric of the second.</param>
/// <param name="Lower">Lower end of the 95% interval of first minus second; NaN when more than one sample in twenty lacks a class.</param>
/// <param name="Upper">Upper end; NaN as the lower.</param>
/// <param name="Rows">N.</param>
/// <param name="Customers">What was drawn.</param>
public sealed record PairedDifference(double First, double Second, double Lower, double Upper, long Rows, int Customers)
{
    /// <summary>First minus second.</summary>
    public double Difference => First - Second;
}

/// <summary>The 95% percentile interval of the difference of two models' metrics: customers are drawn with replacement, with all of their rows, and both models are measured on each draw.</summary>
/// <remarks>Rows of one customer are no independent witnesses, so a customer is what is drawn. The same draws for both models take what rows have in common out of the difference.
/// Source: Efron and Tibshirani 1993, ch. 13; Cameron, Gelbach and Miller 2008 for clusters.</remarks>
public static class PairedBootstrap
{
    private const double MostUndefined = 0.05;

    /// <summary>Compares areas under the ROC curve.</summary>
    /// <param name="first">[N] scores of the first model, larger is likelier. NaN is an error.</param>
    /// <param name="second">[N] scores of the second.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="customers">[N] number of each row's customer, 0 and up, without large gaps: memory is taken for the largest.</param>
    /// <param name="options">Samples, key, threads.</param>
    /// <returns>Metrics are NaN when only one class is present.</returns>
    /// <remarks>Memory: 16 bytes a row, and 4 a customer and thread. Errors: ArgumentException when lengths differ, a score is NaN or a label is not 0 or 1.</remarks>
    public static PairedDifference RocAuc(float[] first, float[] second, float[] labels, int[] customers, PairedBootstrapOptions options)
    {
        int count = CountCustomers(first, second, labels, customers, options);
        long[] firstOrder = Order(first, labels, customers), secondOrder = Order(second, labels, customers);
        int[] all = Enumerable.Repeat(1, count).ToArray();
        (double lower, double upper) = Interval(count, options, weights => Auc(firstOrder, weights) - Auc(secondOrder, weights));
        return new PairedDifference(Auc(firstOrder, all), Auc(secondOrder, all), lower, upper, first.Length, count);
    }

    /// <summary>Compares root mean squared errors; below 0 the first is better.</summary>
    /// <param name="first">[N] values that the first model predicts. NaN is an error.</param>
    /// <param name="second">[N] values that the second predicts.</param>
    /// <param name="labels">[N] true values.</param>
    /// <param name="customers">[N] as of <see cref="RocAuc"/>.</param>
    /// <param name="options">Samples, key, threads.</param>
    /// <remarks>Memory: 16 bytes a row, and 4 a customer and thread. Errors: ArgumentException as <see cref="RocAuc"/>.</remarks>
    public static PairedDifference Rmse(float[] first, float[] second, float[] labels, int[] customers, PairedBootstrapOptions options)
    {
        int count = CountCustomers(first, second, labels, customers, options);
        double[] firstSquares = Squares(first, labels), secondSquares = Squares(second, labels);
        int[] all = Enumerable.Repeat(1, count).ToArray();
        (double lower, double upper) = Interval(count, options, weights => RootMean(firstSquares, customers, weights) - RootMean(secondSquares, customers, weights));
        return new PairedDifference(RootMean(firstSquares, customers, all), RootMean(secondSquares, customers, all), lower, upper, first.Length, count);
    }

    private static int CountCustomers(float[] first, float[] second, float[] labels, int[] customers, PairedBootstrapOptions options)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(customers);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (second.Length != first.Length || labels.Length != first.Length || customers.Length != first.Length)
            throw new ArgumentException($"{first.Length} and {second.Length} predictions, {labels.Length} labels, {customers.Length} customers", nameof(labels));
        if (first.Length == 0)
            throw new ArgumentException("there are no rows", nameof(first));
        if (first.AsSpan().ContainsAnyExceptInRange(float.NegativeInfinity, float.PositiveInfinity) || second.AsSpan().ContainsAnyExceptInRange(float.NegativeInfinity, float.PositiveInfinity))
            throw new ArgumentException("a prediction is NaN", nameof(first));
        return customers.Min() < 0 ? throw new ArgumentException("a customer's number is negative", nameof(customers)) : customers.Max() + 1;
    }

    private static (double Lower, double Upper) Interval(int customers, PairedBootstrapOptions options, Func<int[], double> difference)
    {
        double[] differences = new double[options.Resamples];
        // Neighbouring seeds must not share their samples.
        long key = (long)new SplitMix64(options.Seed).Next();
        Parallel.For(0, differences.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, () => new int[customers], (resample, _, weights) =>
        {
            // A key of its own for each sample: which thread draws it does not matter.
            var random = new SplitMix64((long)new SplitMix64(key + resample).Next());
            Array.Clear(weights);
            for (int draw = 0; draw < customers; draw++)
                weights[random.Below(customers)]++;
            differences[resample] = difference(weights);
            return weights;
        }, _ => { });
        double[] defined = [.. differences.Where(value => !double.IsNaN(value)).Order()];
        return defined.Length < (1 - MostUndefined) * differences.Length ? (double.NaN, double.NaN) : (Quantile(defined, 0.025), Quantile(defined, 0.975));
    }

    // Linear between the order statistics.
    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }

    // Rows from the highest score down, as customer << 2 | positive << 1 | last of those with this score.
    private static long[] Order(float[] scores, float[] labels, int[] customers)
    {
        ulong[] keys = new ulong[scores.Length];
        for (int row = 0; row < keys.Length; row++)
        {
            if (!(labels[row] is 0 or 1))
                throw new ArgumentException($"row {row}: label {labels[row]}; it must be 0 or 1", nameof(labels));
            keys[row] = ((ulong)~RankedScores.OrderedBits(scores[row]) << 32) | (uint)row;
        }
        Array.Sort(keys);
        long[] order = new long[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            int row = (int)(uint)keys[i];
            bool isLast = i + 1 == keys.Length || keys[i + 1] >>> 32 != keys[i] >>> 32;
            order[i] = ((long)customers[row] << 2) | (labels[row] == 1 ? 2L : 0) | (isLast ? 1L : 0);
        }
        return order;
    }

    // Twice the Mann-Whitney count stays a whole number, as in Evaluation.RocAuc.
    private static double Auc(long[] order, int[] weights)
    {
        long twiceWins = 0, positivesAbove = 0, negativesAbove = 0, positives = 0, negatives = 0;
        foreach (long row in order)
        {
            int weight = weights[(int)(row >> 2)];
            if ((row & 2) != 0)
                positives += weight;
            else
                negatives += weight;
            if ((row & 1) == 0)
                continue;
            twiceWins += negatives * (2 * positivesAbove + positives);
            (positivesAbove, negativesAbove, positives, negatives) = (positivesAbove + positives, negativesAbove + negatives, 0, 0);
        }
        return twiceWins / (2.0 * positivesAbove * negativesAbove);
    }

    private static double[] Squares(float[] predicted, float[] labels) => [.. predicted.Zip(labels, (value, label) => ((double)value - label) * ((double)value - label))];

    private static double RootMean(double[] squares, int[] customers, int[] weights)
    {
        double sum = 0;
        long rows = 0;
        for (int row = 0; row < squares.Length; row++)
        {
            int weight = weights[customers[row]];
            sum += weight * squares[row];
            rows += weight;
        }
        return Math.Sqrt(sum / rows);
    }
}
