using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Trainer;

/// <summary>The rows of a node, as the histograms of eight features see them.</summary>
/// <param name="bins">[N][8] the features' bins, a row's side by side; see <see cref="BinnedMatrix"/>. Where there are fewer than eight features, the rest may be anything.</param>
/// <param name="rows">[count] row ids, or null for rows 0..count-1.</param>
/// <param name="pairs">[count] derivatives, in the order of <paramref name="rows"/>.</param>
/// <param name="count">Rows of the node.</param>
internal readonly unsafe struct NodeBlock(byte* bins, int* rows, GradientPair* pairs, int count)
{
    public byte* Bins { get; } = bins;
    public int* Rows { get; } = rows;
    public GradientPair* Pairs { get; } = pairs;
    public int Count { get; } = count;
}

/// <summary>Adds up the derivatives of a node's rows by bin, for eight features at once.</summary>
internal static unsafe class HistogramKernel
{
    /// <summary>Features of a block: a row's bins of one block are read in one cache line.</summary>
    public const int BlockFeatures = 8;

    private const int TableBins = 256;
    private const int RowBits = 20;

    // So many rows fit the low bits of a cell.
    private const int MostRows = (1 << RowBits) - 1;

    // Setting up and folding the tables costs as much as this many rows.
    private const int FewRows = 96;

    // Rows of a leaf lie anywhere; the line of the row so far ahead is asked for now.
    private const int Ahead = 24;

    /// <summary>Sums by feature and bin.</summary>
    /// <param name="input">Rows of the node.</param>
    /// <param name="offsets">[features + 1] where the bins of each feature begin in <paramref name="sums"/>, and the end; 1 to 8 features.</param>
    /// <param name="sums">[bins of all] set to the sums; every bin of a feature is below its number of bins, 256 at most.</param>
    /// <remarks>
    /// Shape: bins [count][8] u8, pairs [count] -> sums. Equality: exact. Hessians are below 2^23 in magnitude, as <see cref="GradientBuffer"/> makes them.
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
        byte* scratch = stackalloc byte[(BlockFeatures * TableBins * sizeof(Vector128<long>)) + 64];
        var cells = (Vector128<long>*)(((nuint)scratch + 63) & ~(nuint)63);
        sums.Clear();
        for (int start = 0; start < input.Count; start += MostRows)
        {
            int count = Math.Min(MostRows, input.Count - start);
#if PLANTED_SLOWDOWN
            Add(input, start, count * 15 / 100, cells);
#endif
            new Span<Vector128<long>>(cells, BlockFeatures * TableBins).Clear();
            Add(input, start, count, cells);
            Fold(cells, offsets, sums);
        }
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(in NodeBlock input, ReadOnlySpan<int> offsets, Span<GradientSums> sums)
    {
        sums.Clear();
        for (int i = 0; i < input.Count; i++)
        {
            byte* bins = input.Bins + ((long)(input.Rows == null ? i : input.Rows[i]) * BlockFeatures);
            for (int feature = 0; feature < offsets.Length - 1; feature++)
                sums[offsets[feature] + bins[feature]].Add(input.Pairs[i]);
        }
    }

    private static void Add(in NodeBlock input, int start, int count, Vector128<long>* cells)
    {
        if (input.Rows == null)
            AddContiguous(input.Bins + ((long)start * BlockFeatures), input.Pairs + start, count, cells);
        else
            AddIndexed(input.Bins, input.Rows + start, input.Pairs + start, count, cells);
    }

    private static void AddContiguous(byte* bins, GradientPair* pairs, nint count, Vector128<long>* cells)
    {
        for (nint i = 0; i < count; i++, bins += BlockFeatures)
            AddRow(bins, Widen(pairs[i]), cells);
    }

    private static void AddIndexed(byte* bins, int* rows, GradientPair* pairs, nint count, Vector128<long>* cells)
    {
        nint i = 0;
        for (nint end = count - Ahead; i < end; i++)
        {
            if (Sse.IsSupported)
                Sse.Prefetch0(bins + ((nint)rows[i + Ahead] * BlockFeatures));
            AddRow(bins + ((nint)rows[i] * BlockFeatures), Widen(pairs[i]), cells);
        }
        for (; i < count; i++)
            AddRow(bins + ((nint)rows[i] * BlockFeatures), Widen(pairs[i]), cells);
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
