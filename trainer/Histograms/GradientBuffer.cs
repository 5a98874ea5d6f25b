using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>The gradients of all rows for one tree, in fixed point.</summary>
/// <remarks>
/// A derivative d is kept as d / unit, a whole number; the unit is a power of two such that the largest derivative of all takes all bits there are. Sums are integers and so exact: a histogram
/// got by subtraction is the one that counting would give, and no thread can change a bit. Quantised, a gradient has 13 bits and a hessian 10, rounded at random (<see cref="FixedPointKernel"/>); else they have
/// 30 and 23, as precise as a float32, rounded to the nearest. Memory: 8 bytes a row.
/// </remarks>
internal sealed unsafe class GradientBuffer(int rowCount, bool quantised, ulong seed) : IDisposable
{
    private const int Block = 512;
    private const ulong Stream = 0x30_0000_0000;
    private readonly int _gradientBits = quantised ? HistogramKernel.PackedFormat.GradientBits : HistogramKernel.WideFormat.GradientBits;
    private readonly int _hessianBits = quantised ? HistogramKernel.PackedFormat.HessianBits : HistogramKernel.WideFormat.HessianBits;
    private readonly NativeBuffer<GradientPair> _pairs = NativeBuffer<GradientPair>.Allocate(rowCount);
    private readonly (float Gradient, float Hessian)[] _largest = new (float, float)[WorkTeam.ChunkCount(rowCount)];

    private string _objective = "";

    /// <summary>[N] fixed-point derivatives, in row order.</summary>
    public GradientPair* Pairs => _pairs.Pointer;

    /// <summary>What one unit of a gradient is worth.</summary>
    public double GradientUnit { get; private set; } = 1;

    /// <summary>What one unit of a hessian is worth.</summary>
    public double HessianUnit { get; private set; } = 1;

    /// <summary>Fills the buffer with the derivatives at the present margins, as float32 until <see cref="Round"/>.</summary>
    /// <param name="objective">What is minimised.</param>
    /// <param name="margins">[N].</param>
    /// <param name="rows">Labels and weights.</param>
    /// <param name="team">Runs chunks of rows.</param>
    public void Derive(IObjective objective, NativeBuffer<double> margins, LabelledRows rows, WorkTeam team)
    {
        _objective = objective.Name;
        team.RunChunks(rowCount, (chunk, start, count) => _largest[chunk] = Derive(objective, margins, rows, (start, count), null));
    }

    /// <summary>Fills the buffer with the derivatives at the present margins, in fixed point: what <see cref="Derive(IObjective, NativeBuffer{double}, LabelledRows, WorkTeam)"/> and <see cref="Round"/> do, in one pass nearly always.</summary>
    /// <param name="objective">What is minimised.</param>
    /// <param name="margins">[N].</param>
    /// <param name="rows">Labels and weights.</param>
    /// <param name="tree">Number of the tree, which keys the rounding.</param>
    /// <param name="team">Runs chunks of rows.</param>
    /// <remarks>The units are those of the tree before, until the largest derivatives say otherwise: then all is done again by theirs, so that no result depends on the guess. Errors: as <see cref="Round"/>.</remarks>
    public void DeriveRounded(IObjective objective, NativeBuffer<double> margins, LabelledRows rows, int tree, WorkTeam team)
    {
        _objective = objective.Name;
        double gradientUnit, hessianUnit;
        do
        {
            (gradientUnit, hessianUnit) = (GradientUnit, HessianUnit);
            Rounding rounding = RoundingOf(tree);
            team.RunChunks(rowCount, (chunk, start, count) => _largest[chunk] = Derive(objective, margins, rows, (start, count), rounding));
            SetUnits(tree);
        }
        while (gradientUnit != GradientUnit || hessianUnit != HessianUnit);
    }

    /// <summary>Multiplies derivatives by what a sampler says, and lists the rows that it keeps.</summary>
    /// <param name="sampler">The sampler, told of the tree already.</param>
    /// <param name="tree">Number of the tree.</param>
    /// <param name="chunk">Chunk of rows, and its first row.</param>
    /// <param name="kept">Room for all of them; its length is their number.</param>
    /// <returns>Rows kept.</returns>
    [SkipLocalsInit]
    public int Sample(IRowSampler sampler, int tree, (int Chunk, int First) chunk, Span<int> kept)
    {
        Span<float> gradientRoom = stackalloc float[Block], weightRoom = stackalloc float[Block];
        int count = 0;
        float largestGradient = 0, largestHessian = 0;
        for (int start = 0; start < kept.Length; start += Block)
        {
            int length = Math.Min(Block, kept.Length - start);
            Span<float> gradients = gradientRoom[..length], weights = weightRoom[..length];
            float* pairs = (float*)(_pairs.Pointer + chunk.First + start);
            for (int row = 0; row < length; row++)
                gradients[row] = pairs[2 * row];
            sampler.Weigh(tree, chunk.First + start, gradients, weights);
            for (int row = 0; row < length; row++)
            {
                if (weights[row] == 0)
                    continue;
                kept[count++] = chunk.First + start + row;
                largestGradient = MathF.Max(largestGradient, MathF.Abs(pairs[2 * row] *= weights[row]));
                largestHessian = MathF.Max(largestHessian, MathF.Abs(pairs[2 * row + 1] *= weights[row]));
            }
        }
        _largest[chunk.Chunk] = (largestGradient, largestHessian);
        return count;
    }

