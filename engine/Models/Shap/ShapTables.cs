namespace ChurnEngine.Models;

/// <summary>A block of rows that contributions are summed for.</summary>
/// <param name="codes">Its workspace, encoded.</param>
/// <param name="sums">[F][stride] f64, from the block's first row on.</param>
/// <param name="stride">Rows from one feature to the next.</param>
/// <param name="rows">1 to 256.</param>
internal readonly unsafe struct ShapBlock(byte* codes, double* sums, int stride, int rows)
{
    public readonly byte* Codes = codes;
    public readonly double* Sums = sums;
    public readonly int Stride = stride;
    public readonly int Rows = rows;
}

/// <summary>Per tree and leaf: the tests of its path, and for each feature of the path the values by pattern.</summary>
internal sealed unsafe class ShapTables
{
    // Patterns of six slots fit into a register of LeafValueKernel's, of eight into a few; more are looked up one by one.
    private const int RegisterSlots = 6, ByteSlots = 8;

    private readonly List<TreeRange> _trees = [];
    private readonly LeafRange[] _leaves;
    private readonly SlotTable[] _slots;
    private readonly CategoryLookups _lookups;
    private readonly AlignedArray<PatternStep> _steps;
    private readonly AlignedArray<double> _values;

    /// <param name="ensemble">Trees.</param>
    /// <param name="leafValues">What each leaf gives.</param>
    /// <param name="placer">Where tests find their bytes.</param>
    /// <param name="isEncoded">Whether all tests of a tree have bytes.</param>
    public ShapTables(TreeEnsemble ensemble, ILeafValues leafValues, TestPlacer placer, Func<DecisionTree, bool> isEncoded)
    {
        var leaves = new List<LeafRange>();
        var slots = new List<SlotTable>();
        var steps = new List<PatternStep>();
        var chunks = new List<double[]>();
        long values = 0;
        for (int index = 0; index < ensemble.Trees.Count; index++)
        {
            DecisionTree tree = ensemble.Trees[index];
            IReadOnlyList<LeafPath> paths = LeafPath.Of(tree);
            long needed = paths.Sum(path => (long)path.Slots * TableLength(path.Slots));
            if (!isEncoded(tree) || paths.Max(path => path.Slots) > CompiledShap.MostSlots || (values + needed) * sizeof(double) > CompiledShap.MostTableBytes)
            {
                Left.Add(tree);
                continue;
            }
            placer.NextTree();
            int firstLookup = placer.Lookups.Count, firstLeaf = leaves.Count;
            (int Codes, sbyte Test)[] tests = [.. Enumerable.Range(0, tree.NodeCount).Select(node => placer.Place(tree, node))];
            foreach (LeafPath path in paths.Where(path => path.Slots > 0))
            {
                var leaf = new LeafRange(steps.Count, 0, 0, slots.Count, path.Slots);
                for (int slot = 0; slot < path.Slots; slot++)
                {
                    foreach (PathStep step in path.Steps[slot])
                        steps.Add(new PatternStep(tests[step.Node].Codes, tests[step.Node].Test, step.Left, step == path.Steps[slot][^1] ? (byte)(1 << slot % ByteSlots) : (byte)0));
                    leaf = slot < ByteSlots ? leaf with { Low = steps.Count - leaf.Step } : leaf with { High = steps.Count - leaf.Step - leaf.Low };
                    slots.Add(new SlotTable(path.Features[slot], values + (long)slot * TableLength(path.Slots)));
                }
                leaves.Add(leaf);
                chunks.Add(Lay(path, index, leafValues));
                values += chunks[^1].Length;
            }
            _trees.Add(new TreeRange((firstLookup, placer.Lookups.Count - firstLookup), firstLeaf, leaves.Count));
        }
        (_leaves, _slots, _lookups, _steps) = ([.. leaves], [.. slots], new CategoryLookups(placer), AlignedArray<PatternStep>.Of(steps));
        _values = new AlignedArray<double>(checked((int)values));
        int next = 0;
        foreach (double[] chunk in chunks)
        {
            chunk.CopyTo(_values.Span[next..]);
            next += chunk.Length;
        }
    }

    /// <summary>Trees that have tables.</summary>
    public int TreeCount => _trees.Count;

    /// <summary>Trees that have none.</summary>
    public List<DecisionTree> Left { get; } = [];

    /// <summary>Adds what a tree gives to the rows of a block.</summary>
    public void Add(int tree, in ShapBlock block, BlockLayout layout)
    {
        TreeRange range = _trees[tree];
        _lookups.Run(range.Lookups, block.Codes, block.Rows);
        byte* low = block.Codes + layout.Leaves, high = block.Codes + layout.Planes;
        foreach (ref readonly LeafRange leaf in _leaves.AsSpan(range.FirstLeaf..range.EndLeaf))
        {
            PathPatternKernel.Run(_steps.Start + leaf.Step, leaf.Low, block.Codes, low, block.Rows);
            if (leaf.High > 0)
                PathPatternKernel.Run(_steps.Start + leaf.Step + leaf.Low, leaf.High, block.Codes, high, block.Rows);
            foreach (ref readonly SlotTable slot in _slots.AsSpan(leaf.Slot, leaf.Slots))
            {
                double* sums = block.Sums + (nint)slot.Feature * block.Stride, values = _values.Start + slot.Value;
                if (leaf.Slots <= RegisterSlots)
                    LeafValueKernel.Run(low, values, sums, block.Rows);
                else if (leaf.Slots <= ByteSlots)
                    WideValueKernel.Run(low, values, leaf.Slots == ByteSlots, sums, block.Rows);
                else
                    AddWide(low, high, values, sums, block.Rows);
            }
        }
    }

    private static void AddWide(byte* low, byte* high, double* values, double* sums, int rows)
    {
        for (int row = 0; row < rows; row++)
            sums[row] += values[high[row] << ByteSlots | low[row]];
    }

    private static int TableLength(int slots) => slots <= RegisterSlots ? LeafValueKernel.TableLength : slots <= ByteSlots ? WideValueKernel.TableLength(1 << slots) : 1 << slots;

    private static double[] Lay(LeafPath path, int tree, ILeafValues leafValues)
    {
        int patterns = 1 << path.Slots, length = TableLength(path.Slots);
        double[] table = new double[path.Slots * patterns];
        leafValues.Fill(tree, path, table);
        if (length == patterns)
            return table;
        double[] laid = new double[path.Slots * length];
        for (int slot = 0; slot < path.Slots; slot++)
        {
            ReadOnlySpan<double> values = table.AsSpan(slot * patterns, patterns);
            if (path.Slots <= RegisterSlots)
                LeafValueKernel.Lay(values, laid.AsSpan(slot * length, length));
            else
                WideValueKernel.Lay(values, laid.AsSpan(slot * length, length));
        }
        return laid;
    }

    private readonly record struct TreeRange((int First, int Count) Lookups, int FirstLeaf, int EndLeaf);

    /// <param name="Step">First step.</param>
    /// <param name="Low">Steps of the first eight slots.</param>
    /// <param name="High">Steps of those after.</param>
    /// <param name="Slot">First slot.</param>
    /// <param name="Slots">How many.</param>
    private readonly record struct LeafRange(int Step, int Low, int High, int Slot, int Slots);

    private readonly record struct SlotTable(int Feature, long Value);
}
