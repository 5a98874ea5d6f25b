using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>The bins of many rows, twice: by column, for partitions and the trainer's own predictions, and by row, for histograms.</summary>
/// <remarks>
/// Shape: [F][N] u8, each column padded to whole cache lines, and [N][F, rounded up to eights] u8. Memory: 2 F bytes a row; owns its buffers.
/// <code>
///   feature 0: | row 0 | row 1 | ... | row N-1 | pad |        row 0: | f0 f1 ... f7 | f8 f9 pad ... |
///   feature 1: | row 0 | ...                                  row 1: | f0 f1 ... f7 | ...
/// </code>
/// </remarks>
internal sealed unsafe class BinnedMatrix : IDisposable
{
    // A block of rows this long keeps its floats in the second-level cache while the columns are read one after another.
    private const int BlockRows = 1024;
    private readonly NativeBuffer<byte> _bins;
    private readonly NativeBuffer<byte> _rows;
    private readonly long _stride;

    private BinnedMatrix(FeatureBins bins, IReadOnlyList<FeatureInfo> features, int rowCount)
    {
        Bins = bins;
        Features = features;
        RowCount = rowCount;
        _stride = ((long)rowCount + 63) / 64 * 64;
        _bins = NativeBuffer<byte>.Allocate(_stride * features.Count);
        RowStride = (features.Count + HistogramKernel.BlockFeatures - 1) / HistogramKernel.BlockFeatures * HistogramKernel.BlockFeatures;
        _rows = NativeBuffer<byte>.Allocate((long)rowCount * RowStride);
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
                result.FillRows(start, count);
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

    /// <summary>The bins of row 0, feature after feature; each later row is <see cref="RowStride"/> bytes on.</summary>
    public byte* Rows => _rows.Pointer;

    /// <summary>Bytes from a row to the next.</summary>
    public int RowStride { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bins.Dispose();
        _rows.Dispose();
    }

    // Where there is no feature the kernel adds all the same: to another bin each time, since to add to one again and again is slow.
    private void FillRows(long start, int count)
    {
        byte* rows = Rows + start * RowStride;
        for (int feature = 0; feature < RowStride; feature++)
        {
            byte* column = feature < FeatureCount ? Column(feature) + start : null;
            for (int row = 0; row < count; row++)
                rows[(long)row * RowStride + feature] = column == null ? (byte)row : column[row];
        }
    }
}
