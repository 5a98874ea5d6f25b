namespace ChurnEngine.Trainer.Tests;

public unsafe class RowPartitionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(16_385)]
    [InlineData(70_000)]
    public void Split_AnyLength_IsStableAndLeavesOtherLeavesAlone(int rows)
    {
        var random = new Random(rows);
        byte[] column = new byte[rows];
        random.NextBytes(column);
        var leftBins = default(BinSet);
        foreach (int bin in (int[])[0, 3, 64, 65, 127, 200, 255])
            leftBins.Add(bin);
        using var partition = new RowPartition(rows, new WorkTeam(3, CancellationToken.None));
        partition.TakeAll();
        int start = rows / 10, count = rows - start - rows / 20;
        fixed (byte* bins = column)
        {
            int lefts = partition.Split(start, count, bins, leftBins);
            int[] leaf = [.. Enumerable.Range(start, count)];
            int[] expected = [.. leaf.Where(row => leftBins.Contains(column[row])), .. leaf.Where(row => !leftBins.Contains(column[row]))];
            Assert.Equal(leaf.Count(row => leftBins.Contains(column[row])), lefts);
            Assert.Equal([.. Enumerable.Range(0, start), .. expected, .. Enumerable.Range(start + count, rows - start - count)], new ReadOnlySpan<int>(partition.Rows, rows).ToArray());
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    public void PartitionKernel_NoRowsOrOneSide_Holds(int count, bool left)
    {
        byte[] column = [1];
        BinSet set = left ? BinSet.UpTo(1) : default;
        fixed (byte* bins = column)
        {
            Assert.Equal(0, PartitionKernel.Run(new int[count], bins, set, new int[count]));
            int[] parted = new int[3];
            Assert.Equal(left ? 3 : 0, PartitionKernel.Run(new int[3], bins, set, parted));
            Assert.Equal([0, 0, 0], parted);
        }
    }

    [Fact]
    public void TakeSample_ManyChunks_HoldsTheKeptRowsInOrder()
    {
        const int Rows = 50_000;
        var sampler = new RowSampler(0.3, seed: 11);
        using var partition = new RowPartition(Rows, new WorkTeam(3, CancellationToken.None));
        partition.TakeSample(sampler, tree: 4);
        Assert.Equal(Enumerable.Range(0, Rows).Where(row => sampler.Keeps(4, row)), new ReadOnlySpan<int>(partition.Rows, partition.Count).ToArray());
        Assert.InRange(partition.Count, 14_500, 15_500);
    }
}
