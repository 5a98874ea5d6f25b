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

    // Whatever the units were before, and with fewer rows than a block and more than a chunk.
    [Theory]
    [InlineData(true, 300)]
    [InlineData(true, 40_000)]
    [InlineData(false, 40_000)]
    public void DeriveRounded_UnitsGrowAndShrink_IsWhatTwoPassesGive(bool quantised, int rows)
    {
        var random = new Random(7);
        using var matrix = FeatureMatrix.Allocate([], rows);
        using NativeBuffer<double> margins = NativeBuffer<double>.AllocateZeroed(rows);
        using var once = new GradientBuffer(rows, quantised, seed: 1);
        int tree = 0;
        foreach (double scale in (double[])[1, 1, 1e5, 1e-5, 0, 3])
        {
            var labelled = new LabelledRows(matrix, Enumerable.Range(0, rows).Select(_ => (float)((random.NextDouble() - 0.5) * scale)).ToArray());
            using var twice = new GradientBuffer(rows, quantised, seed: 1);
            once.DeriveRounded(SquaredError.Instance, margins, labelled, tree, TestRows.OneThread);
            twice.Derive(SquaredError.Instance, margins, labelled, TestRows.OneThread);
            twice.Round(tree++, TestRows.OneThread);
            Assert.Equal((twice.GradientUnit, twice.HessianUnit), (once.GradientUnit, once.HessianUnit));
            Assert.True(new ReadOnlySpan<GradientPair>(twice.Pairs, rows).SequenceEqual(new ReadOnlySpan<GradientPair>(once.Pairs, rows)));
        }
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
