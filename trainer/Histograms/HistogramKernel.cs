using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Trainer;

/// <summary>The rows of a node, as the histograms of some features see them.</summary>
/// <param name="bins">The features' bins in row 0, side by side; see <see cref="BinnedMatrix"/>. Up to the next multiple of eight features, bytes are read and may be anything.</param>
/// <param name="stride">Bytes from a row to the next.</param>
/// <param name="rows">[count] row ids, or null for rows 0..count-1.</param>
/// <param name="pairs">[count] derivatives, in the order of <paramref name="rows"/>.</param>
/// <param name="count">Rows of the node.</param>
internal readonly unsafe struct NodeBlock(byte* bins, int stride, int* rows, GradientPair* pairs, int count)
{
    public byte* Bins { get; } = bins;
    public int Stride { get; } = stride;
    public int* Rows { get; } = rows;
    public GradientPair* Pairs { get; } = pairs;
    public int Count { get; } = count;
}

/// <summary>Adds up the derivatives of a node's rows by bin, for up to sixteen features at once.</summary>
internal static unsafe class HistogramKernel
{
    /// <summary>Features whose bins a row's updates take in one go.</summary>
    public const int BlockFeatures = 8;

    /// <summary>Most features of a call: the line that holds a row's bins of one block often holds the next block's too.</summary>
    public const int MostFeatures = 2 * BlockFeatures;

    private const int TableBins = 256;
    private const int BlockCells = BlockFeatures * TableBins;
    private const int RowBits = 20;

    // So many rows fit the low bits of a cell.
    private const int MostRows = (1 << RowBits) - 1;

    // So many rows are taken by one block of features and then by the next, while their bins are in the second-level cache.
    private const int TileRows = 4096;

    // Setting up and folding the tables costs as much as this many rows.
    private const int FewRows = 96;

    // Rows of a leaf lie anywhere; the line of the row so far ahead is asked for now.
    private const int Ahead = 24;

    /// <summary>Sums by feature and bin.</summary>
    /// <param name="input">Rows of the node.</param>
    /// <param name="offsets">[features + 1] where the bins of each feature begin in <paramref name="sums"/>, and the end; 1 to 16 features.</param>
    /// <param name="sums">[bins of all] set to the sums; every bin of a feature is below its number of bins, 256 at most.</param>
    /// <remarks>
    /// Shape: bins [count][features] u8, pairs [count] -> sums. Equality: exact. Hessians are below 2^23 in magnitude, as <see cref="GradientBuffer"/> makes them.
    /// A cell is 128 bits, so that a row and feature costs one load, one add and one store:
    /// <code>
    ///   | 64: sum of gradients | 44: sum of hessians | 20: rows |
    /// </code>
    /// Eight features in turn also hide the wait of a skewed column, where each add needs the store of the last.
    /// </remarks>
    [SkipLocalsInit]
    public static void Run(in NodeBlock input, ReadOnlySpan<int> offsets, Span<GradientSums> sums)
    {
        if (!Vector128.IsHardwareAccelerated || input.Count < FewRows)
        {
            Scalar(input, offsets, sums);
            return;
        }
        byte* scratch = stackalloc byte[(2 * BlockCells * sizeof(Vector128<long>)) + 64];
        var cells = (Vector128<long>*)(((nuint)scratch + 63) & ~(nuint)63);
        int blocks = (offsets.Length - 1 + BlockFeatures - 1) / BlockFeatures;
        sums.Clear();
        for (int start = 0; start < input.Count; start += MostRows)
        {
            int count = Math.Min(MostRows, input.Count - start);
#if PLANTED_SLOWDOWN
            Add(input, start, count * 15 / 100, cells, blocks);
#endif
            new Span<Vector128<long>>(cells, blocks * BlockCells).Clear();
            Add(input, start, count, cells, blocks);
            Fold(cells, offsets, sums);
        }
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(in NodeBlock input, ReadOnlySpan<int> offsets, Span<GradientSums> sums)
    {
        sums.Clear();
        for (int i = 0; i < input.Count; i++)
        {
            byte* bins = input.Bins + ((long)(input.Rows == null ? i : input.Rows[i]) * input.Stride);
            for (int feature = 0; feature < offsets.Length - 1; feature++)
                sums[offsets[feature] + bins[feature]].Add(input.Pairs[i]);
        }
    }

    private static void Add(in NodeBlock input, int start, int count, Vector128<long>* cells, int blocks)
    {
        for (int tile = start, end = start + count; tile < end; tile += TileRows)
        {
            int length = Math.Min(TileRows, end - tile);
            for (int block = 0; block < blocks; block++)
            {
                byte* bins = input.Bins + (block * BlockFeatures);
                Vector128<long>* table = cells + (block * BlockCells);
                if (input.Rows == null)
                    AddContiguous(bins + ((long)tile * input.Stride), input.Stride, input.Pairs + tile, length, table);
                else
                    AddIndexed(new NodeBlock(bins, input.Stride, input.Rows + tile, input.Pairs + tile, length), table);
            }
        }
    }

    private static void AddContiguous(byte* bins, nint stride, GradientPair* pairs, nint count, Vector128<long>* cells)
    {
        for (nint i = 0; i < count; i++, bins += stride)
            AddRow(bins, Widen(pairs[i]), cells);
    }

    private static void AddIndexed(NodeBlock input, Vector128<long>* cells)
    {
        byte* bins = input.Bins;
        int* rows = input.Rows;
        GradientPair* pairs = input.Pairs;
        nint stride = input.Stride, count = input.Count, i = 0;
        for (nint end = count - Ahead; i < end; i++)
        {
            if (Sse.IsSupported)
                Sse.Prefetch0(bins + (rows[i + Ahead] * stride));
            AddRow(bins + (rows[i] * stride), Widen(pairs[i]), cells);
        }
        for (; i < count; i++)
            AddRow(bins + (rows[i] * stride), Widen(pairs[i]), cells);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(byte* bins, Vector128<long> cell, Vector128<long>* cells)
    {
        cells[(nuint)bins[0]] += cell;
        (cells + (1 * TableBins))[(nuint)bins[1]] += cell;
        (cells + (2 * TableBins))[(nuint)bins[2]] += cell;
        (cells + (3 * TableBins))[(nuint)bins[3]] += cell;
        (cells + (4 * TableBins))[(nuint)bins[4]] += cell;
        (cells + (5 * TableBins))[(nuint)bins[5]] += cell;
        (cells + (6 * TableBins))[(nuint)bins[6]] += cell;
        (cells + (7 * TableBins))[(nuint)bins[7]] += cell;
    }

    private static void Fold(Vector128<long>* cells, ReadOnlySpan<int> offsets, Span<GradientSums> sums)
    {
        for (int feature = 0; feature < offsets.Length - 1; feature++, cells += TableBins)
        {
            Span<GradientSums> bins = sums[offsets[feature]..offsets[feature + 1]];
            for (int bin = 0; bin < bins.Length; bin++)
            {
                long counted = cells[bin].GetElement(1);
                bins[bin] += new GradientSums(cells[bin].GetElement(0), counted >> RowBits, counted & MostRows);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<long> Widen(GradientPair pair) => Vector128.Create(pair.Gradient, ((long)pair.Hessian << RowBits) + 1);
}
