using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Trainer;

/// <summary>The codes of one bundle, row after row.</summary>
/// <param name="first">The code of row 0.</param>
/// <param name="stride">Bytes from a row to the next.</param>
internal readonly unsafe struct CodeColumn(byte* first, int stride)
{
    public byte* First { get; } = first;
    public int Stride { get; } = stride;
}

/// <summary>Parts a chunk of row ids by the codes of one bundle.</summary>
internal static unsafe class PartitionKernel
{
    // Rows of a leaf lie anywhere; the line of the row so far ahead is asked for now.
    private const int Ahead = 32;

    /// <summary>Writes the rows that go left from the front, and the others from the back, last first.</summary>
    /// <param name="rows">[n] row ids.</param>
    /// <param name="column">[N] codes.</param>
    /// <param name="leftCodes">Codes that go left.</param>
    /// <param name="parted">[n] must not overlap <paramref name="rows"/>.</param>
    /// <returns>Rows that went left.</returns>
    /// <remarks>Equality with <see cref="Scalar"/>: exact. No branch depends on the data: each row is written to both ends, and only one end moves on.</remarks>
    [SkipLocalsInit]
    public static int Run(ReadOnlySpan<int> rows, CodeColumn column, BinSet leftCodes, Span<int> parted)
    {
        byte* goesLeft = stackalloc byte[256];
        leftCodes.Expand(new Span<byte>(goesLeft, 256));
        fixed (int* from = rows, to = parted)
        {
            byte* codes = column.First;
            nint stride = column.Stride, left = 0, right = rows.Length - 1;
            for (nint i = 0, count = rows.Length; i < count; i++)
            {
                nint row = from[i];
                if (Sse.IsSupported && i + Ahead < count)
                    Sse.Prefetch0(codes + from[i + Ahead] * stride);
                nint go = goesLeft[codes[row * stride]];
                to[left] = (int)row;
                to[right] = (int)row;
                left += go;
                right -= 1 - go;
            }
            return (int)left;
        }
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static int Scalar(ReadOnlySpan<int> rows, CodeColumn column, BinSet leftCodes, Span<int> parted)
    {
        int left = 0, right = rows.Length - 1;
        foreach (int row in rows)
        {
            if (leftCodes.Contains(column.First[(long)row * column.Stride]))
                parted[left++] = row;
            else
                parted[right--] = row;
        }
        return left;
    }
}
