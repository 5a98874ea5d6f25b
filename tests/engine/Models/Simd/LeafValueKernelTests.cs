namespace ChurnEngine.Models.Tests;

public unsafe class LeafValueKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(31)]
    [InlineData(64)]
    public void Run_AnyLength_EqualsScalar(int leafCount)
    {
        var random = new Random(leafCount);
        double[] values = [.. Enumerable.Range(0, leafCount).Select(i => i switch { 3 => -0.0, 5 => double.Epsilon, 7 => 1e300, 9 => -1e-300, _ => random.NextDouble() - 0.5 })];
        double[] table = new double[LeafValueKernel.TableLength];
        LeafValueKernel.Lay(values, table);
        byte[] leaves = [.. Enumerable.Range(0, 320).Select(_ => (byte)random.Next(leafCount))];
        double[] before = [.. Enumerable.Range(0, 320).Select(i => i % 11 == 0 ? -0.0 : random.NextDouble())];
        for (int count = 0; count <= 256; count++)
        {
            double[] fast = [.. before], scalar = [.. before];
            fixed (byte* l = leaves)
            fixed (double* t = table, f = fast, s = scalar)
            {
                LeafValueKernel.Run(l, t, f, count);
                LeafValueKernel.Scalar(l, t, s, count);
            }
            Assert.Equal(Bits(scalar, count), Bits(fast, count));
            int end = (count + 63) / 64 * 64;
            Assert.Equal(before[end..], fast[end..]);
        }
    }

    private static long[] Bits(double[] values, int count) => [.. values.Take(count).Select(BitConverter.DoubleToInt64Bits)];
}
