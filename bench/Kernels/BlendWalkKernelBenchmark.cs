using BenchmarkDotNet.Attributes;
using ChurnEngine.Models;

namespace ChurnEngine.Bench;

/// <summary>Codes of a block to the exit leaves of one tree. One operation is one row.</summary>
public unsafe class BlendWalkKernelBenchmark : IKernelBenchmark
{
    private const int Count = BlockLayout.Rows, Features = 30;
    private AlignedArray<BlendNode> _nodes = null!;
    private AlignedArray<byte> _workspace = null!;

    /// <summary>Leaves of the tree, which is perfect.</summary>
    [Params(32, 256)]
    public int Leaves { get; set; }

    int IKernelBenchmark.RowsPerCall => Count;

    // Each node reads a code and two choices.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Read, MachineLimit.L1, allCores: false), 3 * (Leaves - 1));

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
        var layout = new BlockLayout(Leaves, 0, encoder.Columns);
        var compiler = new BlendCompiler(layout, encoder);
        compiler.Add(tree);
        _nodes = AlignedArray<BlendNode>.Of(compiler.Nodes);
        _workspace = layout.Allocate(compiler.Slots);
        float[] rows = [.. Enumerable.Range(0, Count * Features).Select(_ => random.NextSingle())];
        fixed (float* first = rows)
            encoder.Encode(first, Count, _workspace.Start, layout);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar() => BlendWalkKernel.Scalar(_nodes.Start, _nodes.Length, _workspace.Start, Count);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Run() => BlendWalkKernel.Run(_nodes.Start, _nodes.Length, _workspace.Start, Count);
}
