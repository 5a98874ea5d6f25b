using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>The bins of many rows, a byte for each bundle of features, twice: by column, for partitions and the trainer's own predictions, and by row, for histograms.</summary>
/// <remarks>
/// Shape: [C][N] u8, each column padded to whole cache lines, and [N][C, rounded up to fours] u8, with C bundles (<see cref="FeatureBundles"/>). Memory: 2 C bytes a row; owns its buffers.
/// <code>
///   bundle 0: | row 0 | row 1 | ... | row N-1 | pad |        row 0: | b0 b1 ... b7 | b8 b9 pad ... |
///   bundle 1: | row 0 | ...                                  row 1: | b0 b1 ... b7 | ...
/// </code>
/// </remarks>
internal sealed unsafe class BinnedMatrix : IDisposable
{
    // A block of rows this long keeps its floats in the second-level cache while the columns are read one after another.
    private const int BlockRows = 1024;
    private readonly NativeBuffer<byte> _columns;
    private readonly NativeBuffer<byte> _rows;
    private readonly long _columnStride;

    private BinnedMatrix(FeatureBins bins, IReadOnlyList<FeatureInfo> features, int rowCount)
    {
        Bins = bins;
        Features = features;
        RowCount = rowCount;
        _columnStride = ((long)rowCount + 63) / 64 * 64;
        _columns = NativeBuffer<byte>.Allocate(_columnStride * Bundles.Length);
        RowStride = (Bundles.Length + HistogramKernel.HalfColumns - 1) / HistogramKernel.HalfColumns * HistogramKernel.HalfColumns;
        _rows = NativeBuffer<byte>.Allocate((long)rowCount * RowStride);
    }

    /// <summary>How values became bins, and bins bytes.</summary>
    public FeatureBins Bins { get; }

    /// <summary>[F] description of each feature.</summary>
    public IReadOnlyList<FeatureInfo> Features { get; }

    public int RowCount { get; }

    public int FeatureCount => Features.Count;

    /// <summary>[C] features of each byte.</summary>
    public FeatureBundle[] Bundles => Bins.Bundles.Bundles;

    /// <summary>Maps all values of <paramref name="matrix"/>.</summary>
    public static BinnedMatrix Build(FeatureMatrix matrix, FeatureBins bins, WorkTeam team)
    {
        var result = new BinnedMatrix(bins, matrix.Features, (int)matrix.RowCount);
        int blocks = (int)((matrix.RowCount + BlockRows - 1) / BlockRows);
        try
        {
            team.Run(blocks, matrix.RowCount * matrix.FeatureCount * 3, block =>
            {
                long start = (long)block * BlockRows;
                int count = (int)Math.Min(BlockRows, result.RowCount - start);
                for (int bundle = 0; bundle < result.Bundles.Length; bundle++)
                    result.FillColumn(bundle, matrix, start, new Span<byte>(result.Column(bundle) + start, count));
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

    /// <summary>[N] codes of one bundle.</summary>
    public byte* Column(int bundle) => _columns.Pointer + bundle * _columnStride;

    /// <summary>The codes of row 0, bundle after bundle; each later row is <see cref="RowStride"/> bytes on.</summary>
    public byte* Rows => _rows.Pointer;

    /// <summary>Bytes from a row to the next.</summary>
    public int RowStride { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _columns.Dispose();
        _rows.Dispose();
    }

    private void FillColumn(int bundle, FeatureMatrix matrix, long start, Span<byte> codes)
    {
        FeatureBundle members = Bundles[bundle];
        float* values = matrix.Pointer + start * matrix.FeatureCount;
        Bins.Mappers[members.Features[0]].Map(values + members.Features[0], matrix.FeatureCount, codes);
        if (members.Features.Length == 1)
            return;
        Span<byte> bins = stackalloc byte[BlockRows];
        bins = bins[..codes.Length];
        for (int member = 1; member < members.Features.Length; member++)
        {
            Bins.Mappers[members.Features[member]].Map(values + members.Features[member], matrix.FeatureCount, bins);
            byte stride = (byte)members.Strides[member];
            for (int row = 0; row < codes.Length; row++)
                codes[row] += (byte)(bins[row] * stride);
        }
    }

    // Where there is no bundle the kernel adds all the same: to another bin each time, since to add to one again and again is slow.
    private void FillRows(long start, int count)
    {
        byte* rows = Rows + start * RowStride;
        for (int bundle = 0; bundle < RowStride; bundle++)
        {
            byte* column = bundle < Bundles.Length ? Column(bundle) + start : null;
            for (int row = 0; row < count; row++)
                rows[(long)row * RowStride + bundle] = column == null ? (byte)row : column[row];
        }
    }
}
