using System.Runtime.Intrinsics;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

public unsafe class HistogramKernelTests
{
    private const int MaxRows = 5500;
    private const int Stride = HistogramKernel.MostColumns + 8;

    public static TheoryData<int> Counts => [.. Enumerable.Range(0, 20), 1000, 4096, 5400];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Run_AnyLength_EqualsScalar(int count)
    {
        var random = new Random(count);
        int[] binCounts = [.. Enumerable.Range(0, HistogramKernel.MostColumns).Select(_ => new[] { 1, 2, 17, 256 }[random.Next(4)])];
        byte[] bins = new byte[MaxRows * Stride];
        for (int row = 0; row < MaxRows; row++)
        {
            for (int column = 0; column < binCounts.Length; column++)
                bins[row * Stride + column] = (byte)(random.Next(4) == 0 ? random.Next(binCounts[column]) : binCounts[column] - 1);
        }
        fixed (byte* binPointer = bins)
        {
            foreach (int columns in count < 20 ? (int[])[4, 8, 12, 16, 20, 24, 28, 32] : [4, 24, 32])
            {
                AssertEqual<HistogramKernel.PackedFormat, long>(binPointer, count, binCounts[..columns], random);
                AssertEqual<HistogramKernel.WideFormat, Vector128<long>>(binPointer, count, binCounts[..columns], random);
            }
        }
    }

    [Fact]
    public void Unpack_FullestCell_HoldsEverySum()
    {
        AssertFull<HistogramKernel.PackedFormat, long>();
        AssertFull<HistogramKernel.WideFormat, Vector128<long>>();
    }

    [Fact]
    public void Scalar_KnownRows_AddsByBin()
    {
        byte[] bins = [1, 0, 9, 9, 9, 9, 9, 9, /**/ 1, 1, 9, 9, 9, 9, 9, 9, /**/ 2, 1, 9, 9, 9, 9, 9, 9];
        GradientPair[] pairs = [new(5, 1), new(-7, 2), new(int.MinValue, int.MaxValue)];
        var sums = new GradientSums[HistogramKernel.MostColumns * HistogramKernel.TableCells];
        fixed (byte* binPointer = bins)
        fixed (GradientPair* pairPointer = pairs)
            HistogramKernel.Scalar(new RowBlock(binPointer, 8, 8, pairPointer, 3), sums);
        Assert.Equal([default, new(-2, 3, 2), new(int.MinValue, int.MaxValue, 1)], sums[..3]);
        Assert.Equal([new(5, 1, 1), new(int.MinValue - 7L, int.MaxValue + 2L, 2)], sums[HistogramKernel.TableCells..(HistogramKernel.TableCells + 2)]);
        Assert.Equal(3, sums[2 * HistogramKernel.TableCells + 9].Rows);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(124)]
    public void Gather_AnyRows_EqualsScalar(int stride)
    {
        const int Rows = 500, Taken = 333;
        var random = new Random(stride);
        using NativeBuffer<byte> bins = NativeBuffer<byte>.Allocate(Rows * stride + sizeof(ulong));
        random.NextBytes(bins.Span);
        GradientPair[] pairs = [.. Enumerable.Range(0, Rows).Select(row => new GradientPair(row, -row))];
        int[] rows = [.. Enumerable.Range(0, Taken).Select(_ => random.Next(Rows)), Rows - 1];
        byte[] expected = new byte[rows.Length * stride + sizeof(ulong)], actual = new byte[expected.Length];
        GradientPair[] expectedPairs = new GradientPair[rows.Length], actualPairs = new GradientPair[rows.Length];
        fixed (GradientPair* from = pairs, scalar = expectedPairs, fast = actualPairs)
        fixed (byte* scalarBins = expected, fastBins = actual)
        {
            HistogramKernel.GatherScalar(rows, bins.Pointer, stride, from, ((nint)scalarBins, (nint)scalar));
            HistogramKernel.Gather(rows, bins.Pointer, stride, from, ((nint)fastBins, (nint)fast));
        }
        Assert.Equal(expected[..(rows.Length * stride)], actual[..(rows.Length * stride)]);
        Assert.Equal(expectedPairs, actualPairs);
        Assert.Equal(rows.Select(row => pairs[row]), actualPairs);
    }

