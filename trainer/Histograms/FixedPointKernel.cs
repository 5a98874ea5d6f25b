using System.Runtime.Intrinsics;

namespace ChurnEngine.Trainer;

/// <summary>Turns derivatives into fixed point, in place.</summary>
/// <remarks>
/// Rounded at random, a value between two whole numbers becomes the upper one with the probability of its distance from the lower: sums stay unbiased however few bits there are
/// (Shi et al. 2022). The chance is drawn from key and row id, so that neither threads nor order change it.
/// </remarks>
internal static unsafe class FixedPointKernel
{
    private const uint Spread = 0x9E37_79B1, MixA = 0x85EB_CA6B, MixB = 0xC2B2_AE35;
    private const float ChanceUnit = 1f / (1 << 16);
    private const int Lanes = 8;

    /// <summary>Lays gradients and hessians side by side, as <see cref="Run"/> takes them.</summary>
    /// <param name="gradients">[n].</param>
    /// <param name="hessians">[n].</param>
    /// <param name="pairs">[n] of two float32.</param>
    /// <remarks>Equality with <see cref="PairScalar"/>: exact.</remarks>
    public static void Pair(ReadOnlySpan<float> gradients, ReadOnlySpan<float> hessians, GradientPair* pairs)
    {
        int row = 0;
        for (; Vector512.IsHardwareAccelerated && row <= gradients.Length - Vector512<float>.Count; row += Vector512<float>.Count)
        {
            (Vector512<ulong> gradientLow, Vector512<ulong> gradientHigh) = Vector512.Widen(Vector512.Create(gradients[row..]).AsUInt32());
            (Vector512<ulong> hessianLow, Vector512<ulong> hessianHigh) = Vector512.Widen(Vector512.Create(hessians[row..]).AsUInt32());
            (gradientLow | Vector512.ShiftLeft(hessianLow, 32)).Store((ulong*)(pairs + row));
            (gradientHigh | Vector512.ShiftLeft(hessianHigh, 32)).Store((ulong*)(pairs + row + Lanes));
        }
        PairScalar(gradients[row..], hessians[row..], pairs + row);
    }

    /// <summary>The definition of <see cref="Pair"/>.</summary>
    public static void PairScalar(ReadOnlySpan<float> gradients, ReadOnlySpan<float> hessians, GradientPair* pairs)
    {
        for (int row = 0; row < gradients.Length; row++)
            pairs[row] = new GradientPair(BitConverter.SingleToInt32Bits(gradients[row]), BitConverter.SingleToInt32Bits(hessians[row]));
    }

    /// <summary>Rounds each derivative of consecutive rows down or up at random.</summary>
    /// <param name="pairs">[n] in: two float32, gradient and hessian; out: two integers.</param>
    /// <param name="count">Rows.</param>
    /// <param name="firstRow">Id of the first.</param>
    /// <param name="gradientScale">What gradients are multiplied by.</param>
    /// <param name="hessianScale">Same, hessians.</param>
    /// <param name="key">What the chances are drawn from, with the row ids.</param>
    /// <remarks>Equality with <see cref="Scalar"/>: exact.</remarks>
    public static void Run(GradientPair* pairs, int count, int firstRow, float gradientScale, float hessianScale, uint key)
    {
        int row = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> scale = Vector512.Create(Vector64.Create(gradientScale, hessianScale)), chanceUnit = Vector512.Create(ChanceUnit);
            Vector512<uint> spread = Vector512.Create(Spread), mixA = Vector512.Create(MixA), mixB = Vector512.Create(MixB), low = Vector512.Create((ulong)uint.MaxValue).AsUInt32();
            Vector512<ulong> ids = Vector512.CreateSequence((ulong)firstRow, 1UL), step = Vector512.Create((ulong)Lanes);
            Vector512<uint> keys = Vector512.Create((ulong)key).AsUInt32();
            Vector512<ulong> lowHalf = Vector512.Create(0xFFFFUL), highHalf = Vector512.Create(0xFFFF_0000_0000UL);
            for (; row <= count - Lanes; row += Lanes, ids += step)
            {
                // A row's hash stays in the low half of its 64 bits; its two halves are the chances of gradient and hessian.
                Vector512<uint> hash = (ids.AsUInt32() * spread) ^ keys;
                hash = ((hash ^ Vector512.ShiftRightLogical(hash, 15)) * mixA) & low;
                hash = ((hash ^ Vector512.ShiftRightLogical(hash, 13)) * mixB) & low;
                hash ^= Vector512.ShiftRightLogical(hash, 16);
                Vector512<ulong> wide = hash.AsUInt64();
                Vector512<int> chances = ((wide & lowHalf) | (Vector512.ShiftLeft(wide, 16) & highHalf)).AsInt32();
                float* at = (float*)(pairs + row);
                Vector512<float> value = (Vector512.Load(at) * scale) + (Vector512.ConvertToSingle(chances) * chanceUnit);
                Vector512.ConvertToInt32(Vector512.Floor(value)).Store((int*)at);
            }
        }
        Scalar(pairs + row, count - row, firstRow + row, gradientScale, hessianScale, key);
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(GradientPair* pairs, int count, int firstRow, float gradientScale, float hessianScale, uint key)
    {
        for (int row = 0; row < count; row++)
        {
            uint hash = ((uint)(firstRow + row) * Spread) ^ key;
            hash = (hash ^ (hash >> 15)) * MixA;
            hash = (hash ^ (hash >> 13)) * MixB;
            hash ^= hash >> 16;
            float* at = (float*)(pairs + row);
            float gradient = (at[0] * gradientScale) + ((hash & 0xFFFF) * ChanceUnit), hessian = (at[1] * hessianScale) + ((hash >> 16) * ChanceUnit);
            pairs[row] = new GradientPair((int)MathF.Floor(gradient), (int)MathF.Floor(hessian));
        }
    }
}
