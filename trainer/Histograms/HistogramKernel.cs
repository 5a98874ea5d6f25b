using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Trainer;

/// <summary>Rows as the histograms of eight columns, or four, see them.</summary>
/// <param name="bins">The codes of row 0; all eight or four are read, so behind the last bundle any byte may stand.</param>
/// <param name="columns">8, or 4.</param>
/// <param name="stride">Bytes from a row to the next.</param>
/// <param name="pairs">[count] derivatives.</param>
/// <param name="count">Rows.</param>
internal readonly unsafe struct RowBlock(byte* bins, int columns, int stride, GradientPair* pairs, int count)
{
    public byte* Bins { get; } = bins;
    public int Columns { get; } = columns;
    public int Stride { get; } = stride;
    public GradientPair* Pairs { get; } = pairs;
    public int Count { get; } = count;
}

/// <summary>Adds up the derivatives of rows by code, for eight columns at once.</summary>
internal static unsafe partial class HistogramKernel
{
    /// <summary>Columns of a call.</summary>
    public const int BlockColumns = 8;

    /// <summary>Columns of a call that has no more: the last of a matrix, where eight would be half empty.</summary>
    public const int HalfColumns = 4;

    /// <summary>Cells of a column.</summary>
    public const int TableCells = FeatureBundles.MostCodes;

    // Rows of a leaf lie anywhere; the lines of the row so far ahead are asked for now.
    private const int Ahead = 96;

    /// <summary>Cells of a call.</summary>
    public const int BlockCells = BlockColumns * TableCells;

    /// <summary>Adds each row to one cell of each column.</summary>
    /// <param name="input">Rows; with those already in the cells no more than the format's MostRows, derivatives within its bits.</param>
    /// <param name="cells">[8][256] sums so far.</param>
    /// <remarks>
    /// Equality with <see cref="Scalar"/>, after <see cref="Unpack"/>: exact. Eight columns in turn also hide the wait of a skewed one, where each add needs the store of the last.
    /// Byte loads and native-sized indices are what the compiler makes the fewest instructions of (measured: shared/facts-training.md).
    /// </remarks>
    public static void Add<TFormat, TCell>(in RowBlock input, TCell* cells) where TFormat : ICellFormat<TCell> where TCell : unmanaged
    {
#if PLANTED_SLOWDOWN
        AddAll<TFormat, TCell>(new RowBlock(input.Bins, input.Columns, input.Stride, input.Pairs, input.Count * 15 / 100), (TCell*)Spare.Cells);
#endif
        AddAll<TFormat, TCell>(input, cells);
    }

#if PLANTED_SLOWDOWN
    // Where the work that counts for nothing goes.
    private static class Spare
    {
        public static void* Cells { get; } = System.Runtime.InteropServices.NativeMemory.AlignedAlloc(BlockCells * 16, 64);
    }
#endif

    private static void AddAll<TFormat, TCell>(in RowBlock input, TCell* cells) where TFormat : ICellFormat<TCell> where TCell : unmanaged
    {
        byte* bins = input.Bins;
        GradientPair* pairs = input.Pairs;
        nint stride = input.Stride, count = input.Count;
        if (input.Columns == HalfColumns)
        {
            for (nint i = 0; i < count; i++, bins += stride)
                AddHalf<TFormat, TCell>(bins, TFormat.Of(pairs[i]), cells);
        }
        else
        {
            for (nint i = 0; i < count; i++, bins += stride)
                AddRow<TFormat, TCell>(bins, TFormat.Of(pairs[i]), cells);
        }
    }

    /// <summary>The definition of <see cref="Add"/>: sums [8][256], added to.</summary>
    public static void Scalar(in RowBlock input, Span<GradientSums> sums)
    {
        for (int i = 0; i < input.Count; i++)
        {
            byte* bins = input.Bins + ((long)i * input.Stride);
            for (int column = 0; column < input.Columns; column++)
                sums[column * TableCells + bins[column]].Add(input.Pairs[i]);
        }
    }

    /// <summary>Copies some rows, and their derivatives, side by side: each line of memory is then waited for once, and not by every block.</summary>
    /// <param name="rows">[n] row ids.</param>
    /// <param name="bins">Codes of row 0; up to seven bytes behind the last row may be read.</param>
    /// <param name="stride">Bytes from a row to the next, here and there.</param>
    /// <param name="pairs">[N] derivatives of all rows.</param>
    /// <param name="gathered">Room for n rows and seven bytes more, and for n derivatives.</param>
    /// <remarks>Equality with <see cref="GatherScalar"/>: exact, but for those seven bytes.</remarks>
    public static void Gather(ReadOnlySpan<int> rows, byte* bins, int stride, GradientPair* pairs, (nint Bins, nint Pairs) gathered)
    {
#if PLANTED_SLOWDOWN
        GatherAll(rows[..(rows.Length * 15 / 100)], bins, stride, pairs, gathered);
#endif
        GatherAll(rows, bins, stride, pairs, gathered);
    }

