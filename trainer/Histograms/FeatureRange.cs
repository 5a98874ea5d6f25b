namespace ChurnEngine.Trainer;

/// <summary>Neighbouring features whose histograms are counted together.</summary>
/// <param name="First">First feature, a multiple of eight.</param>
/// <param name="End">The feature behind the last.</param>
/// <param name="Offsets">[features + 1] first bin of each when their bins are laid side by side, and the number of bins.</param>
internal sealed record FeatureRange(int First, int End, int[] Offsets)
{
    /// <summary>Cuts all features into ranges: sixteen each, or eight where that would leave threads without work. How they are cut changes no sum.</summary>
    public static FeatureRange[] Cut(FeatureBins bins, int threads)
    {
        int features = bins.Mappers.Length;
        int length = features >= HistogramKernel.MostFeatures * (threads - 1) + 1 ? HistogramKernel.MostFeatures : HistogramKernel.BlockFeatures;
        return
        [
            .. from first in Enumerable.Range(0, (features + length - 1) / length).Select(i => i * length)
               let end = Math.Min(first + length, features)
               select new FeatureRange(first, end, [.. Enumerable.Range(first, end - first + 1).Select(feature => bins.Offsets[feature] - bins.Offsets[first])]),
        ];
    }
}
