using System.Collections.Concurrent;

namespace ChurnEngine.Models;

/// <summary>The values of <see cref="TreeShap"/> for blocks of rows, many times sooner; or interventional ones, against a background sample. Thread-safe.</summary>
/// <remarks>
/// What a leaf gives to the features of its path depends only on which of those features let the row through: a pattern of a few bits. So all of it is computed
/// beforehand, a table of 2^d values for each of the d features of a path, and a row costs one look-up and one addition a leaf and feature:
/// <code>
///   rows -> codes -> tree by tree, leaf by leaf:  codes -> pattern [1024] u8 -> sums[feature][1024] += table[slot][pattern]
/// </code>
/// Trees with a path of more than <see cref="MostSlots"/> features, and those that no longer fit into <see cref="MostTableBytes"/>, are walked row by row.
/// Sums are in double, tree after tree, leaf after leaf: the same bits with every instruction set. Memory: about a kB a leaf and feature of its path.
/// Source: Yang 2021 (Fast TreeSHAP, version 2) for tables of patterns; Nadel and Wettenstein 2025 (WOODELF) for the same tables with a background.
/// </remarks>
public sealed unsafe class CompiledShap : IExplainer
{
    /// <summary>Features on a path up to which it is laid out: 64 kB a feature there. Leaf-wise trees of 31 leaves have a few paths of eleven to thirteen.</summary>
    internal const int MostSlots = 13;

    /// <summary>What the tables of a model may take.</summary>
    internal const long MostTableBytes = 512L << 20;

    // A tree's tables stay in the second-level cache while so many rows pass.
    private const int Blocks = 4;

    private readonly RowEncoder _encoder;
    private readonly BlockLayout _layout;
    private readonly ShapTables _tables;
    private readonly IExplainer? _walk;
    private readonly ConcurrentBag<Workspace> _workspaces = [];

    private CompiledShap(TreeEnsemble ensemble, ILeafValues values, double expected, Func<TreeEnsemble, IExplainer> walk)
    {
        FeatureCount = ensemble.FeatureCount;
        ExpectedMargin = expected;
        _encoder = new RowEncoder(ensemble);
        _layout = new BlockLayout(ensemble.Trees.Where(_encoder.Covers).Select(tree => tree.CategoryTests).DefaultIfEmpty().Max(), _encoder.Columns);
        _tables = new ShapTables(ensemble, values, new TestPlacer(_layout, _encoder), _encoder.Covers);
        if (_tables.Left.Count > 0)
            _walk = walk(new TreeEnsemble { FeatureCount = FeatureCount, BaseMargin = 0, Trees = _tables.Left });
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public double ExpectedMargin { get; }

    /// <summary>The fastest explainer of a predictor whose unknown features are averaged over the training rows.</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> CE5901 when a tree has no covers.</remarks>
    public static IExplainer For(IPredictor predictor)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        return predictor is TreeEnsemble ensemble ? new CompiledShap(ensemble, new PathDependentValues(), new TreeShap(ensemble).ExpectedMargin, left => new TreeShap(left)) : predictor.CreateExplainer();
    }

    /// <summary>The values of <see cref="InterventionalShap"/>, sooner.</summary>
    /// <param name="ensemble">Trees; covers are not needed.</param>
    /// <param name="background">[B * F] row-major values, B 1 and up. Rows cost nothing once the tables are made, but where a tree must be walked.</param>
    /// <remarks>Errors: ArgumentException without a whole row.</remarks>
    public static CompiledShap Interventional(TreeEnsemble ensemble, ReadOnlyMemory<float> background)
    {
        var definition = new InterventionalShap(ensemble, background);
        return new CompiledShap(ensemble, new InterventionalValues(ensemble, background), definition.ExpectedMargin, left => new InterventionalShap(left, background));
    }

    /// <inheritdoc/>
    /// <remarks>Memory: allocates nothing but a workspace for each caller at a time, once. Errors: ArgumentException when the lengths do not fit.</remarks>
    public void Explain(ReadOnlySpan<float> rows, Span<double> contributions)
    {
        ShapErrors.CheckLengths(rows.Length, contributions.Length, FeatureCount);
        if (rows.IsEmpty)
            return;
        Workspace workspace = _workspaces.TryTake(out Workspace? kept) ? kept : new Workspace(_layout, FeatureCount);
        int most = Blocks * BlockLayout.Rows * FeatureCount;
        for (int start = 0; start < rows.Length; start += most)
        {
            int length = Math.Min(most, rows.Length - start);
            Explain(rows.Slice(start, length), contributions.Slice(start, length), workspace);
        }
        _workspaces.Add(workspace);
    }

    private void Explain(ReadOnlySpan<float> rows, Span<double> contributions, Workspace workspace)
    {
        int count = rows.Length / FeatureCount;
        fixed (float* first = rows)
        {
            for (int row = 0; row < count; row += BlockLayout.Rows)
                _encoder.Encode(first + (nint)row * FeatureCount, Math.Min(BlockLayout.Rows, count - row), workspace.Codes(row), _layout);
        }
        workspace.Sums.Span.Clear();
        for (int tree = 0; tree < _tables.TreeCount; tree++)
        {
            for (int row = 0; row < count; row += BlockLayout.Rows)
                _tables.Add(tree, new ShapBlock(workspace.Codes(row), workspace.Sums.Start + row, Blocks * BlockLayout.Rows, Math.Min(BlockLayout.Rows, count - row)), _layout);
        }
        if (_walk is not null)
            _walk.Explain(rows, contributions);
        else
            contributions.Clear();
        for (int row = 0; row < count; row++)
        {
            for (int feature = 0; feature < FeatureCount; feature++)
                contributions[row * FeatureCount + feature] += workspace.Sums.Start[feature * Blocks * BlockLayout.Rows + row];
        }
        GC.KeepAlive(this);
        GC.KeepAlive(workspace);
    }

    /// <summary>The bytes of a few blocks of rows, and their sums: [F][rows] f64.</summary>
    private sealed class Workspace(BlockLayout layout, int features)
    {
        private readonly AlignedArray<byte>[] _codes = [.. Enumerable.Range(0, Blocks).Select(_ => layout.Allocate())];

        public AlignedArray<double> Sums { get; } = new(features * Blocks * BlockLayout.Rows);

        public byte* Codes(int row) => _codes[row / BlockLayout.Rows].Start;
    }
}
