using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

public unsafe class GradientBufferTests
{
    [Theory]
    [InlineData(1e-28)]
    [InlineData(1e-3)]
    [InlineData(1)]
    [InlineData(3e7)]
    public void Compute_AnyScale_KeepsThirtyBits(double scale)
    {
        var random = new Random(7);
        float[] labels = [.. Enumerable.Range(0, 40_000).Select(_ => (float)((random.NextDouble() - 0.5) * scale))];
        using var matrix = FeatureMatrix.Allocate([], labels.Length);
        using NativeBuffer<double> margins = NativeBuffer<double>.AllocateZeroed(labels.Length);
        using var buffer = new GradientBuffer(labels.Length, quantised: false, seed: 0);
        buffer.Derive(SquaredError.Instance, margins, new LabelledRows(matrix, labels), TestRows.OneThread);
        buffer.Round(0, TestRows.OneThread);
        double largest = labels.Max(MathF.Abs);
        for (int row = 0; row < labels.Length; row++)
        {
            Assert.Equal(-labels[row], buffer.Pairs[row].Gradient * buffer.GradientUnit, largest * Math.ScaleB(1, -29));
            Assert.Equal(1, buffer.Pairs[row].Hessian * buffer.HessianUnit);
        }
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(3e7)]
    public void Compute_Quantised_TakesThirteenBitsAndRoundsToNeighbours(double scale)
    {
        var random = new Random(7);
        float[] labels = [.. Enumerable.Range(0, 40_000).Select(_ => (float)((random.NextDouble() - 0.5) * scale))];
        using var matrix = FeatureMatrix.Allocate([], labels.Length);
        using NativeBuffer<double> margins = NativeBuffer<double>.AllocateZeroed(labels.Length);
        using var buffer = new GradientBuffer(labels.Length, quantised: true, seed: 1);
        buffer.Derive(SquaredError.Instance, margins, new LabelledRows(matrix, labels), TestRows.OneThread);
        buffer.Round(0, TestRows.OneThread);
        double error = 0;
        int largest = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            double off = buffer.Pairs[row].Gradient * buffer.GradientUnit + labels[row];
            Assert.InRange(Math.Abs(off), 0, buffer.GradientUnit);
            Assert.Equal(1, buffer.Pairs[row].Hessian * buffer.HessianUnit);
            error += off;
            largest = Math.Max(largest, Math.Abs(buffer.Pairs[row].Gradient));
        }
        Assert.InRange(largest, 1 << 12, 1 << 13);
        Assert.InRange(Math.Abs(error), 0, 4 * Math.Sqrt(labels.Length) / 2 * buffer.GradientUnit);
    }

    [Fact]
    public void Compute_AllZero_StaysZero()
    {
        using var matrix = FeatureMatrix.Allocate([], 3);
        using NativeBuffer<double> margins = NativeBuffer<double>.AllocateZeroed(3);
        using var buffer = new GradientBuffer(3, quantised: true, seed: 0);
        buffer.Derive(SquaredError.Instance, margins, new LabelledRows(matrix, new float[3], new float[3]), TestRows.OneThread);
        buffer.Round(0, TestRows.OneThread);
        Assert.Equal(new GradientPair(0, 0), buffer.Pairs[1]);
    }
}
