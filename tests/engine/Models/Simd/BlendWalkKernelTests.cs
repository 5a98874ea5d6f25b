namespace ChurnEngine.Models.Tests;

public unsafe class BlendWalkKernelTests
{
    private const int Slots = 24;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(300)]
    public void Run_AnyLength_EqualsScalar(int nodeCount)
    {
        var random = new Random(nodeCount);
        // Targets among the same slots as choices: what a node reads may be what it writes.
        BlendNode[] nodes = [.. Enumerable.Range(0, nodeCount).Select(_ => new BlendNode((sbyte)random.Next(-128, 128), Slot(random), Slot(random), Slot(random), Slot(random)))];
        byte[] before = new byte[Slots * 256];
        random.NextBytes(before);
        foreach (int rows in (int[])[1, 15, 16, 31, 32, 63, 64, 65, 127, 128, 129, 192, 193, 255, 256])
        {
            byte[] fast = [.. before], scalar = [.. before];
            fixed (BlendNode* node = nodes)
            fixed (byte* f = fast, s = scalar)
            {
                BlendWalkKernel.Run(node, nodeCount, f, rows);
                BlendWalkKernel.Scalar(node, nodeCount, s, rows);
            }
            for (int slot = 0; slot < Slots; slot++)
                Assert.Equal(scalar.AsSpan(slot * 256, rows), fast.AsSpan(slot * 256, rows));
        }
    }

    [Fact]
    public void Run_NodeOfOneRow_GoesRightAboveItsTest()
    {
        byte[] workspace = new byte[4 * 256];
        workspace[256] = 7;
        workspace[512] = 9;
        foreach ((int code, int test, int expected) in ((int, int, int)[])[(5, 5, 7), (6, 5, 9), (-128, -128, 7), (127, -128, 9), (-1, 0, 7), (1, -1, 9)])
        {
            workspace[0] = (byte)(sbyte)code;
            var node = new BlendNode((sbyte)test, 0, 256, 512, 768);
            fixed (byte* w = workspace)
                BlendWalkKernel.Run(&node, 1, w, 1);
            Assert.Equal(expected, workspace[768]);
        }
    }

    // Here too, since only the tests of kernels run again at every instruction set.
    [Fact]
    public void CompiledTrees_AtThisInstructionSet_HaveTheBitsOfTheWalk()
    {
        for (int seed = 0; seed < 60; seed++)
            CompiledTreesTests.Check(seed, CompiledTreesTests.AnyShape(seed), 600);
    }

    private static int Slot(Random random) => random.Next(Slots) * 256;
}
