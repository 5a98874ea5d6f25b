namespace ChurnEngine.Models;

/// <summary>The check of lengths that every backend makes first.</summary>
public static class BackendShape
{
    /// <summary>Throws when the three spans do not describe the same rows.</summary>
    /// <param name="featureCount">F, 0 and up.</param>
    /// <param name="rows">[N * F] values.</param>
    /// <param name="predicted">[N] output.</param>
    /// <param name="margin">[N] output.</param>
    /// <remarks>Errors: <see cref="ArgumentException"/>.</remarks>
    public static void Check(int featureCount, ReadOnlySpan<float> rows, ReadOnlySpan<float> predicted, ReadOnlySpan<float> margin)
    {
        if (rows.Length != (long)predicted.Length * featureCount)
            throw new ArgumentException($"{rows.Length} values are not {predicted.Length} rows of {featureCount} features", nameof(rows));
        if (margin.Length != predicted.Length)
            throw new ArgumentException($"{margin.Length} margins for {predicted.Length} predictions", nameof(margin));
    }
}
