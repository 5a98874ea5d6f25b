namespace ChurnEngine.Models.Tests;

public unsafe class BitVectorKernelTests
{
    private const int Slots = 24;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(33)]
    [InlineData(256)]
    public void Run_AnyLength_EqualsScalar(int planes)
    {
        var random = new Random(planes);
        int[] counts = [.. Enumerable.Range(0, planes).Select(_ => random.Next(12))];
        // No bit of the last leaf is ever taken away, as in a tree; so some leaf is always left.
        BitVectorNode[] nodes = [.. counts.SelectMany((count, i) => Enumerable.Range(0, count).Select(_ => new BitVectorNode((sbyte)random.Next(-128, 128), (byte)random.Next(i == 0 ? 128 : 256), random.Next(Slots) * 256)))];
        byte[] codes = new byte[Slots * 256];
        random.NextBytes(codes);
        foreach (int rows in (int[])[1, 15, 16, 31, 32, 63, 64, 65, 127, 128, 129, 192, 193, 255, 256])
        {
            byte[] leaves = new byte[256], planeOf = new byte[256], leavesScalar = new byte[256], planeOfScalar = new byte[256];
            fixed (BitVectorNode* node = nodes.Length == 0 ? new BitVectorNode[1] : nodes)
            fixed (int* count = counts)
            fixed (byte* c = codes, l = leaves, p = planeOf, ls = leavesScalar, ps = planeOfScalar)
            {
                BitVectorKernel.Run(new BitVectorTree(node, count, planes), c, l, p, rows);
                BitVectorKernel.Scalar(new BitVectorTree(node, count, planes), c, ls, ps, rows);
            }
            Assert.Equal(leavesScalar.AsSpan(0, rows), leaves.AsSpan(0, rows));
            Assert.Equal(planeOfScalar.AsSpan(0, rows), planeOf.AsSpan(0, rows));
        }
    }

    [Fact]
    public void Run_CodeAboveTheTest_TakesTheLeftLeavesAway()
    {
        byte[] workspace = new byte[256], leaves = new byte[256], planes = new byte[256];
        foreach ((int code, int test, int expected) in ((int, int, int)[])[(5, 5, 0), (6, 5, 3), (-128, -128, 0), (127, -128, 3), (-1, 0, 0), (1, -1, 3)])
        {
            workspace[0] = (byte)(sbyte)code;
            var node = new BitVectorNode((sbyte)test, 0b111, 0);
            int count = 1;
            fixed (byte* w = workspace, l = leaves, p = planes)
                BitVectorKernel.Run(new BitVectorTree(&node, &count, 1), w, l, p, 1);
            Assert.Equal((expected, 0), (leaves[0], planes[0]));
        }
    }

    // Here too, since only the tests of kernels run again at every instruction set.
    [Fact]
    public void CompiledTrees_AtThisInstructionSet_HaveTheBitsOfTheWalk()
    {
        for (int seed = 0; seed < 60; seed++)
            CompiledTreesTests.Check(seed, CompiledTreesTests.AnyShape(seed), 600);
    }
}
