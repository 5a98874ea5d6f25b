using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

public unsafe class HistogramKernelTests
{
    private const int MaxRows = 8200;
    private const int Stride = HistogramKernel.MostFeatures + 8;

    public static TheoryData<int, int> Shapes()
    {
        var data = new TheoryData<int, int>();
        foreach (int features in Enumerable.Range(1, HistogramKernel.MostFeatures))
        {
            foreach (int rows in Enumerable.Range(0, 4).Concat(Enumerable.Range(90, 40)).Concat([1000, 4095, 4096, 4097, 5400]))
                data.Add(rows, features);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Run_AnyLength_EqualsScalar(int count, int features)
    {
        var random = new Random(count * 1000 + features);
        int[] binCounts = [.. Enumerable.Range(0, features).Select(_ => new[] { 1, 2, 17, 256 }[random.Next(4)])];
        byte[] bins = new byte[MaxRows * Stride];
        // Where there is no feature, any byte may stand.
        random.NextBytes(bins);
        for (int row = 0; row < MaxRows; row++)
        {
            for (int feature = 0; feature < features; feature++)
                bins[row * Stride + feature] = (byte)(random.Next(4) == 0 ? random.Next(binCounts[feature]) : binCounts[feature] - 1);
        }
        int[] rows = [.. Enumerable.Range(0, MaxRows).Where(_ => random.Next(3) > 0).Take(count)];
        count = Math.Min(count, rows.Length);
        GradientPair[] pairs = [.. Enumerable.Range(0, MaxRows).Select(_ => Extreme(random))];
        fixed (byte* binPointer = bins)
        fixed (int* rowPointer = rows)
        fixed (GradientPair* pairPointer = pairs)
        {
            // An empty array pins as null, which would mean rows 0..count-1: the same for no rows.
            AssertEqual(new NodeBlock(binPointer, Stride, rowPointer, pairPointer, count), binCounts);
            AssertEqual(new NodeBlock(binPointer, Stride, null, pairPointer, count), binCounts);
        }
    }

    [Fact]
    public void Run_MoreRowsThanACellCounts_LosesNone()
    {
        const int Rows = (1 << 21) + 5;
        using NativeBuffer<byte> bins = NativeBuffer<byte>.AllocateZeroed((long)Rows * HistogramKernel.BlockFeatures);
        using NativeBuffer<GradientPair> pairs = NativeBuffer<GradientPair>.Allocate(Rows);
        pairs.Span.Fill(new GradientPair(1 << 30, 1 << 23));
        int[] offsets = [0, 1];
        var sums = new GradientSums[1];
        HistogramKernel.Run(new NodeBlock(bins.Pointer, HistogramKernel.BlockFeatures, null, pairs.Pointer, Rows), offsets, sums);
        Assert.Equal(new GradientSums((1L << 30) * Rows, (1L << 23) * Rows, Rows), sums[0]);
    }

    [Fact]
    public void Scalar_KnownRows_AddsByBin()
    {
        byte[] bins = [1, 0, 9, 9, 9, 9, 9, 9, /**/ 0, 0, 9, 9, 9, 9, 9, 9, /**/ 1, 1, 9, 9, 9, 9, 9, 9, /**/ 2, 1, 9, 9, 9, 9, 9, 9];
        int[] rows = [0, 2, 3];
        GradientPair[] pairs = [new(5, 1), new(-7, 2), new(int.MinValue, int.MaxValue)];
        var sums = new GradientSums[5];
        fixed (byte* binPointer = bins)
        fixed (int* rowPointer = rows)
        fixed (GradientPair* pairPointer = pairs)
            HistogramKernel.Scalar(new NodeBlock(binPointer, HistogramKernel.BlockFeatures, rowPointer, pairPointer, 3), [0, 3, 5], sums);
        Assert.Equal([default, new(-2, 3, 2), new(int.MinValue, int.MaxValue, 1), new(5, 1, 1), new(int.MinValue - 7L, int.MaxValue + 2L, 2)], sums);
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

    private static void AssertEqual(NodeBlock input, int[] binCounts)
    {
        var guard = new GradientSums(long.MaxValue, long.MinValue, -1);
        int[] offsets = [.. Enumerable.Range(0, binCounts.Length + 1).Select(feature => binCounts.Take(feature).Sum())];
        GradientSums[] expected = new GradientSums[offsets[^1]], room = [.. Enumerable.Repeat(guard, offsets[^1] + 2)];
        HistogramKernel.Scalar(input, offsets, expected);
        HistogramKernel.Run(input, offsets, room.AsSpan(1, offsets[^1]));
        Assert.Equal(expected, room[1..^1]);
        Assert.Equal(guard, room[0]);
        Assert.Equal(guard, room[^1]);
    }

    // Hessians as large as a gradient buffer makes them, of either sign.
    private static GradientPair Extreme(Random random) => random.Next(10) switch
    {
        0 => new(int.MinValue, 1 << 23),
        1 => new(int.MaxValue, -(1 << 23)),
        _ => new(random.Next(int.MinValue, int.MaxValue), random.Next(1 << 23)),
    };
}
