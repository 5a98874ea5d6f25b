using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Models;

/// <summary>Adds, to the margin of each row, the value of the leaf that the row ended in.</summary>
internal static unsafe partial class LeafValueKernel
{
    /// <summary>Leaves whose values one register of bytes can tell apart.</summary>
    public const int MostLeaves = 64;

    /// <summary>Doubles of a tree's table: the values, then the same bytes again as planes.</summary>
    public const int TableLength = 2 * MostLeaves;

    /// <summary>Lays the values of a tree of at most 64 leaves out: [64] f64, then [8][64] u8, byte b of each value in plane b.</summary>
    public static void Lay(ReadOnlySpan<double> values, Span<double> table)
    {
        table.Clear();
        values.CopyTo(table);
        LayPlanes(values, table[MostLeaves..]);
    }

    /// <summary>Shape: leaves [n] u8, table of <see cref="Lay"/>, margins [n] f64 -> margins. Equality: exact. Whole vectors are read and written: up to 63 rows beyond.</summary>
    /// <remarks>Eight look-ups of 64 rows each, and 24 unpackings that put the bytes of each row's value together; a gather would read every row's value by itself.</remarks>
    public static void Run(byte* leaves, double* table, double* margins, int count)
    {
        if (!Avx512Vbmi.IsSupported)
        {
            Scalar(leaves, table, margins, count);
            return;
        }
        byte* planes = (byte*)(table + MostLeaves);
        Vector512<byte> order = PlaneOrder;
        Vector512<byte> p0 = Vector512.Load(planes), p1 = Vector512.Load(planes + 64), p2 = Vector512.Load(planes + 128), p3 = Vector512.Load(planes + 192);
        Vector512<byte> p4 = Vector512.Load(planes + 256), p5 = Vector512.Load(planes + 320), p6 = Vector512.Load(planes + 384), p7 = Vector512.Load(planes + 448);
        for (int row = 0; row < count; row += 64)
        {
            Vector512<byte> leaf = Avx512Vbmi.PermuteVar64x8(Vector512.Load(leaves + row), order);
            AddPlanes(
                Avx512Vbmi.PermuteVar64x8(p0, leaf), Avx512Vbmi.PermuteVar64x8(p1, leaf), Avx512Vbmi.PermuteVar64x8(p2, leaf), Avx512Vbmi.PermuteVar64x8(p3, leaf),
                Avx512Vbmi.PermuteVar64x8(p4, leaf), Avx512Vbmi.PermuteVar64x8(p5, leaf), Avx512Vbmi.PermuteVar64x8(p6, leaf), Avx512Vbmi.PermuteVar64x8(p7, leaf), margins + row);
        }
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(byte* leaves, double* table, double* margins, int count)
    {
        for (int row = 0; row < count; row++)
            margins[row] += table[leaves[row]];
    }
}
