using System.Numerics.Tensors;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>The gradients of all rows for one tree, in fixed point.</summary>
/// <remarks>
/// A derivative d is kept as round(d / unit), the unit a power of two such that the largest first derivative of all is at most 2^30 and the largest
/// second one 2^23, as precise as a float32. Sums of 2^31 rows then fit 64 bits, and are exact: a histogram got by subtraction is the one that counting would give, and no thread can change a bit.
/// Memory: 16 bytes a row.
/// </remarks>
internal sealed unsafe class GradientBuffer(int rowCount) : IDisposable
{
    private const int GradientBits = 30, HessianBits = 23;
    private readonly NativeBuffer<float> _gradients = NativeBuffer<float>.Allocate(rowCount);
    private readonly NativeBuffer<float> _hessians = NativeBuffer<float>.Allocate(rowCount);
    private readonly NativeBuffer<GradientPair> _pairs = NativeBuffer<GradientPair>.Allocate(rowCount);
    private readonly (float Gradient, float Hessian)[] _largest = new (float, float)[WorkTeam.ChunkCount(rowCount)];

    /// <summary>[N] fixed-point derivatives, in row order.</summary>
    public GradientPair* Pairs => _pairs.Pointer;

    /// <summary>What one unit of a gradient is worth.</summary>
    public double GradientUnit { get; private set; } = 1;

    /// <summary>What one unit of a hessian is worth.</summary>
    public double HessianUnit { get; private set; } = 1;

    /// <summary>Fills the buffer with the derivatives at the present margins.</summary>
    public void Compute(IObjective objective, NativeBuffer<double> margins, LabelledRows rows, WorkTeam team)
    {
        team.RunChunks(rowCount, (chunk, start, count) =>
        {
            Span<float> gradients = _gradients.Slice(start, count), hessians = _hessians.Slice(start, count);
            objective.Gradients(rows.LossRows(margins, start, count), gradients, hessians);
            _largest[chunk] = (TensorPrimitives.MaxMagnitude<float>(gradients), TensorPrimitives.MaxMagnitude<float>(hessians));
        });
        GradientUnit = UnitFor(_largest.Max(l => MathF.Abs(l.Gradient)), GradientBits);
        HessianUnit = UnitFor(_largest.Max(l => MathF.Abs(l.Hessian)), HessianBits);
        float gradientScale = (float)(1 / GradientUnit), hessianScale = (float)(1 / HessianUnit);
        team.RunChunks(rowCount, (_, start, count) =>
        {
            for (int row = start; row < start + count; row++)
                _pairs[row] = new GradientPair((int)MathF.Round(_gradients[row] * gradientScale), (int)MathF.Round(_hessians[row] * hessianScale));
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gradients.Dispose();
        _hessians.Dispose();
        _pairs.Dispose();
    }

    // Kept where its reciprocal is a normal float32 too; derivatives below 2^-96 count as 0 anyway.
    private static double UnitFor(float largest, int bits) =>
        largest == 0 ? 1 : Math.ScaleB(1, Math.Clamp(Math.ILogB(largest) + 1 - bits, -126, 126));
}
