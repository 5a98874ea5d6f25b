using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>The bin mappers of all features of a matrix, and which of them share a byte.</summary>
internal sealed class FeatureBins
{
    // Edges move by less than a tenth of a bin beyond this; smaller data is used whole, so its distinct values are exact.
    private const int MostSampledRows = 1 << 18;
    private const ulong SampleStream = 0xB1;

    private FeatureBins(BinMapper[] mappers)
    {
        Mappers = mappers;
        Bundles = FeatureBundles.Pack(mappers);
    }

    /// <summary>[F] mapper of each feature.</summary>
    public BinMapper[] Mappers { get; }

    /// <summary>How bins become bytes.</summary>
    public FeatureBundles Bundles { get; }

    /// <summary>Learns the bins of every feature from all rows, or from a sample of 262,144.</summary>
    /// <param name="matrix">[N, F], N at least 1.</param>
    /// <param name="maxBins">2 to 255.</param>
    /// <param name="seed">Key of the sample.</param>
    /// <param name="team">Runs one feature an item.</param>
    public static FeatureBins Fit(FeatureMatrix matrix, int maxBins, ulong seed, WorkTeam team)
    {
        int sampled = (int)Math.Min(matrix.RowCount, MostSampledRows);
        var mappers = new BinMapper[matrix.FeatureCount];
        team.Run(mappers.Length, (long)sampled * 50 * mappers.Length, feature =>
        {
            float[] sample = ArrayPool<float>.Shared.Rent(sampled);
            Gather(matrix, feature, seed, sample.AsSpan(0, sampled));
            mappers[feature] = BinMapper.Fit(matrix.Features[feature].Kind, sample.AsSpan(0, sampled), maxBins);
            ArrayPool<float>.Shared.Return(sample);
        });
        return new FeatureBins(mappers);
    }

    // One row at random out of each of sample.Length equal stretches, the same rows for every feature.
    private static unsafe void Gather(FeatureMatrix matrix, int feature, ulong seed, Span<float> sample)
    {
        float* column = matrix.Pointer + feature;
        long rows = matrix.RowCount;
        for (int i = 0; i < sample.Length; i++)
        {
            long first = rows * i / sample.Length, end = rows * (i + 1) / sample.Length;
            long row = end - first == 1 ? first : first + (long)(KeyedRandom.Bits(seed, SampleStream, (ulong)i) % (ulong)(end - first));
            sample[i] = column[row * matrix.FeatureCount];
        }
    }
}
