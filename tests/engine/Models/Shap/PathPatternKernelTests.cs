namespace ChurnEngine.Models.Tests;

public unsafe class PathPatternKernelTests
{
    private const int Columns = 24;

    [Theory]
    [InlineData(0, 0), InlineData(1, 1), InlineData(2, 3), InlineData(3, 8)]
    public void Run_AnyLength_EqualsScalar(int seed, int slots)
    {
        var random = new Random(seed);
        var steps = new List<PatternStep>();
        for (int slot = 0; slot < slots; slot++)
        {
            int count = random.Next(1, 4);
            for (int i = 0; i < count; i++)
                steps.Add(new PatternStep(random.Next(Columns) * 256, (sbyte)random.Next(-128, 128), random.Next(2) == 0, i + 1 < count ? (byte)0 : (byte)(1 << slot)));
        }
        byte[] codes = new byte[Columns * 256];
        random.NextBytes(codes);
        foreach (int rows in (int[])[1, 15, 16, 31, 32, 63, 64, 65, 127, 128, 129, 192, 193, 255, 256])
        {
            byte[] fast = new byte[256], scalar = new byte[256];
            fixed (PatternStep* step = steps.Count == 0 ? new PatternStep[1] : steps.ToArray())
            fixed (byte* c = codes, f = fast, s = scalar)
            {
                PathPatternKernel.Run(step, steps.Count, c, f, rows);
                PathPatternKernel.Scalar(step, steps.Count, c, s, rows);
            }
            Assert.Equal(scalar.AsSpan(0, rows), fast.AsSpan(0, rows));
        }
    }

    [Fact]
    public void Run_CodeAboveTheTest_IsOnTheRightPath()
    {
        byte[] workspace = new byte[256], patterns = new byte[256];
        foreach ((int code, int test, bool left, int expected) in ((int, int, bool, int)[])[(5, 5, true, 2), (6, 5, true, 0), (5, 5, false, 0), (6, 5, false, 2), (-128, -128, true, 2), (127, -128, false, 2)])
        {
            workspace[0] = (byte)(sbyte)code;
            var step = new PatternStep(0, (sbyte)test, left, 2);
            fixed (byte* w = workspace, p = patterns)
                PathPatternKernel.Run(&step, 1, w, p, 1);
            Assert.Equal(expected, patterns[0]);
        }
    }

    // Here too, since only the tests of kernels run again at every instruction set.
    [Fact]
    public void CompiledShap_AtThisInstructionSet_EqualsTreeShap() =>
        new CompiledShapTests().Explain_AnyEnsembleAndLength_EqualsTreeShap(3, 30, 31, 40);
}
