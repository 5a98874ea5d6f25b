using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>The bin mappers of all features of a matrix, and which of them share a byte.</summary>
internal sealed class FeatureBins
{
    // Edges move by less than a tenth of a bin beyond this; smaller data is used whole, so its distinct values are exact.
    private const int MostSampledRows = 1 << 18;
    private const ulong SampleStream = 0xB1;

    // Features whose samples a thread gathers and sorts at a time: a line of memory each at most, and 16 MB of samples, which are gone before the rows are binned.
    private const int LeastStrip = 4, MostStrip = 16, StripsAThread = 2;

    private FeatureBins(BinMapper[] mappers)
    {
        Mappers = mappers;
        Usable = [.. Enumerable.Range(0, mappers.Length).Where(feature => mappers[feature].IsUsable)];
        Bundles = FeatureBundles.Pack(mappers);
    }

    /// <summary>[F] mapper of each feature.</summary>
    public BinMapper[] Mappers { get; }

    /// <summary>Features that vary over the rows, or the sample of them: ascending, and none where all are constant.</summary>
    public int[] Usable { get; }

    /// <summary>How bins become bytes.</summary>
    public FeatureBundles Bundles { get; }

    /// <summary>Learns the bins of every feature from all rows, or from a sample of 262,144.</summary>
    /// <param name="matrix">[N, F], N at least 1.</param>
    /// <param name="maxBins">2 to 255.</param>
    /// <param name="seed">Key of the sample.</param>
    /// <param name="team">Runs some features an item.</param>
    public static FeatureBins Fit(FeatureMatrix matrix, int maxBins, ulong seed, WorkTeam team)
    {
        int sampled = (int)Math.Min(matrix.RowCount, MostSampledRows);
        var mappers = new BinMapper[matrix.FeatureCount];
        int strip = Math.Clamp(matrix.FeatureCount / (StripsAThread * team.Threads), LeastStrip, MostStrip), strips = (matrix.FeatureCount + strip - 1) / strip;
        team.Run(strips, (long)sampled * 10 * mappers.Length, item =>
        {
            int first = item * strip, count = Math.Min(strip, mappers.Length - first);
            // Given back to the system at once: a pool would keep it beside all that training takes.
            using var sample = NativeBuffer<float>.Allocate((long)sampled * count);
            Gather(matrix, first, count, seed, sample.Span, sampled);
            for (int i = 0; i < count; i++)
                mappers[first + i] = BinMapper.Fit(matrix.Features[first + i].Kind, sample.Slice((long)i * sampled, sampled), maxBins);
        });
        return new FeatureBins(mappers);
    }

    /// <summary><see cref="Usable"/> for those who need one.</summary>
    /// <remarks>Errors: CE4002 where no feature varies.</remarks>
    public int[] RequireUsable() => Usable.Length > 0 ? Usable : throw TrainerErrors.NoUsableFeature(Mappers.Length);

    // One row at random out of each of equal stretches, the same rows for every feature; features that share a cache line are read together.
    private static unsafe void Gather(FeatureMatrix matrix, int firstFeature, int features, ulong seed, Span<float> sample, int sampled)
    {
        long rows = matrix.RowCount;
        for (int i = 0; i < sampled; i++)
        {
            long first = rows * i / sampled, end = rows * (i + 1) / sampled;
            long row = end - first == 1 ? first : first + (long)(KeyedRandom.Bits(seed, SampleStream, (ulong)i) % (ulong)(end - first));
            float* values = matrix.Pointer + row * matrix.FeatureCount + firstFeature;
            for (int feature = 0; feature < features; feature++)
                sample[feature * sampled + i] = values[feature];
        }
    }
}
