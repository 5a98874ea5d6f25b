using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ChurnEngine.Trainer;

/// <summary>How one bin keeps its sums while rows are being added: gradients, hessians and rows in one machine word, so that a row costs one load, one add and one store.</summary>
/// <typeparam name="TCell">The word.</typeparam>
internal interface ICellFormat<TCell> where TCell : unmanaged
{
    /// <summary>Bits of a gradient's magnitude that fit.</summary>
    static abstract int GradientBits { get; }

    /// <summary>Bits of a hessian's magnitude that fit.</summary>
    static abstract int HessianBits { get; }

    /// <summary>Rows after which the sums must be taken out, so that no field can overflow.</summary>
    static abstract int MostRows { get; }

    /// <summary>A row as a cell.</summary>
    static abstract TCell Of(GradientPair pair);

    static abstract TCell Add(TCell a, TCell b);

    static abstract GradientSums Unpack(TCell cell);
}

/// <content>The two formats of cells.</content>
internal static unsafe partial class HistogramKernel
{
    /// <summary>Quantised gradients in 64 bits.</summary>
    /// <remarks>
    /// <code>   | 27: gradients, signed | 24: hessians, signed | 13: rows |</code>
    /// 8,191 rows of at most 2^13 and 2^10 in magnitude sum to less than 2^26 and 2^23, so each field holds its sum with its sign.
    /// </remarks>
    public readonly struct PackedFormat : ICellFormat<long>
    {
        internal const int RowField = 13, HessianField = 24, GradientShift = RowField + HessianField;

        public static int GradientBits => 13;

        public static int HessianBits => 10;

        public static int MostRows => (1 << RowField) - 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static long Of(GradientPair pair) => ((long)pair.Gradient << GradientShift) + ((long)pair.Hessian << RowField) + 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static long Add(long a, long b) => a + b;

        // A negative field borrows from the one above it; taking the lower ones away first gives that back.
        public static GradientSums Unpack(long cell)
        {
            long rows = cell & MostRows, hessian = cell << (64 - GradientShift) >> (64 - HessianField);
            return new GradientSums((cell - (hessian << RowField) - rows) >> GradientShift, hessian, rows);
        }
    }

    /// <summary>Gradients as precise as a float32, in 128 bits.</summary>
    /// <remarks>
    /// <code>   | 64: gradients | 44: hessians | 20: rows |</code>
    /// A million rows of at most 2^30 and 2^23 in magnitude sum to less than 2^50 and 2^43.
    /// </remarks>
    public readonly struct WideFormat : ICellFormat<Vector128<long>>
    {
        private const int RowField = 20;

        public static int GradientBits => 30;

        public static int HessianBits => 23;

        public static int MostRows => (1 << RowField) - 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<long> Of(GradientPair pair) => Vector128.Create(pair.Gradient, ((long)pair.Hessian << RowField) + 1);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<long> Add(Vector128<long> a, Vector128<long> b) => a + b;

        public static GradientSums Unpack(Vector128<long> cell) => new(cell.GetElement(0), cell.GetElement(1) >> RowField, cell.GetElement(1) & MostRows);
    }
}
