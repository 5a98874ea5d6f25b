using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Trainer;

/// <summary>Rows as the histograms of up to 32 columns see them.</summary>
/// <param name="bins">The codes of row 0; all columns are read, so behind the last bundle any byte may stand.</param>
/// <param name="columns">4, 8, ... or 32.</param>
/// <param name="stride">Bytes from a row to the next.</param>
/// <param name="pairs">Derivatives, row by row.</param>
/// <param name="count">Rows.</param>
internal readonly unsafe struct RowBlock(byte* bins, int columns, int stride, GradientPair* pairs, int count)
{
    public byte* Bins { get; } = bins;
    public int Columns { get; } = columns;
    public int Stride { get; } = stride;
    public GradientPair* Pairs { get; } = pairs;
    public int Count { get; } = count;

    /// <summary>[count] ids of the rows; null for 0..count-1.</summary>
    public int* Rows { get; init; }

    /// <summary>Ids that may be looked at, so that what comes next can be asked for: count and up.</summary>
    public int RowsKnown { get; init; }

    /// <summary>Id of one of the rows.</summary>
    public int RowAt(int i) => Rows == null ? i : Rows[i];
}

/// <summary>Adds up the derivatives of rows by code, for up to 32 columns at once.</summary>
internal static unsafe partial class HistogramKernel
{
    /// <summary>Columns come in so many at a time.</summary>
    public const int ColumnStep = 4;

    /// <summary>Most columns of a call.</summary>
    public const int MostColumns = 32;

    /// <summary>Cells of a column.</summary>
    public const int TableCells = FeatureBundles.MostCodes;

    /// <summary>Cells from a column's first to the next column's: the same code of all columns, of a row of zeros say, would otherwise lie in two sets of the first-level cache, and look to the processor like one address.</summary>
    public const int TableStride = TableCells + 8;

    // Rows of a leaf lie anywhere; the lines of the row so far ahead are asked for now: more rows where they are only copied.
    private const int Ahead = 96, AheadOfAdding = 48;

    /// <summary>Columns of each call but the last, for rows of so many bytes: as few calls as can be, of about equal size.</summary>
    public static int BlockColumns(int stride)
    {
        int blocks = (stride + MostColumns - 1) / MostColumns, steps = stride / ColumnStep;
        return blocks == 0 ? ColumnStep : (steps + blocks - 1) / blocks * ColumnStep;
    }

    /// <summary>Adds each row to one cell of each column.</summary>
    /// <param name="input">Rows; with those already in the cells no more than the format's MostRows, derivatives within its bits.</param>
    /// <param name="cells">[columns][<see cref="TableStride"/>] sums so far.</param>
    /// <remarks>
    /// Equality with <see cref="Scalar"/>, after <see cref="Unpack"/>: exact. Many columns in turn also hide the wait of a skewed one, where each add needs the store of the last.
    /// Byte loads and native-sized indices are what the compiler makes the fewest instructions of (measured: shared/facts-training.md).
    /// </remarks>
    public static void Add<TFormat, TCell>(in RowBlock input, TCell* cells) where TFormat : ICellFormat<TCell> where TCell : unmanaged
    {
#if PLANTED_SLOWDOWN
        AddAll<TFormat, TCell>(new RowBlock(input.Bins, input.Columns, input.Stride, input.Pairs, input.Count * 15 / 100) { Rows = input.Rows, RowsKnown = input.RowsKnown }, (TCell*)Spare.Cells);
#endif
        AddAll<TFormat, TCell>(input, cells);
    }

#if PLANTED_SLOWDOWN
    // Where the work that counts for nothing goes.
    private static class Spare
    {
        public static void* Cells { get; } = System.Runtime.InteropServices.NativeMemory.AlignedAlloc(MostColumns * TableStride * 16, 64);
    }
#endif

    private static void AddAll<TFormat, TCell>(in RowBlock input, TCell* cells) where TFormat : ICellFormat<TCell> where TCell : unmanaged
    {
        byte* bins = input.Bins;
        GradientPair* pairs = input.Pairs;
        int* rows = input.Rows;
        nint stride = input.Stride, count = input.Count;
        int columns = input.Columns;
        if (rows == null)
        {
            for (nint i = 0; i < count; i++, bins += stride)
                AddRow<TFormat, TCell>(bins, columns, TFormat.Of(pairs[i]), cells);
            return;
        }
        nint known = input.RowsKnown - 1;
        for (nint i = 0; i < count; i++)
        {
            if (Sse.IsSupported)
            {
                // A row may end on another line than it begins on.
                nint next = rows[nint.Min(i + AheadOfAdding, known)];
                byte* start = bins + next * stride;
                Sse.Prefetch0(start);
                Sse.Prefetch0(start + columns - 1);
                Sse.Prefetch0(pairs + next);
            }
            nint row = rows[i];
            AddRow<TFormat, TCell>(bins + row * stride, columns, TFormat.Of(pairs[row]), cells);
        }
    }

    /// <summary>The definition of <see cref="Add"/>: sums [columns][256], added to.</summary>
    public static void Scalar(in RowBlock input, Span<GradientSums> sums)
    {
        for (int i = 0; i < input.Count; i++)
        {
            int row = input.RowAt(i);
            byte* bins = input.Bins + ((long)row * input.Stride);
            for (int column = 0; column < input.Columns; column++)
                sums[column * TableCells + bins[column]].Add(input.Pairs[row]);
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
            nint at = 0;
            for (nint end = step - Vector256<byte>.Count; at <= end; at += Vector256<byte>.Count)
                Vector256.Load(from + at).Store(to + at);
            for (; at < step; at += sizeof(ulong))
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

    // The number of columns is the same for every row of a call, so these branches cost next to nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow<TFormat, TCell>(byte* bins, int columns, TCell row, TCell* cells) where TFormat : ICellFormat<TCell> where TCell : unmanaged
    {
        AddFour<TFormat, TCell>(bins, row, cells);
        if (columns == 4)
            return;
        AddFour<TFormat, TCell>(bins + 4, row, cells + 4 * TableStride);
        if (columns == 8)
            return;
        AddFour<TFormat, TCell>(bins + 8, row, cells + 8 * TableStride);
        if (columns == 12)
            return;
        AddFour<TFormat, TCell>(bins + 12, row, cells + 12 * TableStride);
        if (columns == 16)
            return;
        AddFour<TFormat, TCell>(bins + 16, row, cells + 16 * TableStride);
        if (columns == 20)
            return;
        AddFour<TFormat, TCell>(bins + 20, row, cells + 20 * TableStride);
        if (columns == 24)
            return;
        AddFour<TFormat, TCell>(bins + 24, row, cells + 24 * TableStride);
        if (columns == 28)
            return;
        AddFour<TFormat, TCell>(bins + 28, row, cells + 28 * TableStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFour<TFormat, TCell>(byte* bins, TCell row, TCell* cells) where TFormat : ICellFormat<TCell> where TCell : unmanaged
    {
        AddCell<TFormat, TCell>(cells + (nuint)bins[0], row);
        AddCell<TFormat, TCell>(cells + 1 * TableStride + (nuint)bins[1], row);
        AddCell<TFormat, TCell>(cells + 2 * TableStride + (nuint)bins[2], row);
        AddCell<TFormat, TCell>(cells + 3 * TableStride + (nuint)bins[3], row);
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
