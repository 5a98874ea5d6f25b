namespace ChurnEngine.Models.Tests;

public unsafe class TransposeKernelTests
{
    public static TheoryData<int> Counts => [.. Enumerable.Range(0, 36), 255, 256];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Run_AnyLength_EqualsScalar(int count)
    {
        const float Guard = 12345;
        foreach (int stride in (int[])[4, 5, 30])
        {
            var random = new Random(count * 100 + stride);
            // The last row ends where the array does: a read beyond it would be a read of foreign memory.
            float[] rows = [.. Enumerable.Range(0, count * stride).Select(_ => random.Next(10) == 0 ? float.NaN : random.NextSingle())];
            float[] fast = new float[4 * 256], scalar = new float[4 * 256];
            fast.AsSpan().Fill(Guard);
            scalar.AsSpan().Fill(Guard);
            fixed (float* from = rows, to = fast, expected = scalar)
            {
                TransposeKernel.Run(from + stride - 4, stride, count, to);
                TransposeKernel.Scalar(from + stride - 4, stride, count, expected);
            }
            Assert.Equal(scalar, fast);
            for (int i = 0; i < count; i++)
                Assert.Equal(rows[i * stride + stride - 4 + 2], fast[2 * 256 + i]);
        }
    }
}
