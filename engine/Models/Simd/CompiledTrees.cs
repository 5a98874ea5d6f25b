using System.Collections.Concurrent;
using System.Runtime.Intrinsics;

namespace ChurnEngine.Models;

/// <summary>An ensemble laid out for blocks of rows: every margin has the bits of <see cref="TreeEnsemble.Margin"/>, many times sooner. Thread-safe.</summary>
/// <remarks>
/// 256 rows at a time: their values become codes, a byte each (<see cref="RowEncoder"/>); then tree after tree takes codes to exit leaves and adds the leaves' values in double.
/// Each tree has the form that was measured to be the fastest for its size (DECISIONS 39). Without vectors of 256 bits or more, and for the last few rows of a call, the ensemble's own walk runs.
/// Memory: about 40 bytes a node, and a workspace of some tens of kB for each caller at a time, kept for the next.
/// </remarks>
public sealed unsafe class CompiledTrees : IPredictor
{
    /// <summary>Up to here it is faster to visit every node without a branch than to walk down.</summary>
    internal const int MostBitVectorLeaves = 1024;

    // Fewer rows than this end sooner one by one.
    private const int LeastRows = 4;

    private readonly TreeEnsemble _ensemble;
    private readonly RowEncoder _encoder;
    private readonly BlockLayout _layout;
    private readonly Form[] _forms;
    private readonly AlignedArray<BitVectorNode> _nodes;
    private readonly AlignedArray<int> _counts;
    private readonly AlignedArray<double> _values;
    private readonly CategoryLookups _lookups;
    private readonly ConcurrentBag<AlignedArray<byte>> _workspaces = [];

