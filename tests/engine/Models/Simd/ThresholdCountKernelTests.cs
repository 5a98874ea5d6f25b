namespace ChurnEngine.Models.Tests;

public unsafe class ThresholdCountKernelTests
{
    private static readonly float[] s_hostile = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 0f, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue];

    public static TheoryData<int> ThresholdCounts => [1, 2, 3, 7, 8, 15, 30, 31, 32, 33, 63, 64, 127, 128, 200, 253, 254];

    [Theory]
    [MemberData(nameof(ThresholdCounts))]
    public void Run_AnyNumberOfThresholds_EqualsScalarAndDecidesAsTheTestDoes(int count)
    {
        var random = new Random(count);
        float[] thresholds = [.. Draw(random, count)];
        float[] values = new float[256 + 16];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.Next(3) switch { 0 => s_hostile[random.Next(s_hostile.Length)], 1 => Near(random, thresholds[random.Next(count)]), _ => random.NextSingle() * 8 - 4 };
        (sbyte[] low, sbyte[] high) = Codes(values, thresholds, 256, scalar: false);
        (sbyte[] lowScalar, sbyte[] highScalar) = Codes(values, thresholds, 256, scalar: true);
        Assert.Equal(lowScalar.AsSpan(0, 256), low.AsSpan(0, 256));
        Assert.Equal(highScalar.AsSpan(0, 256), high.AsSpan(0, 256));
        for (int j = 0; j < count; j++)
        {
            for (int row = 0; row < 256; row++)
            {
                bool missing = float.IsNaN(values[row]), left = values[row] <= thresholds[j];
                Assert.True((low[row] <= ThresholdCountKernel.LowTest(j)) == (left || missing), $"low code of {values[row]} at {thresholds[j]}");
                Assert.True((high[row] <= ThresholdCountKernel.HighTest(j)) == left, $"high code of {values[row]} at {thresholds[j]}");
            }
        }
    }

    [Fact]
    public void Run_AnyLength_EqualsScalar()
    {
        var random = new Random(5);
        foreach (int thresholdCount in (int[])[20, 100])
        {
            float[] thresholds = [.. Draw(random, thresholdCount)];
            float[] values = [.. Enumerable.Range(0, 80).Select(_ => random.NextSingle() * 8 - 4)];
            for (int count = 0; count < 64; count++)
            {
                (sbyte[] low, sbyte[] high) = Codes(values, thresholds, count, scalar: false);
                (sbyte[] lowScalar, sbyte[] highScalar) = Codes(values, thresholds, count, scalar: true);
                Assert.Equal(lowScalar.AsSpan(0, count), low.AsSpan(0, count));
                Assert.Equal(highScalar.AsSpan(0, count), high.AsSpan(0, count));
                // Up to 15 rows beyond are allowed, no more.
                int end = (count + 15) / 16 * 16;
                Assert.All(low.Skip(end), code => Assert.Equal(99, code));
            }
        }
    }

    [Fact]
    public void Run_TargetThatNobodyAsksFor_IsLeftAlone()
    {
        float[] table = new float[ThresholdCountKernel.TableLength], values = new float[16];
        ThresholdCountKernel.Lay([0.5f], table);
        sbyte[] high = new sbyte[16];
        fixed (float* t = table, v = values)
        fixed (sbyte* h = high)
            ThresholdCountKernel.Run(v, t, 1, new CodeTargets(null, h), 16);
        Assert.All(high, code => Assert.Equal(-128, code));
    }

    private static (sbyte[] Low, sbyte[] High) Codes(float[] values, float[] thresholds, int count, bool scalar)
    {
        float[] table = new float[ThresholdCountKernel.TableLength];
        ThresholdCountKernel.Lay(thresholds, table);
        sbyte[] low = new sbyte[values.Length], high = new sbyte[values.Length];
        low.AsSpan().Fill(99);
        high.AsSpan().Fill(99);
        fixed (float* t = table, v = values)
        fixed (sbyte* l = low, h = high)
        {
            if (scalar)
                ThresholdCountKernel.Scalar(v, t, thresholds.Length, new CodeTargets(l, h), count);
            else
                ThresholdCountKernel.Run(v, t, thresholds.Length, new CodeTargets(l, h), count);
        }
        return (low, high);
    }

    private static IOrderedEnumerable<float> Draw(Random random, int count)
    {
        var distinct = new HashSet<float>();
        while (distinct.Count < count)
            distinct.Add(random.Next(30) switch { 0 => 0f, 1 => float.NegativeInfinity, 2 => float.MaxValue, 3 => float.PositiveInfinity, 4 => float.Epsilon, _ => random.NextSingle() * 8 - 4 });
        return distinct.Order();
    }

    private static float Near(Random random, float threshold) => random.Next(3) switch { 0 => threshold, 1 => float.BitIncrement(threshold), _ => float.BitDecrement(threshold) };
}