    [Fact]
    public void Subtract_ChildFromParent_EqualsTheOtherChild()
    {
        var random = new Random(1);
        GradientSums[] left = [.. Enumerable.Range(0, 255).Select(_ => new GradientSums(random.NextInt64(), random.NextInt64(1L << 40), random.Next()))];
        GradientSums[] right = [.. Enumerable.Range(0, 255).Select(_ => new GradientSums(-random.NextInt64(), random.NextInt64(1L << 40), random.Next()))];
        using var parent = new SumsBuffer([.. left.Zip(right, (a, b) => a + b)]);
        using var child = new SumsBuffer(left);
        HistogramPool.Subtract(parent.Sums, child.Sums);
        Assert.Equal(right, parent.ToArray());
    }

    private static void AssertEqual<TFormat, TCell>(byte* bins, int count, int[] binCounts, Random random) where TFormat : ICellFormat<TCell> where TCell : unmanaged
    {
        GradientPair[] pairs = [.. Enumerable.Range(0, MaxRows).Select(_ => Extreme<TFormat, TCell>(random))];
        int[] rows = [.. Enumerable.Range(0, MaxRows).Where(_ => random.Next(3) > 0).Take(count)];
        fixed (GradientPair* pairPointer = pairs)
        fixed (int* rowPointer = rows)
        {
            AssertEqual<TFormat, TCell>(new RowBlock(bins, binCounts.Length, Stride, pairPointer, count), binCounts);
            if (rows.Length > 0)
                AssertEqual<TFormat, TCell>(new RowBlock(bins, binCounts.Length, Stride, pairPointer, rows.Length * 2 / 3) { Rows = rowPointer, RowsKnown = rows.Length }, binCounts);
        }
    }

    private static void AssertEqual<TFormat, TCell>(in RowBlock input, int[] binCounts) where TFormat : ICellFormat<TCell> where TCell : unmanaged
    {
        var expected = new GradientSums[binCounts.Length * HistogramKernel.TableCells];
        using NativeBuffer<TCell> cells = NativeBuffer<TCell>.AllocateZeroed(binCounts.Length * HistogramKernel.TableStride);
        HistogramKernel.Scalar(input, expected);
        HistogramKernel.Add<TFormat, TCell>(input, cells.Pointer);
        for (int column = 0; column < binCounts.Length; column++)
        {
            GradientSums[] of = expected[(column * HistogramKernel.TableCells)..(column * HistogramKernel.TableCells + binCounts[column])];
            using var sums = new SumsBuffer([.. Enumerable.Repeat(new GradientSums(long.MaxValue, long.MinValue, -1), binCounts[column])]);
            HistogramKernel.Unpack<TFormat, TCell>(cells.Pointer + column * HistogramKernel.TableStride, sums.Sums, adds: false);
            Assert.Equal(of, sums.ToArray());
            HistogramKernel.Unpack<TFormat, TCell>(cells.Pointer + column * HistogramKernel.TableStride, sums.Sums, adds: true);
            Assert.Equal(of.Select(sum => sum + sum), sums.ToArray());
            Assert.All(Enumerable.Range(binCounts[column], sums.Sums.Padded - binCounts[column]), bin => Assert.Equal(default, sums.Sums[bin]));
        }
    }

    // As many rows as a format takes, of the largest derivatives it takes: nothing overflows into a neighbour.
    private static void AssertFull<TFormat, TCell>() where TFormat : ICellFormat<TCell> where TCell : unmanaged
    {
        foreach ((int gradientSign, int hessianSign) in ((int, int)[])[(1, 1), (-1, 1), (1, -1), (-1, -1)])
        {
            var pair = new GradientPair(gradientSign << TFormat.GradientBits, hessianSign << TFormat.HessianBits);
            TCell cell = default;
            for (int row = 0; row < TFormat.MostRows; row++)
                cell = TFormat.Add(cell, TFormat.Of(pair));
            Assert.Equal(new GradientSums((long)TFormat.MostRows * pair.Gradient, (long)TFormat.MostRows * pair.Hessian, TFormat.MostRows), TFormat.Unpack(cell));
        }
    }

    // Derivatives as large as a gradient buffer makes them, of either sign.
    private static GradientPair Extreme<TFormat, TCell>(Random random) where TFormat : ICellFormat<TCell> where TCell : unmanaged => random.Next(10) switch
    {
        0 => new(-1 << TFormat.GradientBits, 1 << TFormat.HessianBits),
        1 => new(1 << TFormat.GradientBits, -1 << TFormat.HessianBits),
        _ => new(random.Next(-1 << TFormat.GradientBits, 1 << TFormat.GradientBits), random.Next(1 << TFormat.HessianBits)),
    };
}