    /// <summary>Compiles an ensemble.</summary>
    /// <param name="ensemble">Trees, any number of leaves each.</param>
    /// <remarks>Errors: <see cref="ArgumentException"/> when a walk of it could not end in a leaf.</remarks>
    public CompiledTrees(TreeEnsemble ensemble)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        if (EnsembleCheck.FirstFault(ensemble) is { } fault)
            throw new ArgumentException(fault, nameof(ensemble));
        _ensemble = ensemble;
        _encoder = new RowEncoder(ensemble);
        bool[] areBitVectors = [.. ensemble.Trees.Select(IsBitVectors)];
        _layout = new BlockLayout(ensemble.Trees.Where((_, tree) => areBitVectors[tree]).Select(tree => tree.CategoryTests).DefaultIfEmpty().Max(), _encoder.Columns);
        var placer = new TestPlacer(_layout, _encoder);
        var compiler = new BitVectorCompiler(placer);
        _forms = [.. ensemble.Trees.Select((tree, index) => areBitVectors[index] ? new Form(tree, compiler.Add(tree), null)
            : new Form(tree, null, tree.CategoryTests == 0 ? new CodeTree(tree, _layout, _encoder) : null))];
        _nodes = AlignedArray<BitVectorNode>.Of(compiler.Nodes);
        _counts = AlignedArray<int>.Of(compiler.Counts);
        _values = AlignedArray<double>.Of(compiler.Values);
        _lookups = new CategoryLookups(placer);
    }

    /// <inheritdoc/>
    public int FeatureCount => _ensemble.FeatureCount;

    /// <inheritdoc/>
    public double BaseMargin => _ensemble.BaseMargin;

    /// <summary>The fastest form of a predictor: compiled trees for a sum of trees, alone or in a stack, and itself for another.</summary>
    /// <param name="predictor">Any predictor.</param>
    public static IPredictor For(IPredictor predictor) => predictor switch
    {
        TreeEnsemble ensemble => new CompiledTrees(ensemble),
        StackedModel stack => new CompiledStack(stack),
        _ => predictor,
    };

    /// <inheritdoc/>
    public double Margin(ReadOnlySpan<float> row) => _ensemble.Margin(row);

    /// <inheritdoc/>
    public void Margins(ReadOnlySpan<float> rows, Span<double> margins)
    {
        margins.Fill(BaseMargin);
        Add(rows, margins);
    }

    /// <summary>Adds every tree's leaf value, in tree order, to what <paramref name="margins"/> holds.</summary>
    /// <param name="rows">[N * F] row-major values, NaN where missing.</param>
    /// <param name="margins">[N] sums so far.</param>
    /// <remarks>Memory: allocates nothing but a workspace for each caller at a time, once. Errors: <see cref="ArgumentException"/> when the lengths do not fit.</remarks>
    public void Add(ReadOnlySpan<float> rows, Span<double> margins)
    {
        if (rows.Length != (long)margins.Length * FeatureCount)
            throw new ArgumentException($"{rows.Length} values are not {margins.Length} rows of {FeatureCount} features", nameof(rows));
        int blocked = !Vector256.IsHardwareAccelerated ? 0 : margins.Length % BlockLayout.Rows < LeastRows ? margins.Length - margins.Length % BlockLayout.Rows : margins.Length;
        if (blocked > 0)
        {
            AlignedArray<byte> workspace = _workspaces.TryTake(out AlignedArray<byte>? kept) ? kept : _layout.Allocate();
            fixed (float* first = rows)
            {
                for (int start = 0; start < blocked; start += BlockLayout.Rows)
                {
                    Span<double> block = margins.Slice(start, Math.Min(BlockLayout.Rows, blocked - start));
                    AddBlock(first + (nint)start * FeatureCount, block, workspace.Start);
                }
            }
            _workspaces.Add(workspace);
        }
        _ensemble.Add(rows[(blocked * FeatureCount)..], margins[blocked..]);
    }

    /// <inheritdoc/>
    public IExplainer CreateExplainer() => CompiledShap.For(_ensemble);

    private bool IsBitVectors(DecisionTree tree) => tree.LeafCount <= MostBitVectorLeaves && _encoder.Covers(tree);

    private void AddBlock(float* rows, Span<double> margins, byte* workspace)
    {
        int count = margins.Length;
        _encoder.Encode(rows, count, workspace, _layout);
        // Whole vectors are added to: there is room for them here, behind the caller's last row there is none.
        var sums = (double*)(workspace + _layout.Margins);
        margins.CopyTo(new Span<double>(sums, count));
        foreach (ref readonly Form form in _forms.AsSpan())
        {
            if (form.BitVectors is { } place)
                AddBitVectors(place, workspace, sums, count);
            else if (form.Codes is { } codes)
                codes.Add(workspace, sums, count);
            else
                form.Tree.Add(new ReadOnlySpan<float>(rows, count * FeatureCount), FeatureCount, new Span<double>(sums, count));
        }
        new ReadOnlySpan<double>(sums, count).CopyTo(margins);
        GC.KeepAlive(this);
    }

    private void AddBitVectors(in BitVectorPlace place, byte* workspace, double* sums, int count)
    {
        _lookups.Run(place.Lookups, workspace, count);
        byte* leaves = workspace + _layout.Leaves, planes = workspace + _layout.Planes;
        BitVectorKernel.Run(new BitVectorTree(_nodes.Start + place.Node, _counts.Start + place.Plane, place.Planes), workspace, leaves, planes, count);
        double* values = _values.Start + place.Value;
        if (place.HasTable)
            LeafValueKernel.Run(leaves, values, sums, count);
        else
            AddMany(leaves, planes, values, new Span<double>(sums, count));
    }

    private static void AddMany(byte* leaves, byte* planes, double* values, Span<double> sums)
    {
        for (int row = 0; row < sums.Length; row++)
            sums[row] += values[planes[row] * BitVectorKernel.PlaneLeaves | leaves[row] % BitVectorKernel.PlaneLeaves];
    }

    // Neither: the tree's own walk on the values.
    private readonly record struct Form(DecisionTree Tree, BitVectorPlace? BitVectors, CodeTree? Codes);
}
