using ChurnEngine.Columns;

namespace ChurnEngine.Evaluation;

/// <summary>How rows that were decided wrongly differ in one feature from those of the same label that were decided rightly.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Level">Empty for the mean of a number; a category; or "(missing)" for the share of rows without a value.</param>
/// <param name="Wrong">Mean, or share, among the wrongly decided.</param>
/// <param name="Right">Among the rightly decided.</param>
/// <param name="Difference">(wrong - right) / standard deviation over both.</param>
public sealed record ErrorTrait(string Feature, string Level, double Wrong, double Right, double Difference);

/// <summary>What errors have in common.</summary>
/// <param name="FalsePositives">Rows flagged that stayed.</param>
/// <param name="FalseNegatives">Rows missed that left.</param>
/// <param name="OfFalsePositives">Against the rightly unflagged, the largest difference first.</param>
/// <param name="OfFalseNegatives">Against the rightly flagged.</param>
public sealed record ErrorAnalysis(long FalsePositives, long FalseNegatives, IReadOnlyList<ErrorTrait> OfFalsePositives, IReadOnlyList<ErrorTrait> OfFalseNegatives)
{
    /// <summary>Name of the level of rows without a value.</summary>
    public const string Missing = "(missing)";

    // A mean of fewer rows differs by chance from any other.
    private const int LeastRows = 20;

    /// <summary>Compares, feature by feature.</summary>
    /// <param name="matrix">[N, F] rows; a value that is not finite is missing.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="flagged">[N] true where the model flags.</param>
    /// <param name="most">Differences to keep of each sort, one a feature.</param>
    /// <returns>No differences of a sort with fewer than 20 rows on either side.</returns>
    /// <remarks>Memory: 40 bytes a category. Errors: ArgumentException when the lengths differ.</remarks>
    public static ErrorAnalysis Of(FeatureMatrix matrix, ReadOnlySpan<float> labels, ReadOnlySpan<bool> flagged, int most = 10)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.RowCount != labels.Length || flagged.Length != labels.Length)
            throw new ArgumentException($"{matrix.RowCount} rows, {labels.Length} labels, {flagged.Length} flags", nameof(labels));
        // 0 stayed unflagged, 1 stayed flagged, 2 left unflagged, 3 left flagged.
        int[] cell = new int[labels.Length];
        long[] rows = new long[4];
        for (int row = 0; row < cell.Length; row++)
            rows[cell[row] = (labels[row] == 1 ? 2 : 0) + (flagged[row] ? 1 : 0)]++;
        List<ErrorTrait> positives = [], negatives = [];
        for (int feature = 0; feature < matrix.FeatureCount; feature++)
        {
            FeatureInfo info = matrix.Features[feature];
            Sums[] sums = info.Categories.Count > 0 ? Shares(matrix, feature, cell) : Means(matrix, feature, cell);
            Add(positives, info, sums, rows, (1, 0));
            Add(negatives, info, sums, rows, (2, 3));
        }
        return new ErrorAnalysis(rows[1], rows[2], Largest(positives, most), Largest(negatives, most));
    }

    private static ErrorTrait[] Largest(List<ErrorTrait> traits, int most) =>
        [.. traits.OrderByDescending(trait => Math.Abs(trait.Difference)).ThenBy(trait => trait.Feature, StringComparer.Ordinal).Take(most)];

    // The largest difference of a feature stands for it: categories of one feature say the same twice.
    private static void Add(List<ErrorTrait> traits, FeatureInfo info, Sums[] sums, long[] rows, (int Wrong, int Right) cells)
    {
        if (rows[cells.Wrong] < LeastRows || rows[cells.Right] < LeastRows)
            return;
        ErrorTrait? largest = null;
        for (int level = 0; level < sums.Length; level++)
        {
            ErrorTrait? trait = level == 0 && info.Categories.Count == 0
                ? sums[0].MeanTrait(info.Name, cells)
                : sums[level].ShareTrait(info.Name, level == 0 ? Missing : info.Categories.Count == 0 ? Missing : info.Categories[level - 1], rows, cells);
            if (trait is not null && double.IsFinite(trait.Difference) && Math.Abs(trait.Difference) > Math.Abs(largest?.Difference ?? 0))
                largest = trait;
        }
        if (largest is not null)
            traits.Add(largest);
    }

    // Of a number: its finite values, then the rows without one.
    private static Sums[] Means(FeatureMatrix matrix, int feature, int[] cell)
    {
        var values = new Sums();
        var missing = new Sums();
        for (int row = 0; row < cell.Length; row++)
        {
            float value = matrix.Row(row)[feature];
            if (float.IsFinite(value))
                values.Add(cell[row], value);
            else
                missing.Add(cell[row], 1);
        }
        return [values, missing];
    }

    // Of categories: the rows without one, then each.
    private static Sums[] Shares(FeatureMatrix matrix, int feature, int[] cell)
    {
        int categories = matrix.Features[feature].Categories.Count;
        Sums[] sums = [.. Enumerable.Range(0, categories + 1).Select(_ => new Sums())];
        for (int row = 0; row < cell.Length; row++)
        {
            float code = matrix.Row(row)[feature];
            sums[code >= 0 && code < categories ? (int)code + 1 : 0].Add(cell[row], 1);
        }
        return sums;
    }

    private sealed class Sums
    {
        private readonly long[] _count = new long[4];
        private readonly double[] _sum = new double[4];
        private readonly double[] _squares = new double[4];

        public void Add(int cell, double value)
        {
            _count[cell]++;
            _sum[cell] += value;
            _squares[cell] += value * value;
        }

        public ErrorTrait? MeanTrait(string feature, (int Wrong, int Right) cells)
        {
            if (_count[cells.Wrong] < LeastRows || _count[cells.Right] < LeastRows)
                return null;
            double wrong = _sum[cells.Wrong] / _count[cells.Wrong], right = _sum[cells.Right] / _count[cells.Right];
            double count = _count[cells.Wrong] + _count[cells.Right], mean = (_sum[cells.Wrong] + _sum[cells.Right]) / count;
            return new ErrorTrait(feature, "", wrong, right, (wrong - right) / Math.Sqrt(Math.Max(0, (_squares[cells.Wrong] + _squares[cells.Right]) / count - mean * mean)));
        }

        public ErrorTrait ShareTrait(string feature, string level, long[] rows, (int Wrong, int Right) cells)
        {
            double wrong = (double)_count[cells.Wrong] / rows[cells.Wrong], right = (double)_count[cells.Right] / rows[cells.Right];
            double share = (double)(_count[cells.Wrong] + _count[cells.Right]) / (rows[cells.Wrong] + rows[cells.Right]);
            return new ErrorTrait(feature, level, wrong, right, (wrong - right) / Math.Sqrt(share * (1 - share)));
        }
    }
}
