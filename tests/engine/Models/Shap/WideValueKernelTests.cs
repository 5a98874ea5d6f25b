namespace ChurnEngine.Models.Tests;

public unsafe class WideValueKernelTests
{
    [Theory]
    [InlineData(128), InlineData(256)]
    public void Run_AnyLength_EqualsScalar(int patternCount)
    {
        var random = new Random(patternCount);
        double[] values = [.. Enumerable.Range(0, patternCount).Select(i => i switch { 3 => -0.0, 5 => double.Epsilon, 127 => 1e300, 255 => -1e-300, _ => random.NextDouble() - 0.5 })];
        double[] table = new double[WideValueKernel.TableLength(patternCount)];
        WideValueKernel.Lay(values, table);
        byte[] patterns = [.. Enumerable.Range(0, 320).Select(_ => (byte)random.Next(patternCount))];
        double[] before = [.. Enumerable.Range(0, 320).Select(i => i % 11 == 0 ? -0.0 : random.NextDouble())];
        for (int count = 0; count <= 256; count++)
        {
            double[] fast = [.. before], scalar = [.. before];
            fixed (byte* p = patterns)
            fixed (double* t = table, f = fast, s = scalar)
            {
                WideValueKernel.Run(p, t, patternCount == 256, f, count);
                WideValueKernel.Scalar(p, t, s, count);
            }
            Assert.Equal(Bits(scalar, count), Bits(fast, count));
            int end = (count + 63) / 64 * 64;
            Assert.Equal(before[end..], fast[end..]);
        }
    }

    private static long[] Bits(double[] values, int count) => [.. values.Take(count).Select(BitConverter.DoubleToInt64Bits)];
}
