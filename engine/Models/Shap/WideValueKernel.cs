using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Models;

/// <summary>Adds, to a sum for each row, the value of the row's pattern of seven or eight bits: what <see cref="LeafValueKernel"/> does for six.</summary>
internal static unsafe class WideValueKernel
{
    private const int Lanes = 64;

    /// <summary>Doubles of a table of so many patterns: the values, then the same bytes again as planes.</summary>
    public static int TableLength(int patterns) => 2 * patterns;

    /// <summary>Lays values out: [p] f64, then [8][p] u8, byte b of each value in plane b.</summary>
    public static void Lay(ReadOnlySpan<double> values, Span<double> table)
    {
        values.CopyTo(table);
        LeafValueKernel.LayPlanes(values, table[values.Length..]);
    }

    /// <summary>Shape: patterns [n] u8, table of <see cref="Lay"/>, sums [n] f64 -> sums. Equality: exact. Whole vectors are read and written: up to 63 rows beyond.</summary>
    /// <param name="patterns">[n].</param>
    /// <param name="table">Of 128 or 256 patterns.</param>
    /// <param name="isByte">Whether it has 256.</param>
    /// <param name="sums">[n].</param>
    /// <param name="count">n.</param>
    public static void Run(byte* patterns, double* table, bool isByte, double* sums, int count)
    {
        if (!Avx512Vbmi.IsSupported)
            Scalar(patterns, table, sums, count);
        else if (isByte)
            Run256(patterns, (byte*)(table + 256), sums, count);
        else
            Run128(patterns, (byte*)(table + 128), sums, count);
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(byte* patterns, double* table, double* sums, int count)
    {
        for (int row = 0; row < count; row++)
            sums[row] += table[patterns[row]];
    }

    private static void Run128(byte* patterns, byte* planes, double* sums, int count)
    {
        for (int row = 0; row < count; row += Lanes)
        {
            Vector512<byte> pattern = Avx512Vbmi.PermuteVar64x8(Vector512.Load(patterns + row), LeafValueKernel.PlaneOrder);
            LeafValueKernel.AddPlanes(
                Find(planes, pattern), Find(planes + 128, pattern), Find(planes + 256, pattern), Find(planes + 384, pattern),
                Find(planes + 512, pattern), Find(planes + 640, pattern), Find(planes + 768, pattern), Find(planes + 896, pattern), sums + row);
        }
    }

    private static void Run256(byte* patterns, byte* planes, double* sums, int count)
    {
        for (int row = 0; row < count; row += Lanes)
        {
            Vector512<byte> pattern = Avx512Vbmi.PermuteVar64x8(Vector512.Load(patterns + row), LeafValueKernel.PlaneOrder);
            Vector512<byte> upper = Vector512.LessThan(pattern.AsSByte(), Vector512<sbyte>.Zero).AsByte();
            LeafValueKernel.AddPlanes(
                Find(planes, pattern, upper), Find(planes + 256, pattern, upper), Find(planes + 512, pattern, upper), Find(planes + 768, pattern, upper),
                Find(planes + 1024, pattern, upper), Find(planes + 1280, pattern, upper), Find(planes + 1536, pattern, upper), Find(planes + 1792, pattern, upper), sums + row);
        }
    }

    private static Vector512<byte> Find(byte* plane, Vector512<byte> pattern) =>
        Avx512Vbmi.PermuteVar64x8x2(Vector512.Load(plane), pattern, Vector512.Load(plane + Lanes));

    private static Vector512<byte> Find(byte* plane, Vector512<byte> pattern, Vector512<byte> upper) =>
        Vector512.ConditionalSelect(upper, Find(plane + 2 * Lanes, pattern), Find(plane, pattern));
}
