using System.Runtime.CompilerServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>The bins of many rows, a byte for each bundle of features: by row, for histograms and the trainer's own predictions, and where trees are grown on them by column too, for partitions.</summary>
/// <remarks>
/// Shape: [N][C, rounded up to fours] u8 and [C][N] u8, each column padded to whole cache lines, with C bundles (<see cref="FeatureBundles"/>). Memory: C bytes a row, or 2 C; owns its buffers.
/// <code>
///   row 0: | b0 b1 ... b7 | b8 b9 pad ... |        bundle 0: | row 0 | row 1 | ... | row N-1 | pad |
///   row 1: | b0 b1 ... b7 | ...                    bundle 1: | row 0 | ...
/// </code>
/// To part a leaf by rows alone would save the second copy and cost a fifth of the training (DECISIONS 38).
/// </remarks>
internal sealed unsafe class BinnedMatrix : IDisposable
{
    // A block of rows this long keeps its floats in the second-level cache, and its codes in the first, while the columns are read one after another.
    private const int BlockRows = 1024;
    private readonly NativeBuffer<byte> _rows;
    private readonly NativeBuffer<byte>? _columns;
    private readonly long _columnStride;

    private BinnedMatrix(FeatureBins bins, IReadOnlyList<FeatureInfo> features, int rowCount, bool byColumn)
    {
        Bins = bins;
        Features = features;
        RowCount = rowCount;
        RowStride = (Bundles.Length + HistogramKernel.ColumnStep - 1) / HistogramKernel.ColumnStep * HistogramKernel.ColumnStep;
        _rows = NativeBuffer<byte>.Allocate((long)rowCount * RowStride);
        _columnStride = ((long)rowCount + 63) / 64 * 64;
        _columns = byColumn ? NativeBuffer<byte>.Allocate(_columnStride * Bundles.Length) : null;
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
    /// <param name="matrix">[N, F].</param>
    /// <param name="bins">How.</param>
    /// <param name="byColumn">Whether <see cref="Column"/> will be asked for: by a tree that is grown on these rows.</param>
    /// <param name="team">Runs blocks of rows.</param>
    public static BinnedMatrix Build(FeatureMatrix matrix, FeatureBins bins, bool byColumn, WorkTeam team)
    {
        var result = new BinnedMatrix(bins, matrix.Features, (int)matrix.RowCount, byColumn);
        int blocks = (int)((matrix.RowCount + BlockRows - 1) / BlockRows);
        try
        {
            team.Run(blocks, matrix.RowCount * matrix.FeatureCount * 3, block =>
            {
                long start = (long)block * BlockRows;
                result.Fill(matrix, start, (int)Math.Min(BlockRows, result.RowCount - start));
            });
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>The codes of row 0, bundle after bundle; each later row is <see cref="RowStride"/> bytes on.</summary>
    public byte* Rows => _rows.Pointer;

    /// <summary>Bytes from a row to the next.</summary>
    public int RowStride { get; }

    /// <summary>Bundles whose histograms are counted in one go; a last block may have fewer.</summary>
    public int BlockColumns => HistogramKernel.BlockColumns(RowStride);

    /// <summary>Blocks of bundles.</summary>
    public int Blocks => (RowStride + BlockColumns - 1) / BlockColumns;

    /// <summary>The codes of one row.</summary>
    public byte* Row(int row) => _rows.Pointer + (long)row * RowStride;

    /// <summary>[N] codes of one bundle, of a matrix that was built by column too.</summary>
    public byte* Column(int bundle) => _columns!.Pointer + bundle * _columnStride;

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _columns?.Dispose();
    }

    // Where there is no bundle the kernel adds all the same: to another bin each time, since to add to one again and again is slow.
    [SkipLocalsInit]
    private void Fill(FeatureMatrix matrix, long start, int count)
    {
        Span<byte> codeRoom = stackalloc byte[BlockRows], binRoom = stackalloc byte[BlockRows];
        Span<byte> bins = binRoom[..count];
        float* values = matrix.Pointer + start * matrix.FeatureCount;
        byte* rows = Rows + start * RowStride;
        for (int bundle = 0; bundle < Bundles.Length; bundle++)
        {
            Span<byte> codes = _columns is null ? codeRoom[..count] : new Span<byte>(Column(bundle) + start, count);
            Encode(Bundles[bundle], values, codes, bins);
            for (int row = 0; row < codes.Length; row++)
                rows[(long)row * RowStride + bundle] = codes[row];
        }
        for (int pad = Bundles.Length; pad < RowStride; pad++)
        {
            for (int row = 0; row < count; row++)
                rows[(long)row * RowStride + pad] = (byte)row;
        }
    }

    // [n] codes of one bundle; the bins of a member are room to work in.
    private void Encode(FeatureBundle bundle, float* values, Span<byte> codes, Span<byte> bins)
    {
        Bins.Mappers[bundle.Features[0]].Map(values + bundle.Features[0], FeatureCount, codes);
        for (int member = 1; member < bundle.Features.Length; member++)
        {
            Bins.Mappers[bundle.Features[member]].Map(values + bundle.Features[member], FeatureCount, bins);
            byte stride = (byte)bundle.Strides[member];
            for (int row = 0; row < codes.Length; row++)
                codes[row] += (byte)(bins[row] * stride);
        }
    }
}
