namespace ChurnEngine.Trainer.Tests;

public unsafe class PartitionKernelTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 70), 1000, 4096, 4100];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Run_AnyLength_EqualsScalar(int count)
    {
        var random = new Random(count);
        byte[] column = new byte[2 * count + 1];
        random.NextBytes(column);
        int[] rows = [.. Enumerable.Range(0, column.Length).Where(_ => random.Next(2) == 0).Take(count)];
        BinSet[] sets = [default, BinSet.UpTo(0), BinSet.UpTo(12), BinSet.UpTo(127), BinSet.UpTo(250), BinSet.UpTo(255), Odd()];
        foreach (BinSet set in sets)
        {
            int marked = PartitionKernel.MarksOf(rows.Length);
            ushort[] expectedMarks = new ushort[marked], marks = [.. Enumerable.Repeat((ushort)0xABCD, marked + 1)];
            int lefts;
            fixed (byte* codes = column)
            {
                lefts = PartitionKernel.MarkScalar(rows, codes, set, expectedMarks);
                Assert.Equal(lefts, PartitionKernel.Mark(rows, codes, set, marks.AsSpan(0, marked)));
            }
            Assert.Equal(rows.Count(row => set.Contains(column[row])), lefts);
            Assert.Equal(expectedMarks, marks[..^1]);
            Assert.Equal(0xABCD, marks[^1]);

            int[] expected = new int[rows.Length];
            PartitionKernel.Scalar(rows, expectedMarks, expected.AsSpan(0, lefts), expected.AsSpan(lefts));
            Assert.Equal([.. rows.Where(row => set.Contains(column[row])), .. rows.Where(row => !set.Contains(column[row]))], expected);
            // A place of its own for each side: neither may write behind its end, where another chunk's rows lie.
            int[] left = [.. Enumerable.Repeat(-77, lefts + 2)], right = [.. Enumerable.Repeat(-77, rows.Length - lefts + 2)];
            PartitionKernel.Move(rows, expectedMarks, left.AsSpan(1, lefts), right.AsSpan(1, rows.Length - lefts));
            Assert.Equal([-77, .. expected[..lefts], -77], left);
            Assert.Equal([-77, .. expected[lefts..], -77], right);
        }
    }

    [Fact]
    public void Scalar_KnownRows_BothSidesInOrder()
    {
        byte[] column = [5, 1, 9, 2, 7];
        int[] rows = [0, 1, 3, 4];
        ushort[] marks = new ushort[1];
        fixed (byte* codes = column)
            Assert.Equal(2, PartitionKernel.MarkScalar(rows, codes, BinSet.UpTo(2), marks));
        Assert.Equal(0b0110, marks[0]);
        int[] left = new int[2], right = new int[2];
        PartitionKernel.Scalar(rows, marks, left, right);
        Assert.Equal([1, 3], left);
        Assert.Equal([0, 4], right);
    }

    private static BinSet Odd()
    {
        var set = default(BinSet);
        for (int bin = 1; bin < 256; bin += 2)
            set.Add(bin);
        return set;
    }
}
