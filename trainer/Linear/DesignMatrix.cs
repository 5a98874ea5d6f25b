namespace ChurnEngine.Trainer;

/// <summary>The columns that coefficients stand for, all features side by side.</summary>
/// <remarks>
/// Column 0 is the intercept. Numbers come next, standardised; then the levels, as 0 and 1: their standardisation is done on sums, so that a row touches only the level that it is of.
/// A last column takes what is of no level, and is never looked at.
/// <code>
///   | 1 | number ... number | level level | level ... | nobody |
///     0   1 ..          D     D+1 ..              P      P+1
/// </code>
/// </remarks>
internal sealed class DesignMatrix
{
    public DesignMatrix(IReadOnlyList<FeatureEncoding> features)
    {
        Features = features;
        NumberFeatures = [.. Indices(features, feature => feature.HasNumber)];
        LevelFeatures = [.. Indices(features, feature => feature.Levels.Length > 0)];
        FirstLevels = new int[LevelFeatures.Length];
        int next = 1 + NumberFeatures.Length;
        for (int i = 0; i < LevelFeatures.Length; i++)
        {
            FirstLevels[i] = next;
            next += features[LevelFeatures[i]].Levels.Length;
        }
        Count = next - 1;
        Shift = new double[Width];
        Scale = new double[Width];
        Scale.AsSpan().Fill(1);
        for (int i = 0; i < LevelFeatures.Length; i++)
        {
            Level[] levels = features[LevelFeatures[i]].Levels;
            for (int level = 0; level < levels.Length; level++)
                (Shift[FirstLevels[i] + level], Scale[FirstLevels[i] + level]) = (levels[level].Share, levels[level].Deviation);
        }
    }

    /// <summary>[F] what each feature becomes.</summary>
    public IReadOnlyList<FeatureEncoding> Features { get; }

    /// <summary>[D] features with a number; feature d has column d + 1.</summary>
    public int[] NumberFeatures { get; }

    /// <summary>[G] features with levels.</summary>
    public int[] LevelFeatures { get; }

    /// <summary>[G] column of the first level of each.</summary>
    public int[] FirstLevels { get; }

    /// <summary>P, the columns that are penalised: 1..P.</summary>
    public int Count { get; }

    /// <summary>Columns with the intercept and the one that nobody looks at: P + 2.</summary>
    public int Width => Count + 2;

    /// <summary>[P + 2] what a column must be lessened by to have the mean 0; 0 of numbers, which have it.</summary>
    public double[] Shift { get; }

    /// <summary>[P + 2] what it must then be divided by to have the deviation 1.</summary>
    public double[] Scale { get; }

    /// <summary>Learns the columns of all features, one an item.</summary>
    /// <remarks>Errors: CE4002 when nothing varies.</remarks>
    public static DesignMatrix Fit(LabelledRows rows, int minRowsPerCategory, WorkTeam team)
    {
        var features = new FeatureEncoding[rows.Matrix.FeatureCount];
        team.Run(features.Length, rows.Matrix.RowCount * features.Length * 4, feature => features[feature] = FeatureEncodingFit.Fit(rows, feature, minRowsPerCategory));
        var design = new DesignMatrix(features);
        return design.Count > 0 ? design : throw TrainerErrors.NoUsableFeature(features.Length);
    }

    /// <summary>Coefficients of the columns as they are, from those of the standardised columns.</summary>
    /// <param name="standardised">[P + 1] intercept first.</param>
    /// <param name="plain">[P + 2], overwritten.</param>
    public void ToPlain(ReadOnlySpan<double> standardised, Span<double> plain)
    {
        double intercept = standardised[0];
        for (int column = 1; column <= Count; column++)
        {
            plain[column] = standardised[column] / Scale[column];
            intercept -= plain[column] * Shift[column];
        }
        (plain[0], plain[^1]) = (intercept, 0);
    }

    private static IEnumerable<int> Indices(IReadOnlyList<FeatureEncoding> features, Func<FeatureEncoding, bool> wanted) => Enumerable.Range(0, features.Count).Where(i => wanted(features[i]));
}
