using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Models;

/// <summary>Looks codes up in a table of 256 bytes: whether each row's category sends it right at a node.</summary>
internal static unsafe class CodeLookupKernel
{
    /// <summary>Entries of a table.</summary>
    public const int TableLength = 256;

    /// <summary>Shape: codes [n] u8 -> target [n] u8. Equality: exact. Whole vectors are read and written: up to 63 rows beyond.</summary>
    /// <param name="codes">Any bytes.</param>
    /// <param name="table">[256].</param>
    /// <param name="target">The entries; with <paramref name="merges"/> the smaller of the entry and what is there.</param>
    /// <param name="count">n.</param>
    /// <param name="merges">For a set whose codes take several columns: only who is in none of them goes right.</param>
    public static void Run(byte* codes, byte* table, byte* target, int count, bool merges)
    {
        if (!Avx512Vbmi.IsSupported)
        {
            Scalar(codes, table, target, count, merges);
            return;
        }
        Vector512<byte> first = Vector512.Load(table), second = Vector512.Load(table + 64), third = Vector512.Load(table + 128), fourth = Vector512.Load(table + 192);
        for (int row = 0; row < count; row += 64)
        {
            Vector512<byte> code = Vector512.Load(codes + row);
            Vector512<byte> lower = Avx512Vbmi.PermuteVar64x8x2(first, code, second), upper = Avx512Vbmi.PermuteVar64x8x2(third, code, fourth);
            Vector512<byte> entry = Vector512.ConditionalSelect(Vector512.LessThan(code.AsSByte(), Vector512<sbyte>.Zero).AsByte(), upper, lower);
            (merges ? Vector512.Min(entry, Vector512.Load(target + row)) : entry).Store(target + row);
        }
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(byte* codes, byte* table, byte* target, int count, bool merges)
    {
        for (int row = 0; row < count; row++)
            target[row] = merges ? Math.Min(target[row], table[codes[row]]) : table[codes[row]];
    }
}
