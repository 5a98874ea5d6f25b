using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Trainer;

/// <summary>Parts a chunk of row ids by the codes of one bundle, in two steps: <see cref="Mark"/> says which rows go left, <see cref="Move"/> writes each to its place.</summary>
/// <remarks>Between the two the places are known, so no row is written twice.</remarks>
internal static unsafe class PartitionKernel
{
    /// <summary>Rows of a mark.</summary>
    public const int MarkRows = 16;

    // In a small leaf sixteen rows lie on several lines of the column.
    private const int Ahead = 128;

    /// <summary>Marks of so many rows.</summary>
    public static int MarksOf(int rows) => (rows + MarkRows - 1) / MarkRows;

    /// <summary>Marks the rows that go left.</summary>
    /// <param name="rows">[n] row ids.</param>
    /// <param name="column">[N] codes.</param>
    /// <param name="leftCodes">Codes that go left.</param>
    /// <param name="marks">[n / 16, rounded up] one bit a row, the first row lowest; bits behind the last row are 0.</param>
    /// <returns>Rows that go left.</returns>
    /// <remarks>Equality with <see cref="MarkScalar"/>: exact. Three loads a row, and no branch that depends on the data.</remarks>
    [SkipLocalsInit]
    public static int Mark(ReadOnlySpan<int> rows, byte* column, BinSet leftCodes, Span<ushort> marks)
    {
        byte* goesLeft = stackalloc byte[256];
        leftCodes.Expand(new Span<byte>(goesLeft, 256));
        int lefts = 0;
        fixed (int* from = rows)
        fixed (ushort* to = marks)
        {
            nint row = 0, mark = 0;
            for (nint end = rows.Length - MarkRows; row <= end; row += MarkRows, mark++)
            {
                int* at = from + row;
                if (Sse.IsSupported && row < end - Ahead)
                {
                    Sse.Prefetch0(column + at[Ahead]);
                    Sse.Prefetch0(column + at[Ahead + MarkRows / 2]);
                }
                uint bits = goesLeft[column[at[15]]];
                bits = (2 * bits) + goesLeft[column[at[14]]];
                bits = (2 * bits) + goesLeft[column[at[13]]];
                bits = (2 * bits) + goesLeft[column[at[12]]];
                bits = (2 * bits) + goesLeft[column[at[11]]];
                bits = (2 * bits) + goesLeft[column[at[10]]];
                bits = (2 * bits) + goesLeft[column[at[9]]];
                bits = (2 * bits) + goesLeft[column[at[8]]];
                bits = (2 * bits) + goesLeft[column[at[7]]];
                bits = (2 * bits) + goesLeft[column[at[6]]];
                bits = (2 * bits) + goesLeft[column[at[5]]];
                bits = (2 * bits) + goesLeft[column[at[4]]];
                bits = (2 * bits) + goesLeft[column[at[3]]];
                bits = (2 * bits) + goesLeft[column[at[2]]];
                bits = (2 * bits) + goesLeft[column[at[1]]];
                bits = (2 * bits) + goesLeft[column[at[0]]];
                to[mark] = (ushort)bits;
                lefts += BitOperations.PopCount(bits);
            }
            return lefts + MarkScalar(rows[(int)row..], column, leftCodes, marks[(int)mark..]);
        }
    }

    /// <summary>The definition of <see cref="Mark"/>.</summary>
    public static int MarkScalar(ReadOnlySpan<int> rows, byte* column, BinSet leftCodes, Span<ushort> marks)
    {
        marks[..MarksOf(rows.Length)].Clear();
        int lefts = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            if (!leftCodes.Contains(column[rows[row]]))
                continue;
            marks[row / MarkRows] |= (ushort)(1 << (row % MarkRows));
            lefts++;
        }
        return lefts;
    }

    /// <summary>Writes the marked rows to one place and the others to another; both keep their order.</summary>
    /// <param name="rows">[n] row ids.</param>
    /// <param name="marks">What <see cref="Mark"/> made of them.</param>
    /// <param name="lefts">As long as there are marked rows; must not overlap <paramref name="rows"/>.</param>
    /// <param name="rights">As long as there are others; likewise.</param>
    /// <remarks>Equality with <see cref="Scalar"/>: exact. Sixteen rows are pressed together at a time; where sixteen have room they are all written, and what lies behind the pressed ones is written over later.</remarks>
    public static void Move(ReadOnlySpan<int> rows, ReadOnlySpan<ushort> marks, Span<int> lefts, Span<int> rights)
    {
        fixed (int* from = rows, toLeft = lefts, toRight = rights)
        fixed (ushort* mark = marks)
        {
            nint row = 0, left = 0, right = 0, lastLeft = lefts.Length - MarkRows, lastRight = rights.Length - MarkRows;
            if (Avx512F.IsSupported)
            {
                Vector512<int> bits = Vector512.Create(1, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15);
                for (nint end = rows.Length - MarkRows; row <= end; row += MarkRows)
                {
                    uint goes = mark[row / MarkRows];
                    nint count = BitOperations.PopCount(goes);
                    Vector512<int> ids = Vector512.Load(from + row), stays = Vector512.Equals(Vector512.Create((int)goes) & bits, Vector512<int>.Zero);
                    if (left <= lastLeft)
                        Avx512F.Compress(Vector512<int>.Zero, ~stays, ids).Store(toLeft + left);
                    else
                        MoveEach(from + row, goes, toLeft + left);
                    if (right <= lastRight)
                        Avx512F.Compress(Vector512<int>.Zero, stays, ids).Store(toRight + right);
                    else
                        MoveEach(from + row, ~goes & ushort.MaxValue, toRight + right);
                    left += count;
                    right += MarkRows - count;
                }
            }
            // Each row is written to both ends and only one of them moves on, for as long as both have room.
            for (; left < lefts.Length && right < rights.Length; row++)
            {
                nint goes = mark[row / MarkRows] >> (int)(row % MarkRows) & 1;
                toLeft[left] = from[row];
                toRight[right] = from[row];
                left += goes;
                right += 1 - goes;
            }
            for (; left < lefts.Length; row++)
                toLeft[left++] = from[row];
            for (; right < rights.Length; row++)
                toRight[right++] = from[row];
        }
    }

    /// <summary>The definition of <see cref="Move"/>.</summary>
    public static void Scalar(ReadOnlySpan<int> rows, ReadOnlySpan<ushort> marks, Span<int> lefts, Span<int> rights)
    {
        int left = 0, right = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            if ((marks[row / MarkRows] >> (row % MarkRows) & 1) != 0)
                lefts[left++] = rows[row];
            else
                rights[right++] = rows[row];
        }
    }

    private static void MoveEach(int* from, uint marked, int* to)
    {
        for (; marked != 0; marked &= marked - 1)
            *to++ = from[BitOperations.TrailingZeroCount(marked)];
    }
}
