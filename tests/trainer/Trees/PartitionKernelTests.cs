namespace ChurnEngine.Trainer.Tests;

public unsafe class PartitionKernelTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 40), 1000, 16_384];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Run_AnyLength_EqualsScalar(int count)
    {
        var random = new Random(count);
        byte[] column = new byte[2 * count + 1];
        random.NextBytes(column);
        int[] rows = [.. Enumerable.Range(0, column.Length).Where(_ => random.Next(2) == 0).Take(count)];
        BinSet[] sets = [default, BinSet.UpTo(0), BinSet.UpTo(127), BinSet.UpTo(255), Odd()];
        foreach (BinSet set in sets)
        {
            int[] expected = new int[rows.Length], room = new int[rows.Length + 2];
            room[0] = room[^1] = -77;
            fixed (byte* bins = column)
            {
                int lefts = PartitionKernel.Scalar(rows, bins, set, expected);
                Assert.Equal(lefts, PartitionKernel.Run(rows, bins, set, room.AsSpan(1, rows.Length)));
            }
            Assert.Equal(expected, room[1..^1]);
            Assert.Equal((-77, -77), (room[0], room[^1]));
        }
    }

    [Fact]
    public void Scalar_KnownRows_LeftsInOrderRightsBackwards()
    {
        byte[] column = [5, 1, 9, 2, 7];
        int[] parted = new int[4];
        fixed (byte* bins = column)
            Assert.Equal(2, PartitionKernel.Scalar([0, 1, 3, 4], bins, BinSet.UpTo(2), parted));
        Assert.Equal([1, 3, 4, 0], parted);
    }

    private static BinSet Odd()
    {
        var set = default(BinSet);
        for (int bin = 1; bin < 256; bin += 2)
            set.Add(bin);
        return set;
    }
}
