using System.Numerics;
using System.Runtime.InteropServices;

namespace ChurnEngine.Ingest.Conversion;

/// <summary>Whether a column needs no second look: none of its values is infinite or NaN.</summary>
internal static class FiniteKernel
{
    /// <summary>True when every value is finite.</summary>
    /// <param name="values">[n] of any values; true for none.</param>
    /// <remarks>Shape: values [n] -> one bit. Equality with <see cref="Scalar"/>: exact, since x - x is 0 for a finite x and NaN for any other.</remarks>
    public static bool Run<T>(ReadOnlySpan<T> values) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector<T>> vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        Vector<T> sum = Vector<T>.Zero;
        foreach (Vector<T> vector in vectors)
            sum += vector - vector;
        return Vector.Sum(sum) == T.Zero && Scalar(values[(vectors.Length * Vector<T>.Count)..]);
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static bool Scalar<T>(ReadOnlySpan<T> values) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (T value in values)
        {
            if (!T.IsFinite(value))
                return false;
        }
        return true;
    }
}
