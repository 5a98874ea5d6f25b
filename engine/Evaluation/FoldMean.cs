namespace ChurnEngine.Evaluation;

/// <summary>Mean of a metric over folds, with its 95% interval.</summary>
/// <param name="Mean">Over the folds.</param>
/// <param name="StandardError">Of the mean, corrected for training sets that overlap; 0 of one fold.</param>
/// <param name="Low">Lower end; the mean itself of one fold.</param>
/// <param name="High">Upper end.</param>
/// <remarks>Folds share training rows, so their values vary less than those of independent samples would: the variance is scaled by 1/k + test share, and not by 1/k.
/// Source: Nadeau and Bengio 2003.</remarks>
public sealed record FoldMean(double Mean, double StandardError, double Low, double High)
{
    // Student's t, 97.5%, for 1 to 30 degrees of freedom.
    private static readonly double[] s_quantiles =
    [
        12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.30600, 2.26216, 2.22814, 2.20099, 2.17881, 2.16037, 2.14479, 2.13145,
        2.11991, 2.10982, 2.10092, 2.09302, 2.08596, 2.07961, 2.07387, 2.06866, 2.06390, 2.05954, 2.05553, 2.05183, 2.04841, 2.04523, 2.04227,
    ];

    /// <summary>Computes it.</summary>
    /// <param name="values">[K] the metric on each fold, 1 and up.</param>
    /// <param name="testShare">Rows tested over rows trained on, of a typical fold, 0 and up.</param>
    /// <remarks>Errors: ArgumentException without a fold; ArgumentOutOfRangeException for the share.</remarks>
    public static FoldMean Of(IReadOnlyList<double> values, double testShare)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(testShare);
        if (values.Count == 0)
            throw new ArgumentException("no fold", nameof(values));
        double mean = values.Average();
        if (values.Count == 1)
            return new FoldMean(mean, 0, mean, mean);
        double variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        double error = Math.Sqrt(variance * (1.0 / values.Count + testShare));
        double half = Quantile(values.Count - 1) * error;
        return new FoldMean(mean, error, mean - half, mean + half);
    }

    /// <summary>97.5% quantile of Student's t.</summary>
    /// <param name="degrees">Degrees of freedom, 1 and up.</param>
    internal static double Quantile(int degrees)
    {
        if (degrees <= s_quantiles.Length)
            return s_quantiles[degrees - 1];
        // Cornish and Fisher's expansion about the normal quantile.
        const double Normal = 1.959964, First = 2.372271, Second = 2.822502;
        return Normal + First / degrees + Second / ((double)degrees * degrees);
    }
}
