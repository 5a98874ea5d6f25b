using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ChurnEngine.Trainer;

/// <summary>The rows of a node, as the histogram of one feature sees them.</summary>
/// <param name="column">[N] bins of the feature.</param>
/// <param name="rows">[count] row ids, or null for rows 0..count-1.</param>
/// <param name="pairs">[count] derivatives, in the order of <paramref name="rows"/>.</param>
/// <param name="count">Rows of the node.</param>
internal readonly unsafe struct NodeColumn(byte* column, int* rows, GradientPair* pairs, int count)
{
    public byte* Column { get; } = column;
    public int* Rows { get; } = rows;
    public GradientPair* Pairs { get; } = pairs;
    public int Count { get; } = count;
}

/// <summary>Adds up the derivatives of a node's rows by bin.</summary>
internal static unsafe class HistogramKernel
{
    private const int TableBins = 256;

    // Setting up and folding the two tables costs as much as this many rows.
    private const int FewRows = 256;

    /// <summary>Sums by bin.</summary>
    /// <param name="input">Rows of the node.</param>
    /// <param name="sums">[B] set to the sums; every bin of the column is below B, B at most 256.</param>
    /// <remarks>
    /// Shape: bins [count] u8, pairs [count] -> sums [B]. Equality: exact.
    /// A bin is one 256-bit lane group (gradient, hessian, rows, unused), so a row costs one load, one add and one store. Even and odd rows
    /// go to tables of their own: a skewed column would else wait, at each row, for the store of the last.
    /// </remarks>
    [SkipLocalsInit]
    public static void Run(in NodeColumn input, Span<GradientSums> sums)
    {
        if (!Vector256.IsHardwareAccelerated || input.Count < FewRows)
        {
            Scalar(input, sums);
            return;
        }
        byte* scratch = stackalloc byte[2 * TableBins * sizeof(Vector256<long>) + sizeof(Vector256<long>)];
        var even = (Vector256<long>*)(((nuint)scratch + 31) & ~(nuint)31);
        Vector256<long>* odd = even + TableBins;
#if PLANTED_SLOWDOWN
        AddAll(new NodeColumn(input.Column, input.Rows, input.Pairs, input.Count * 15 / 100), even, odd);
#endif
        new Span<Vector256<long>>(even, sums.Length).Clear();
        new Span<Vector256<long>>(odd, sums.Length).Clear();
        AddAll(input, even, odd);
        for (int bin = 0; bin < sums.Length; bin++)
        {
            Vector256<long> sum = even[bin] + odd[bin];
            sums[bin] = new GradientSums(sum[0], sum[1], sum[2]);
        }
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(in NodeColumn input, Span<GradientSums> sums)
    {
        sums.Clear();
        for (int i = 0; i < input.Count; i++)
            sums[input.Column[input.Rows == null ? i : input.Rows[i]]].Add(input.Pairs[i]);
    }

    private static void AddAll(in NodeColumn input, Vector256<long>* even, Vector256<long>* odd)
    {
        if (input.Rows == null)
            AddContiguous(input, even, odd);
        else
            AddIndexed(input, even, odd);
    }

    private static void AddContiguous(in NodeColumn input, Vector256<long>* even, Vector256<long>* odd)
    {
        byte* column = input.Column;
        GradientPair* pairs = input.Pairs;
        nint count = input.Count, i = 0;
        for (; i + 1 < count; i += 2)
        {
            even[(nuint)column[i]] += Widen(pairs + i);
            odd[(nuint)column[i + 1]] += Widen(pairs + i + 1);
        }
        if (i < count)
            even[(nuint)column[i]] += Widen(pairs + i);
    }

    private static void AddIndexed(in NodeColumn input, Vector256<long>* even, Vector256<long>* odd)
    {
        byte* column = input.Column;
        int* rows = input.Rows;
        GradientPair* pairs = input.Pairs;
        nint count = input.Count, i = 0;
        for (; i + 1 < count; i += 2)
        {
            even[(nuint)column[rows[i]]] += Widen(pairs + i);
            odd[(nuint)column[rows[i + 1]]] += Widen(pairs + i + 1);
        }
        if (i < count)
            even[(nuint)column[rows[i]]] += Widen(pairs + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Widen(GradientPair* pair)
    {
        Vector128<int> narrow = Vector128.CreateScalarUnsafe(*(long*)pair).AsInt32();
        return Vector256.Create(Vector128.WidenLower(narrow), Vector128.CreateScalar(1L));
    }
}
