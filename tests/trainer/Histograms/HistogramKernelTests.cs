namespace ChurnEngine.Trainer.Tests;

public unsafe class HistogramKernelTests
{
    private const int MaxRows = 4096;

    public static TheoryData<int, int> Lengths()
    {
        var data = new TheoryData<int, int>();
        foreach (int bins in (int[])[1, 2, 17, 256])
        {
            foreach (int rows in Enumerable.Range(0, 20).Concat(Enumerable.Range(250, 12)).Concat([1000, 4095, 4096]))
                data.Add(rows, bins);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Run_AnyLength_EqualsScalar(int count, int bins)
    {
        var random = new Random(count * 1000 + bins);
        byte[] column = new byte[MaxRows];
        foreach (ref byte bin in column.AsSpan())
            bin = (byte)(random.Next(4) == 0 ? random.Next(bins) : bins - 1);
        int[] rows = [.. Enumerable.Range(0, MaxRows).Where(_ => random.Next(3) > 0).Take(count)];
        count = Math.Min(count, rows.Length);
        GradientPair[] pairs = [.. Enumerable.Range(0, MaxRows).Select(_ => Extreme(random))];
        fixed (byte* columnPointer = column)
        fixed (int* rowPointer = rows)
        fixed (GradientPair* pairPointer = pairs)
        {
            // An empty array pins as null, which would mean rows 0..count-1: the same for no rows.
            AssertEqual(new NodeColumn(columnPointer, rowPointer, pairPointer, count), bins);
            AssertEqual(new NodeColumn(columnPointer, null, pairPointer, count), bins);
        }
    }

    [Fact]
    public void Scalar_KnownRows_AddsByBin()
    {
        byte[] column = [1, 0, 1, 2];
        int[] rows = [0, 2, 3];
        GradientPair[] pairs = [new(5, 1), new(-7, 2), new(int.MinValue, int.MaxValue)];
        var sums = new GradientSums[4];
        fixed (byte* columnPointer = column)
        fixed (int* rowPointer = rows)
        fixed (GradientPair* pairPointer = pairs)
            HistogramKernel.Scalar(new NodeColumn(columnPointer, rowPointer, pairPointer, 3), sums);
        Assert.Equal([default, new(-2, 3, 2), new(int.MinValue, int.MaxValue, 1), default], sums);
    }

    [Fact]
    public void Subtract_ChildFromParent_EqualsTheOtherChild()
    {
        var random = new Random(1);
        GradientSums[] left = [.. Enumerable.Range(0, 256).Select(_ => new GradientSums(random.NextInt64(), random.NextInt64(1L << 40), random.Next()))];
        GradientSums[] right = [.. Enumerable.Range(0, 256).Select(_ => new GradientSums(-random.NextInt64(), random.NextInt64(1L << 40), random.Next()))];
        GradientSums[] parent = [.. left.Zip(right, (a, b) => a + b)];
        HistogramPool.Subtract(parent, left);
        Assert.Equal(right, parent);
    }

    private static void AssertEqual(NodeColumn input, int bins)
    {
        var guard = new GradientSums(long.MaxValue, long.MinValue, -1);
        GradientSums[] expected = new GradientSums[bins], room = [.. Enumerable.Repeat(guard, bins + 2)];
        HistogramKernel.Scalar(input, expected);
        HistogramKernel.Run(input, room.AsSpan(1, bins));
        Assert.Equal(expected, room[1..^1]);
        Assert.Equal(guard, room[0]);
        Assert.Equal(guard, room[^1]);
    }

    private static GradientPair Extreme(Random random) => random.Next(10) switch
    {
        0 => new(int.MinValue, int.MaxValue),
        1 => new(int.MaxValue, 0),
        _ => new(random.Next(int.MinValue, int.MaxValue), random.Next()),
    };
}
