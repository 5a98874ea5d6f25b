namespace ChurnEngine.Trainer.Tests;

public unsafe class EdgeSearchKernelTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(16, 7)]
    [InlineData(17, 100)]
    [InlineData(63, 333)]
    [InlineData(255, 1000)]
    public void Run_AnyLength_EqualsScalar(int edgeCount, int count)
    {
        var random = new Random(edgeCount);
        float[] edges = [.. Enumerable.Range(0, edgeCount - 1).Select(_ => random.NextSingle() * 10 - 5).Order(), float.PositiveInfinity];
        float[] laid = EdgeSearchKernel.Lay(edges);
        foreach (int stride in (int[])[1, 3])
        {
            float[] values = [.. Enumerable.Range(0, Math.Max(1, count * stride)).Select(i => (i % 7) switch
            {
                0 => edges[random.Next(edgeCount)],
                1 => float.NaN,
                2 => random.Next(2) == 0 ? float.NegativeInfinity : float.PositiveInfinity,
                3 => -0f,
                _ => random.NextSingle() * 12 - 6,
            })];
            byte[] fast = new byte[count], scalar = new byte[count];
            fixed (float* pointer = values)
            {
                EdgeSearchKernel.Run(pointer, stride, laid, 255, fast);
                EdgeSearchKernel.Scalar(pointer, stride, laid, 255, scalar);
            }
            Assert.Equal(scalar, fast);
            Assert.Equal(Enumerable.Range(0, count).Select(row => values[row * stride]).Select(value => float.IsNaN(value) ? (byte)255 : (byte)edges.Count(edge => edge < value)), scalar);
        }
    }
}
