using BenchmarkDotNet.Attributes;
using ChurnEngine.Models;

namespace ChurnEngine.Bench;

/// <summary>Codes of a block to the exit leaves of one tree. One operation is one row.</summary>
public unsafe class BitVectorKernelBenchmark : IKernelBenchmark
{
    private const int Count = BlockLayout.Rows, Features = 30;
    private AlignedArray<BitVectorNode> _nodes = null!;
    private AlignedArray<int> _counts = null!;
    private AlignedArray<byte> _workspace = null!;
    private BlockLayout _layout = null!;

    /// <summary>Leaves of the tree, which is perfect.</summary>
    [Params(32, 512)]
    public int Leaves { get; set; }

    int IKernelBenchmark.RowsPerCall => Count;

    // Each node reads a code.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Read, MachineLimit.L1, allCores: false), Leaves - 1);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        int nodes = Leaves - 1;
        int[] Children(int side) => [.. Enumerable.Range(0, nodes).Select(node => 2 * node + side is var child && child < nodes ? child : ~(child - nodes))];
        var tree = new DecisionTree
        {
            Feature = [.. Enumerable.Range(0, nodes).Select(_ => random.Next(Features))],
            Threshold = [.. Enumerable.Range(0, nodes).Select(_ => random.NextSingle())],
            LeftCategories = new CategorySet?[nodes],
            MissingGoesLeft = [.. Enumerable.Range(0, nodes).Select(_ => random.Next(2) == 0)],
            Left = Children(1),
            Right = Children(2),
            LeafValue = new double[Leaves],
        };
        var encoder = new RowEncoder(new TreeEnsemble { FeatureCount = Features, BaseMargin = 0, Trees = [tree] });
        _layout = new BlockLayout(0, encoder.Columns);
        var compiler = new BitVectorCompiler(new TestPlacer(_layout, encoder));
        compiler.Add(tree);
        _nodes = AlignedArray<BitVectorNode>.Of(compiler.Nodes);
        _counts = AlignedArray<int>.Of(compiler.Counts);
        _workspace = _layout.Allocate();
        float[] rows = [.. Enumerable.Range(0, Count * Features).Select(_ => random.NextSingle())];
        fixed (float* first = rows)
            encoder.Encode(first, Count, _workspace.Start, _layout);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar() => BitVectorKernel.Scalar(Tree, _workspace.Start, _workspace.Start + _layout.Leaves, _workspace.Start + _layout.Planes, Count);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Run() => BitVectorKernel.Run(Tree, _workspace.Start, _workspace.Start + _layout.Leaves, _workspace.Start + _layout.Planes, Count);

    private BitVectorTree Tree => new(_nodes.Start, _counts.Start, _counts.Length);
}
