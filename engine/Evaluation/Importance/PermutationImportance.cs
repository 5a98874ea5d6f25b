namespace ChurnEngine.Evaluation;

/// <summary>How permutation importance is measured.</summary>
public sealed record PermutationOptions
{
    /// <summary>Shuffles of each feature, 2 and up: their spread says how far to trust the mean.</summary>
    public int Repeats { get; init; } = 5;

    /// <summary>Key of the shuffles.</summary>
    public long Seed { get; init; }

    /// <summary>Throws when a value makes no sense.</summary>
    /// <remarks>Errors: ArgumentOutOfRangeException.</remarks>
    public void Validate() => ArgumentOutOfRangeException.ThrowIfLessThan(Repeats, 2);
}

/// <summary>How much worse a model gets when it cannot use a feature.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Loss">Mean over the shuffles of what the metric lost: above 0 where the model relies on the feature, near 0 (and below it by chance) where it does not.</param>
/// <param name="Deviation">Standard deviation over the shuffles.</param>
public sealed record PermutedFeature(string Feature, double Loss, double Deviation);

/// <summary>Permutation importance: the metric with a feature's values dealt out anew among the rows, against the metric as it is.</summary>
/// <remarks>Features that say the same cover for each other, and each then looks less important than it is. Source: Breiman 2001; Fisher, Rudin and Dominici 2019.</remarks>
public static class PermutationImportance
{
    /// <summary>Predicts all rows, with one feature's values taken from other rows.</summary>
    /// <param name="feature">0..F-1.</param>
    /// <param name="order">[N] for each row the row whose value of that feature it gets.</param>
    /// <returns>[N] predictions.</returns>
    public delegate float[] PredictShuffled(int feature, int[] order);

    /// <summary>Measures every feature.</summary>
    /// <param name="features">[F] names.</param>
    /// <param name="predicted">[N] predictions of the rows as they are.</param>
    /// <param name="predict">Predicts with a feature shuffled.</param>
    /// <param name="badness">The metric of [N] predictions, turned so that more is worse.</param>
    /// <param name="options">How often, and the key. A shuffle depends on that, the feature's name and N alone.</param>
    /// <returns>[F], the greatest loss first; among equals in feature order.</returns>
    /// <remarks>Memory: 4 bytes a row. Errors: ArgumentOutOfRangeException for fewer than two shuffles.</remarks>
    public static IReadOnlyList<PermutedFeature> Measure(IReadOnlyList<string> features, float[] predicted, PredictShuffled predict, Func<float[], double> badness, PermutationOptions options)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(predict);
        ArgumentNullException.ThrowIfNull(badness);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        double asIs = badness(predicted);
        int[] order = new int[predicted.Length];
        double[] losses = new double[options.Repeats];
        var result = new PermutedFeature[features.Count];
        for (int feature = 0; feature < features.Count; feature++)
        {
            var random = new SplitMix64(options.Seed ^ HashOf(features[feature]));
            for (int repeat = 0; repeat < losses.Length; repeat++)
            {
                for (int row = 0; row < order.Length; row++)
                    order[row] = row;
                random.Shuffle(order);
                losses[repeat] = badness(predict(feature, order)) - asIs;
            }
            double mean = losses.Average();
            result[feature] = new PermutedFeature(features[feature], mean, Math.Sqrt(losses.Sum(loss => (loss - mean) * (loss - mean)) / (losses.Length - 1)));
        }
        return [.. result.OrderByDescending(feature => feature.Loss)];
    }

    // FNV-1a over UTF-16: the same in every process and release.
    private static long HashOf(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char letter in name)
            hash = (hash ^ letter) * 0x100000001B3;
        return (long)hash;
    }
}
