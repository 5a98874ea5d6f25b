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
            var range = new RowRange(start, count, 0);
            int lefts = partition.Split(range, bins, leftBins);
            int[] leaf = [.. Enumerable.Range(start, count)];
            int[] expected = [.. leaf.Where(row => leftBins.Contains(column[row])), .. leaf.Where(row => !leftBins.Contains(column[row]))];
            Assert.Equal(leaf.Count(row => leftBins.Contains(column[row])), lefts);
            Assert.Equal(expected, partition.Of(range with { Side = 1 }).ToArray());
            Assert.Equal([.. Enumerable.Range(0, start), .. Enumerable.Range(start + count, rows - start - count)],
                [.. partition.Of(new RowRange(0, start, 0)), .. partition.Of(new RowRange(start + count, rows - start - count, 0))]);

            // Back to the first list, around which nothing has changed.
            var left = new RowRange(start, lefts, 1);
            var others = BinSet.UpTo(100);
            int leftLefts = partition.Split(left, bins, others);
            int[] again = [.. leaf.Where(row => leftBins.Contains(column[row]))];
            Assert.Equal([.. again.Where(row => others.Contains(column[row])), .. again.Where(row => !others.Contains(column[row]))], partition.Of(left with { Side = 0 }).ToArray());
            Assert.Equal(again.Count(row => others.Contains(column[row])), leftLefts);
            Assert.Equal(expected[lefts..], partition.Of(new RowRange(start + lefts, count - lefts, 1)).ToArray());
            Assert.Equal([.. Enumerable.Range(0, start), .. Enumerable.Range(start + count, rows - start - count)],
                [.. partition.Of(new RowRange(0, start, 0)), .. partition.Of(new RowRange(start + count, rows - start - count, 0))]);
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
        Assert.Equal(Enumerable.Range(0, Rows).Where(Keeps), partition.Of(partition.All).ToArray());
        Assert.InRange(partition.Count, 14_500, 15_500);

        static bool Keeps(int row) => KeyedRandom.Unit(11, 4, (ulong)row) < 0.3;
    }
}