    /// <summary>What a sampler may know of the gradients, between <see cref="Derive(IObjective, NativeBuffer{double}, LabelledRows, WorkTeam)"/> and <see cref="Round"/>.</summary>
    public IGradientRanks Ranks(WorkTeam team) => new MagnitudeRanks(_pairs.Pointer, rowCount, team);

    /// <summary>Turns the derivatives into fixed point.</summary>
    /// <param name="tree">Number of the tree, which keys the rounding.</param>
    /// <param name="team">Runs chunks of rows.</param>
    /// <remarks>Errors: CE4032 where a derivative is infinite or NaN.</remarks>
    public void Round(int tree, WorkTeam team)
    {
        SetUnits(tree);
        Rounding rounding = RoundingOf(tree);
        team.RunChunks(rowCount, (_, start, count) => RoundRows(start, count, rounding));
    }

    /// <inheritdoc/>
    public void Dispose() => _pairs.Dispose();

    // Returns the largest of each; the buffer holds float32 where there is no rounding.
    [SkipLocalsInit]
    private (float Gradient, float Hessian) Derive(IObjective objective, NativeBuffer<double> margins, LabelledRows rows, (int First, int Count) chunk, Rounding? rounding)
    {
        Span<float> gradientRoom = stackalloc float[Block], hessianRoom = stackalloc float[Block];
        float largestGradient = 0, largestHessian = 0;
        for (int start = chunk.First; start < chunk.First + chunk.Count; start += Block)
        {
            int length = Math.Min(Block, chunk.First + chunk.Count - start);
            Span<float> gradients = gradientRoom[..length], hessians = hessianRoom[..length];
            objective.Gradients(rows.LossRows(margins, start, length), gradients, hessians);
            largestGradient = MathF.Max(largestGradient, MathF.Abs(TensorPrimitives.MaxMagnitude<float>(gradients)));
            largestHessian = MathF.Max(largestHessian, MathF.Abs(TensorPrimitives.MaxMagnitude<float>(hessians)));
            FixedPointKernel.Pair(gradients, hessians, _pairs.Pointer + start);
            if (rounding is { } scales)
                RoundRows(start, length, scales);
        }
        return (largestGradient, largestHessian);
    }

    private void SetUnits(int tree)
    {
        // A NaN is the largest of all here.
        (float gradient, float hessian) = (0, 0);
        foreach ((float g, float h) in _largest)
            (gradient, hessian) = (MathF.Max(gradient, g), MathF.Max(hessian, h));
        if (!float.IsFinite(gradient) || !float.IsFinite(hessian))
            throw TrainerErrors.DerivativeNotFinite(_objective, tree, float.IsFinite(gradient) ? hessian : gradient);
        GradientUnit = UnitFor(gradient, _gradientBits);
        HessianUnit = UnitFor(hessian, _hessianBits);
    }

    private Rounding RoundingOf(int tree) => new((float)(1 / GradientUnit), (float)(1 / HessianUnit), (uint)KeyedRandom.Bits(seed, Stream, (ulong)tree));

    private void RoundRows(int start, int count, Rounding by)
    {
        if (quantised)
            FixedPointKernel.Run(_pairs.Pointer + start, count, start, by.GradientScale, by.HessianScale, by.Key);
        else
            RoundToNearest(_pairs.Pointer + start, count, by.GradientScale, by.HessianScale);
    }

    private static void RoundToNearest(GradientPair* pairs, int count, float gradientScale, float hessianScale)
    {
        for (int row = 0; row < count; row++)
        {
            float* at = (float*)(pairs + row);
            pairs[row] = new GradientPair((int)MathF.Round(at[0] * gradientScale), (int)MathF.Round(at[1] * hessianScale));
        }
    }

    // Kept where its reciprocal is a normal float32 too; derivatives below 2^-96 count as 0 anyway.
    private static double UnitFor(float largest, int bits) =>
        largest == 0 ? 1 : Math.ScaleB(1, Math.Clamp(Math.ILogB(largest) + 1 - bits, -126, 126));

    // What derivatives are multiplied by, and what the chances are drawn from.
    private readonly record struct Rounding(float GradientScale, float HessianScale, uint Key);
}
