using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Models;

/// <summary>Turns four neighbouring features of some rows into four columns.</summary>
internal static unsafe class TransposeKernel
{
    /// <summary>Features at a time: a 16-byte piece of each row.</summary>
    public const int Features = 4;

    /// <summary>Shape: rows [n][stride] f32, the first four of each -> columns [4][256] f32. Equality: exact.</summary>
    /// <param name="rows">First feature of the first row; all four lie within the row.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="count">n, 0 to 256.</param>
    /// <param name="columns">Four columns, 256 floats apart.</param>
    public static void Run(float* rows, int stride, int count, float* columns)
    {
        int row = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            nint step = stride;
            for (; row + 16 <= count; row += 16)
            {
                float* at = rows + row * step;
                // A quarter holds rows i, i + 4, i + 8, i + 12, so that turning each 4 x 4 square around leaves the rows in order.
                Vector512<float> first = Quarter(at, step), second = Quarter(at + step, step), third = Quarter(at + 2 * step, step), fourth = Quarter(at + 3 * step, step);
                Vector512<double> lowLeft = Avx512F.UnpackLow(first, second).AsDouble(), lowRight = Avx512F.UnpackLow(third, fourth).AsDouble();
                Vector512<double> highLeft = Avx512F.UnpackHigh(first, second).AsDouble(), highRight = Avx512F.UnpackHigh(third, fourth).AsDouble();
                float* to = columns + row;
                Avx512F.UnpackLow(lowLeft, lowRight).AsSingle().Store(to);
                Avx512F.UnpackHigh(lowLeft, lowRight).AsSingle().Store(to + BlockLayout.Rows);
                Avx512F.UnpackLow(highLeft, highRight).AsSingle().Store(to + 2 * BlockLayout.Rows);
                Avx512F.UnpackHigh(highLeft, highRight).AsSingle().Store(to + 3 * BlockLayout.Rows);
            }
        }
        Scalar(rows + (nint)row * stride, stride, count - row, columns + row);
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(float* rows, int stride, int count, float* columns)
    {
        for (int row = 0; row < count; row++)
        {
            float* at = rows + (nint)row * stride;
            for (int feature = 0; feature < Features; feature++)
                columns[feature * BlockLayout.Rows + row] = at[feature];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarter(float* at, nint step) => Vector512.Create(
        Vector256.Create(Vector128.Load(at), Vector128.Load(at + 4 * step)), Vector256.Create(Vector128.Load(at + 8 * step), Vector128.Load(at + 12 * step)));
}
