namespace ChurnEngine.Evaluation;

/// <summary>Plain stratified k-fold, for a table without time. Where rows have dates or share customers, it flatters the model.</summary>
public static class StratifiedFolds
{
    /// <summary>Gives each row a fold, so that folds differ by at most one row in size and by at most one in each class.</summary>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="folds">2 and up, at most N.</param>
    /// <param name="seed">The same seed gives the same folds.</param>
    /// <returns>[N] fold of each row, 0..folds-1.</returns>
    /// <remarks>Memory: two int arrays of N. Errors: ArgumentException when a label is not 0 or 1; ArgumentOutOfRangeException for the number of folds.</remarks>
    public static int[] Assign(ReadOnlySpan<float> labels, int folds, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(folds, labels.Length);
        int[] order = Strata.ShuffledNegativesThenPositives(labels, seed, out _);
        int[] result = new int[labels.Length];
        // Dealing on where the negatives ended keeps the fold sizes equal as well.
        for (int i = 0; i < order.Length; i++)
            result[order[i]] = i % folds;
        return result;
    }
}

/// <summary>One stratified hold-out, for a table without time.</summary>
public static class StratifiedHoldout
{
    /// <summary>Chooses the rows to hold out.</summary>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="share">Share to hold out, above 0 and below 1; rounded in each class, with at least one row of a class on either side where it has two.</param>
    /// <param name="seed">The same seed gives the same rows.</param>
    /// <returns>[N] true where the row is held out.</returns>
    /// <remarks>Memory: an int and a bool array of N. Errors: ArgumentException when a label is not 0 or 1; ArgumentOutOfRangeException for the share.</remarks>
    public static bool[] Assign(ReadOnlySpan<float> labels, double share, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
        int[] order = Strata.ShuffledNegativesThenPositives(labels, seed, out int negatives);
        bool[] result = new bool[labels.Length];
        foreach (int row in order.AsSpan(0, HeldOut(negatives, share)))
            result[row] = true;
        foreach (int row in order.AsSpan(negatives, HeldOut(order.Length - negatives, share)))
            result[row] = true;
        return result;
    }

    private static int HeldOut(int count, double share)
    {
        int wanted = (int)Math.Round(count * share, MidpointRounding.AwayFromZero);
        return count < 2 ? wanted : Math.Clamp(wanted, 1, count - 1);
    }
}

internal static class Strata
{
    public static int[] ShuffledNegativesThenPositives(ReadOnlySpan<float> labels, long seed, out int negatives)
    {
        int[] order = new int[labels.Length];
        int front = 0, back = labels.Length;
        for (int row = 0; row < labels.Length; row++)
        {
            float label = labels[row];
            if (!(label is 0 or 1))
                throw new ArgumentException($"row {row}: a label must be 0 or 1, not {label}", nameof(labels));
            order[label == 0 ? front++ : --back] = row;
        }
        negatives = front;
        var random = new SplitMix64(seed);
        random.Shuffle(order.AsSpan(0, front));
        random.Shuffle(order.AsSpan(front));
        return order;
    }
}
