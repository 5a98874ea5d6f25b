namespace ChurnEngine.Models.Tests;

public unsafe class CodeLookupKernelTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_AnyLength_EqualsScalar(bool merges)
    {
        var random = new Random(3);
        byte[] codes = new byte[320], table = new byte[CodeLookupKernel.TableLength], before = new byte[320];
        random.NextBytes(codes);
        random.NextBytes(table);
        random.NextBytes(before);
        for (int count = 0; count <= 256; count++)
        {
            byte[] fast = [.. before], scalar = [.. before];
            fixed (byte* c = codes, t = table, f = fast, s = scalar)
            {
                CodeLookupKernel.Run(c, t, f, count, merges);
                CodeLookupKernel.Scalar(c, t, s, count, merges);
            }
            Assert.Equal(scalar.AsSpan(0, count), fast.AsSpan(0, count));
            int end = (count + 63) / 64 * 64;
            Assert.Equal(before.AsSpan(end), fast.AsSpan(end));
        }
    }
}