    private static void GatherAll(ReadOnlySpan<int> rows, byte* bins, int stride, GradientPair* pairs, (nint Bins, nint Pairs) gathered)
    {
        byte* to = (byte*)gathered.Bins;
        var pairsTo = (GradientPair*)gathered.Pairs;
        nint step = stride;
        for (int i = 0; i < rows.Length; i++, to += step)
        {
            nint row = rows[i];
            byte* from = bins + row * step;
            if (Sse.IsSupported && i + Ahead < rows.Length)
            {
                // A row may end on another line than it begins on.
                nint next = rows[i + Ahead];
                Sse.Prefetch0(bins + next * step);
                Sse.Prefetch0(bins + next * step + step - 1);
                Sse.Prefetch0(pairs + next);
            }
            for (nint at = 0; at < step; at += sizeof(ulong))
                *(ulong*)(to + at) = *(ulong*)(from + at);
            pairsTo[i] = pairs[row];
        }
    }

    /// <summary>The definition of <see cref="Gather"/>.</summary>
    public static void GatherScalar(ReadOnlySpan<int> rows, byte* bins, int stride, GradientPair* pairs, (nint Bins, nint Pairs) gathered)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            new ReadOnlySpan<byte>(bins + (long)rows[i] * stride, stride).CopyTo(new Span<byte>((byte*)gathered.Bins + (long)i * stride, stride));
            ((GradientPair*)gathered.Pairs)[i] = pairs[rows[i]];
        }
    }

    /// <summary>Takes the sums of one column out of its cells.</summary>
    /// <param name="cells">[256] cells; those behind the last bin are zero.</param>
    /// <param name="sums">Set, or added to.</param>
    /// <param name="adds">Whether they are added to.</param>
    public static void Unpack<TFormat, TCell>(TCell* cells, BinSums sums, bool adds) where TFormat : ICellFormat<TCell> where TCell : unmanaged
    {
        if (typeof(TFormat) == typeof(PackedFormat) && Vector512.IsHardwareAccelerated)
        {
            UnpackVectors((long*)cells, sums, adds);
            return;
        }
        for (int bin = 0; bin < sums.Count; bin++)
            sums[bin] = adds ? sums[bin] + TFormat.Unpack(cells[bin]) : TFormat.Unpack(cells[bin]);
        for (int bin = sums.Count; bin < sums.Padded; bin++)
            sums[bin] = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow<TFormat, TCell>(byte* bins, TCell row, TCell* cells) where TFormat : ICellFormat<TCell> where TCell : unmanaged
    {
        AddHalf<TFormat, TCell>(bins, row, cells);
        AddCell<TFormat, TCell>(cells + 4 * TableCells + (nuint)bins[4], row);
        AddCell<TFormat, TCell>(cells + 5 * TableCells + (nuint)bins[5], row);
        AddCell<TFormat, TCell>(cells + 6 * TableCells + (nuint)bins[6], row);
        AddCell<TFormat, TCell>(cells + 7 * TableCells + (nuint)bins[7], row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddHalf<TFormat, TCell>(byte* bins, TCell row, TCell* cells) where TFormat : ICellFormat<TCell> where TCell : unmanaged
    {
        AddCell<TFormat, TCell>(cells + (nuint)bins[0], row);
        AddCell<TFormat, TCell>(cells + 1 * TableCells + (nuint)bins[1], row);
        AddCell<TFormat, TCell>(cells + 2 * TableCells + (nuint)bins[2], row);
        AddCell<TFormat, TCell>(cells + 3 * TableCells + (nuint)bins[3], row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddCell<TFormat, TCell>(TCell* cell, TCell row) where TFormat : ICellFormat<TCell> where TCell : unmanaged => *cell = TFormat.Add(*cell, row);

    // PackedFormat.Unpack, eight cells at a time. The padding comes out as zero because its cells are.
    private static void UnpackVectors(long* cells, BinSums sums, bool adds)
    {
        for (int bin = 0; bin < sums.Padded; bin += BinSums.Lanes)
        {
            Vector512<long> cell = Vector512.Load(cells + bin), rows = cell & Vector512.Create((long)PackedFormat.MostRows);
            Vector512<long> hessians = Vector512.ShiftRightArithmetic(Vector512.ShiftLeft(cell, 64 - PackedFormat.GradientShift), 64 - PackedFormat.HessianField);
            Vector512<long> gradients = Vector512.ShiftRightArithmetic(cell - Vector512.ShiftLeft(hessians, PackedFormat.RowField) - rows, PackedFormat.GradientShift);
            if (adds)
            {
                gradients += Vector512.Load(sums.Gradients + bin);
                hessians += Vector512.Load(sums.Hessians + bin);
                rows += Vector512.Load(sums.Rows + bin);
            }
            gradients.Store(sums.Gradients + bin);
            hessians.Store(sums.Hessians + bin);
            rows.Store(sums.Rows + bin);
        }
    }
}
