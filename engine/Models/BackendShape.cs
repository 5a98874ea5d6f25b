namespace ChurnEngine.Models;

/// <summary>The check of lengths that every backend makes first.</summary>
public static class BackendShape
{
    /// <summary>Throws when the three spans do not describe the same rows.</summary>
    /// <param name="featureCount">F, 0 and up.</param>
    /// <param name="rows">[N * F] values.</param>
    /// <param name="probability">[N] output.</param>
    /// <param name="margin">[N] output.</param>
    /// <remarks>Errors: <see cref="ArgumentException"/>.</remarks>
    public static void Check(int featureCount, ReadOnlySpan<float> rows, ReadOnlySpan<float> probability, ReadOnlySpan<float> margin)
    {
        if (rows.Length != (long)probability.Length * featureCount)
            throw new ArgumentException($"{rows.Length} values are not {probability.Length} rows of {featureCount} features", nameof(rows));
        if (margin.Length != probability.Length)
            throw new ArgumentException($"{margin.Length} margins for {probability.Length} probabilities", nameof(margin));
    }
}
