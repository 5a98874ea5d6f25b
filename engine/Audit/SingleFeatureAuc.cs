using ChurnEngine.Evaluation;

namespace ChurnEngine.Audit;

/// <summary>How well one feature alone tells the classes apart.</summary>
internal static class SingleFeatureAuc
{
    private const int Folds = 5;

    // Rows of the overall rate that every category is given: a category of one row must not speak with certainty.
    private const double PriorRows = 10;

    /// <summary>The better direction of the raw values; missing values together at the low or the high end, whichever is better.</summary>
    /// <param name="values">[n] NaN where missing; overwritten.</param>
    /// <param name="labels">[n] 0 or 1.</param>
    /// <returns>0.5..1, or NaN for one class.</returns>
    public static double Numeric(Span<float> values, ReadOnlySpan<float> labels)
    {
        bool[] missing = new bool[values.Length];
        bool any = false;
        for (int row = 0; row < values.Length; row++)
            any |= missing[row] = float.IsNaN(values[row]);
        if (!any)
            return EitherDirection(RocAuc.Compute(values, labels));
        double low = EitherDirection(With(float.NegativeInfinity, values, labels));
        double high = EitherDirection(With(float.PositiveInfinity, values, labels));
        return Math.Max(low, high);

        double With(float end, Span<float> filled, ReadOnlySpan<float> outcome)
        {
            for (int row = 0; row < filled.Length; row++)
            {
                if (missing[row])
                    filled[row] = end;
            }
            return RocAuc.Compute(filled, outcome);
        }
    }

    /// <summary>The AUC of each row's category's positive rate, taken from the other folds only: a rate that included the row would know its label.
    /// Missing is a category.</summary>
    /// <param name="codes">[n] whole numbers, NaN where missing; overwritten.</param>
    /// <param name="labels">[n] 0 or 1.</param>
    /// <param name="fold">[n] stratified folds 0..4, the same for all features.</param>
    /// <returns>0..1; the direction is given by the rates, so below 0.5 is noise. NaN for one class.</returns>
    public static double Categorical(Span<float> codes, ReadOnlySpan<float> labels, ReadOnlySpan<int> fold)
    {
        int[] category = Enumerate(codes, out int categories);
        long[] rows = new long[categories * Folds], positives = new long[categories * Folds];
        long[] foldRows = new long[Folds], foldPositives = new long[Folds];
        for (int row = 0; row < codes.Length; row++)
        {
            int cell = category[row] * Folds + fold[row], positive = labels[row] == 1 ? 1 : 0;
            rows[cell]++;
            positives[cell] += positive;
            foldRows[fold[row]]++;
            foldPositives[fold[row]] += positive;
        }

        // The prior is the overall rate for every fold: a rate that differed by fold would order the rows by fold.
        double overall = (double)foldPositives.Sum() / foldRows.Sum();
        for (int row = 0; row < codes.Length; row++)
        {
            int first = category[row] * Folds;
            double others = rows.AsSpan(first, Folds).ToTotal() - rows[first + fold[row]];
            double otherPositives = positives.AsSpan(first, Folds).ToTotal() - positives[first + fold[row]];
            codes[row] = (float)((otherPositives + PriorRows * overall) / (others + PriorRows));
        }
        return RocAuc.Compute(codes, labels);
    }

    public static int[] StratifiedFoldsOf(ReadOnlySpan<float> labels) => StratifiedFolds.Assign(labels, Folds, seed: 0);

    private static double EitherDirection(double auc) => double.IsNaN(auc) ? auc : Math.Max(auc, 1 - auc);

    private static int[] Enumerate(ReadOnlySpan<float> codes, out int count)
    {
        // All NaNs are equal to a dictionary, whatever their bits.
        var known = new Dictionary<float, int>();
        int[] result = new int[codes.Length];
        for (int row = 0; row < codes.Length; row++)
        {
            if (!known.TryGetValue(codes[row], out int category))
                known.Add(codes[row], category = known.Count);
            result[row] = category;
        }
        count = known.Count;
        return result;
    }

    private static long ToTotal(this Span<long> values)
    {
        long total = 0;
        foreach (long value in values)
            total += value;
        return total;
    }
}
