namespace ChurnEngine.Trainer.Tests;

public unsafe class RowPartitionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5_000)]
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
    public void TakeSome_ManyChunks_HoldsTheKeptRowsInOrder()
    {
        const int Rows = 50_000;
        using var team = new WorkTeam(3, CancellationToken.None);
        using var partition = new RowPartition(Rows, team);
        partition.TakeSome((chunk, kept) =>
        {
            int[] rows = [.. Enumerable.Range(chunk.First, kept.Length).Where(Keeps)];
            rows.CopyTo(kept);
            return rows.Length;
        });
        Assert.Equal(Enumerable.Range(0, Rows).Where(Keeps), new ReadOnlySpan<int>(partition.Rows, partition.Count).ToArray());
        Assert.InRange(partition.Count, 14_500, 15_500);

        static bool Keeps(int row) => KeyedRandom.Unit(11, 4, (ulong)row) < 0.3;
    }
}
