using System.Runtime.CompilerServices;

namespace ChurnEngine.Trainer;

/// <summary>Parts a chunk of row ids by the bins of one feature.</summary>
internal static unsafe class PartitionKernel
{
    /// <summary>Writes the rows that go left from the front, and the others from the back, last first.</summary>
    /// <param name="rows">[n] row ids.</param>
    /// <param name="column">[N] bins of the feature.</param>
    /// <param name="leftBins">Bins that go left.</param>
    /// <param name="parted">[n] must not overlap <paramref name="rows"/>.</param>
    /// <returns>Rows that went left.</returns>
    /// <remarks>Equality with <see cref="Scalar"/>: exact. No branch depends on the data: each row is written to both ends, and only one end moves on.</remarks>
    [SkipLocalsInit]
    public static int Run(ReadOnlySpan<int> rows, byte* column, BinSet leftBins, Span<int> parted)
    {
        byte* goesLeft = stackalloc byte[256];
        leftBins.Expand(new Span<byte>(goesLeft, 256));
        fixed (int* from = rows, to = parted)
        {
            nint left = 0, right = rows.Length - 1;
            for (nint i = 0, count = rows.Length; i < count; i++)
            {
                int row = from[i];
                nint go = goesLeft[column[row]];
                to[left] = row;
                to[right] = row;
                left += go;
                right -= 1 - go;
            }
            return (int)left;
        }
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static int Scalar(ReadOnlySpan<int> rows, byte* column, BinSet leftBins, Span<int> parted)
    {
        int left = 0, right = rows.Length - 1;
        foreach (int row in rows)
        {
            if (leftBins.Contains(column[row]))
                parted[left++] = row;
            else
                parted[right--] = row;
        }
        return left;
    }
}
