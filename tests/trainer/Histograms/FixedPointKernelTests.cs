namespace ChurnEngine.Trainer.Tests;

public unsafe class FixedPointKernelTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1003)]
    public void Run_AnyLength_EqualsScalar(int count)
    {
        (float Gradient, float Hessian)[] values = Draw(count, seed: count);
        foreach (int firstRow in (int[])[0, 5, int.MaxValue - 2000])
        {
            GradientPair[] fast = Raw(values), scalar = Raw(values);
            fixed (GradientPair* fastPointer = fast, scalarPointer = scalar)
            {
                FixedPointKernel.Run(fastPointer, count, firstRow, 8191, 1023, 0xDEAD_BEEF);
                FixedPointKernel.Scalar(scalarPointer, count, firstRow, 8191, 1023, 0xDEAD_BEEF);
            }
            Assert.Equal(scalar, fast);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(512)]
    public void Pair_AnyLength_EqualsScalar(int count)
    {
        (float Gradient, float Hessian)[] values = Draw(count, seed: count);
        if (count > 0)
            values[^1] = (float.NaN, float.NegativeInfinity);
        float[] gradients = [.. values.Select(value => value.Gradient)], hessians = [.. values.Select(value => value.Hessian)];
        GradientPair[] fast = new GradientPair[count + 1], scalar = new GradientPair[count + 1];
        fast[count] = scalar[count] = new GradientPair(-7, 7);
        fixed (GradientPair* fastPointer = fast, scalarPointer = scalar)
        {
            FixedPointKernel.Pair(gradients, hessians, fastPointer);
            FixedPointKernel.PairScalar(gradients, hessians, scalarPointer);
        }
        Assert.Equal([.. Raw(values), new GradientPair(-7, 7)], scalar);
        Assert.Equal(scalar, fast);
    }

    [Fact]
    public void Scalar_ManyRows_RoundsToANeighbourAndIsRightOnAverage()
    {
        const int Count = 200_000;
        (float Gradient, float Hessian)[] values = [.. Enumerable.Repeat((-0.3f, 2.2f), Count)];
        GradientPair[] pairs = Raw(values);
        fixed (GradientPair* pointer = pairs)
            FixedPointKernel.Scalar(pointer, Count, 0, 1, 1, 42);
        Assert.All(pairs, pair => Assert.True(pair.Gradient is -1 or 0 && pair.Hessian is 2 or 3));
        // Four standard deviations of the mean of so many draws.
        Assert.Equal(-0.3, pairs.Average(pair => pair.Gradient), 4 * Math.Sqrt(0.21 / Count));
        Assert.Equal(2.2, pairs.Average(pair => pair.Hessian), 4 * Math.Sqrt(0.16 / Count));
        double together = pairs.Count(pair => pair.Gradient == 0 && pair.Hessian == 3) / (double)Count;
        Assert.Equal(0.7 * 0.2, together, 4 * Math.Sqrt(0.14 * 0.86 / Count));
    }

    [Fact]
    public void Scalar_AnotherKey_DrawsOtherChances()
    {
        (float, float)[] values = [.. Enumerable.Repeat((0.5f, 0.5f), 64)];
        GradientPair[] one = Raw(values), other = Raw(values);
        fixed (GradientPair* a = one, b = other)
        {
            FixedPointKernel.Scalar(a, 64, 0, 1, 1, 1);
            FixedPointKernel.Scalar(b, 64, 0, 1, 1, 2);
        }
        Assert.InRange(one.Zip(other).Count(pair => pair.First != pair.Second), 20, 64);
    }

    private static (float, float)[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2 - 1, random.NextSingle() - 0.2f))];
    }

    private static GradientPair[] Raw((float Gradient, float Hessian)[] values) =>
        [.. values.Select(value => new GradientPair(BitConverter.SingleToInt32Bits(value.Gradient), BitConverter.SingleToInt32Bits(value.Hessian)))];
}
