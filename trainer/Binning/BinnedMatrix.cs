using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>The bins of many rows, column-major: what histograms, partitions and the trainer's own predictions read.</summary>
/// <remarks>
/// Shape: [F][N] u8, each column padded to whole cache lines. Memory: F bytes a row; owns its buffer.
/// <code>
///   feature 0: | row 0 | row 1 | ... | row N-1 | pad |
///   feature 1: | row 0 | ...
/// </code>
/// </remarks>
internal sealed unsafe class BinnedMatrix : IDisposable
{
    // A block of rows this long keeps its floats in the second-level cache while the columns are read one after another.
    private const int BlockRows = 1024;
    private readonly NativeBuffer<byte> _bins;
    private readonly long _stride;

    private BinnedMatrix(FeatureBins bins, IReadOnlyList<FeatureInfo> features, int rowCount)
    {
        Bins = bins;
        Features = features;
        RowCount = rowCount;
        _stride = ((long)rowCount + 63) / 64 * 64;
        _bins = NativeBuffer<byte>.Allocate(_stride * features.Count);
    }

    /// <summary>How values became bins.</summary>
    public FeatureBins Bins { get; }

    /// <summary>[F] description of each feature.</summary>
    public IReadOnlyList<FeatureInfo> Features { get; }

    public int RowCount { get; }

    public int FeatureCount => Features.Count;

    /// <summary>Maps all values of <paramref name="matrix"/>.</summary>
    public static BinnedMatrix Build(FeatureMatrix matrix, FeatureBins bins, WorkTeam team)
    {
        var result = new BinnedMatrix(bins, matrix.Features, (int)matrix.RowCount);
        int features = matrix.FeatureCount;
        float* values = matrix.Pointer;
        int blocks = (int)((matrix.RowCount + BlockRows - 1) / BlockRows);
        try
        {
            team.Run(blocks, matrix.RowCount * features * 3, block =>
            {
                long start = (long)block * BlockRows;
                int count = (int)Math.Min(BlockRows, result.RowCount - start);
                for (int feature = 0; feature < features; feature++)
                    bins.Mappers[feature].Map(values + start * features + feature, features, new Span<byte>(result.Column(feature) + start, count));
            });
            return result;
        }
        catch (OperationCanceledException)
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>[N] bins of one feature.</summary>
    public byte* Column(int feature) => _bins.Pointer + feature * _stride;

    /// <inheritdoc/>
    public void Dispose() => _bins.Dispose();
}
