namespace ChurnEngine.Models.Tests;

public unsafe class CategoryCodeKernelTests
{
    private static readonly float[] s_hostile =
        [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 0f, float.Epsilon, -1, 0.5f, 252, 253, 253.5f, 254, 255, 256, 65_536, 16_777_216, 2_147_483_648f, -2_147_483_648f, 4_294_967_296f, float.MaxValue, float.MinValue];

    [Fact]
    public void Run_AnyLength_EqualsScalar()
    {
        var random = new Random(11);
        float[] values = [.. Enumerable.Range(0, 256 + 16).Select(i => i < s_hostile.Length ? s_hostile[i] : random.Next(4) == 0 ? s_hostile[random.Next(s_hostile.Length)] : random.Next(260))];
        for (int count = 0; count <= 256; count++)
        {
            byte[] fast = new byte[256 + 16], scalar = new byte[256 + 16];
            fixed (float* v = values)
            fixed (byte* f = fast, s = scalar)
            {
                CategoryCodeKernel.Run(v, f, count);
                CategoryCodeKernel.Scalar(v, s, count);
            }
            Assert.Equal(scalar.AsSpan(0, count), fast.AsSpan(0, count));
            Assert.All(fast.Skip((count + 15) / 16 * 16), code => Assert.Equal(0, code));
        }
    }

    [Fact]
    public void Scalar_WholeNumbersBelow254_AreTheirOwnCodes()
    {
        float[] values = [0, 253, -0f, 254, 7.5f, -1, float.PositiveInfinity, float.NaN];
        byte[] codes = new byte[values.Length];
        fixed (float* v = values)
        fixed (byte* c = codes)
            CategoryCodeKernel.Scalar(v, c, values.Length);
        Assert.Equal([0, 253, 0, CategoryCodeKernel.Other, CategoryCodeKernel.Other, CategoryCodeKernel.Other, CategoryCodeKernel.Other, CategoryCodeKernel.Missing], codes);
    }
}
