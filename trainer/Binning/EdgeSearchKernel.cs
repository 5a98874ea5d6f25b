using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChurnEngine.Trainer;

/// <summary>Finds the bins of values among at most 256 edges.</summary>
internal static unsafe class EdgeSearchKernel
{
    private const int Edges = 256, Group = 16;

    /// <summary>Edges as the search reads them: 256, padded with infinity, then the last of each sixteen.</summary>
    public static float[] Lay(ReadOnlySpan<float> edges)
    {
        float[] laid = new float[Edges + Group];
        laid.AsSpan().Fill(float.PositiveInfinity);
        edges.CopyTo(laid);
        for (int group = 0; group < Group; group++)
            laid[Edges + group] = laid[group * Group + Group - 1];
        return laid;
    }

    /// <summary>Number of edges below each value.</summary>
    /// <param name="values">The first value; the others follow <paramref name="stride"/> apart.</param>
    /// <param name="stride">Floats from a value to the next.</param>
    /// <param name="edges">What <see cref="Lay"/> made, of 256 edges at most, the last of them infinite.</param>
    /// <param name="missingBin">What NaN becomes.</param>
    /// <param name="bins">[n].</param>
    /// <remarks>Equality with <see cref="Scalar"/>: exact. Two comparisons of sixteen edges each take the place of eight halvings.</remarks>
    public static void Run(float* values, int stride, ReadOnlySpan<float> edges, byte missingBin, Span<byte> bins)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            Scalar(values, stride, edges, missingBin, bins);
            return;
        }
        fixed (float* edge = edges)
        fixed (byte* bin = bins)
        {
            Vector512<float> lasts = Vector512.Load(edge + Edges);
            nint step = stride;
            for (nint row = 0, count = bins.Length; row < count; row++)
            {
                float value = values[row * step];
                Vector512<float> repeated = Vector512.Create(value);
                nuint group = (nuint)BitOperations.PopCount(Vector512.LessThan(lasts, repeated).ExtractMostSignificantBits()) * Group;
                nuint below = group + (nuint)BitOperations.PopCount(Vector512.LessThan(Vector512.Load(edge + group), repeated).ExtractMostSignificantBits());
                bin[row] = float.IsNaN(value) ? missingBin : (byte)below;
            }
        }
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(float* values, int stride, ReadOnlySpan<float> edges, byte missingBin, Span<byte> bins)
    {
        for (int row = 0; row < bins.Length; row++)
        {
            float value = values[(long)row * stride];
            bins[row] = float.IsNaN(value) ? missingBin : CountBelow(edges, value);
        }
    }

    /// <summary>Number of edges below one value, which is no NaN: eight halvings, without a branch that data could mislead.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte CountBelow(ReadOnlySpan<float> edges, float value)
    {
        ref float first = ref MemoryMarshal.GetReference(edges);
        int below = 0;
        for (int step = Edges / 2; step > 0; step /= 2)
        {
            bool less = Unsafe.Add(ref first, below + step - 1) < value;
            below += Unsafe.BitCast<bool, byte>(less) * step;
        }
        return (byte)below;
    }
}
