namespace ChurnEngine.Models;

/// <summary>One look-up of categories before a tree's nodes run.</summary>
/// <param name="Codes">Offset of the codes in the workspace.</param>
/// <param name="Target">Offset of the outcome.</param>
/// <param name="Table">Offset of the table among all tables.</param>
/// <param name="Merges">Whether the test has looked elsewhere before.</param>
internal readonly record struct CategoryLookup(int Codes, int Target, int Table, bool Merges);

/// <summary>A tree as <see cref="BlendWalkKernel"/> runs it.</summary>
/// <param name="Nodes">Place and number of its nodes among all nodes; likewise its look-ups.</param>
/// <param name="Lookups">As with nodes.</param>
/// <param name="Low">Offset of the low bytes of the exit leaves.</param>
/// <param name="High">Offset of their high bytes; negative where all are 0.</param>
/// <param name="Values">Place of its leaf values among all values.</param>
/// <param name="HasPlanes">Whether they are laid out for <see cref="LeafValueKernel"/>.</param>
internal readonly record struct BlendTree((int First, int Count) Nodes, (int First, int Count) Lookups, int Low, int High, int Values, bool HasPlanes);

/// <summary>Lays trees out for <see cref="BlendWalkKernel"/>, one after the other.</summary>
internal sealed class BlendCompiler(BlockLayout layout, RowEncoder encoder)
{
    private readonly Stack<int> _free = new();
    private readonly List<double> _leafValues = [];
    private DecisionTree _tree = null!;
    private int[] _need = [];
    private int _predicates;

    public List<BlendNode> Nodes { get; } = [];

    public List<CategoryLookup> Lookups { get; } = [];

    public List<byte> Tables { get; } = [];

    public List<double> Values { get; } = [];

    /// <summary>Results alive at a time, at most, over all trees so far.</summary>
    public int Slots { get; private set; }

    /// <summary>Adds a tree.</summary>
    public BlendTree Add(DecisionTree tree)
    {
        (_tree, _need, _predicates) = (tree, Needs(tree), 0);
        _leafValues.Clear();
        _free.Clear();
        for (int slot = Slots; slot > 0; slot--)
            _free.Push(layout.Result(slot - 1));
        int firstNode = Nodes.Count, firstLookup = Lookups.Count, firstValue = Values.Count;
        Choice root = Emit(tree.NodeCount == 0 ? ~0 : 0);
        bool hasPlanes = _leafValues.Count <= LeafValueKernel.PlaneLeaves;
        double[] table = new double[hasPlanes ? LeafValueKernel.TableLength : _leafValues.Count];
        if (hasPlanes)
            LeafValueKernel.Lay(_leafValues.ToArray(), table);
        else
            _leafValues.CopyTo(table);
        Values.AddRange(table);
        return new BlendTree((firstNode, Nodes.Count - firstNode), (firstLookup, Lookups.Count - firstLookup), root.Low, root.IsWide ? root.High : -1, firstValue, hasPlanes);
    }

    // Leaves are numbered from left to right, in two bytes. The high byte is one and the same below most nodes; only the others choose it as well.
    private Choice Emit(int child)
    {
        if (child < 0)
        {
            int leaf = _leafValues.Count;
            _leafValues.Add(_tree.LeafValue[~child]);
            return new Choice(BlockLayout.Constant(leaf & 0xFF), BlockLayout.Constant(leaf >> 8));
        }
        (int column, sbyte test) = Test(child);
        Choice left, right;
        // Leaf numbers follow the order of visits, which need not be that of the tree: the side that needs more slots goes first, while all are free.
        if (Need(_need, _tree.Right[child]) > Need(_need, _tree.Left[child]))
        {
            right = Emit(_tree.Right[child]);
            left = Emit(_tree.Left[child]);
        }
        else
        {
            left = Emit(_tree.Left[child]);
            right = Emit(_tree.Right[child]);
        }
        return new Choice(Blend(column, test, left.Low, right.Low), left.High == right.High ? left.High : Blend(column, test, left.High, right.High));
    }

    private int Blend(int codes, sbyte test, int left, int right)
    {
        // What is read here is read nowhere else: its slot can take the outcome.
        if (left >= layout.Results)
            _free.Push(left);
        if (right >= layout.Results)
            _free.Push(right);
        if (!_free.TryPop(out int target))
            target = layout.Result(Slots++);
        Nodes.Add(new BlendNode(test, codes, left, right, target));
        return target;
    }

    private (int Codes, sbyte Test) Test(int node)
    {
        int feature = _tree.Feature[node];
        if (_tree.LeftCategories[node] is not { } set)
        {
            (int column, sbyte test) = encoder.Numeric(feature).Find(_tree.Threshold[node], _tree.MissingGoesLeft[node]);
            return (layout.Codes(column), test);
        }
        int target = layout.Predicate(_predicates++);
        bool merges = false;
        foreach ((int column, byte[] table) in encoder.Categories(feature)!.Lookups(set, _tree.MissingGoesLeft[node]))
        {
            Lookups.Add(new CategoryLookup(layout.Codes(column), target, Tables.Count, merges));
            Tables.AddRange(table);
            merges = true;
        }
        return (target, 0);
    }

    // Children may stand before their parents, so numbers settle on the way back up.
    private static int[] Needs(DecisionTree tree)
    {
        int[] need = new int[tree.NodeCount];
        var path = new Stack<(int Node, bool IsDone)>();
        if (tree.NodeCount > 0)
            path.Push((0, false));
        while (path.TryPop(out (int Node, bool IsDone) step))
        {
            (int left, int right) = (tree.Left[step.Node], tree.Right[step.Node]);
            if (step.IsDone)
            {
                // Two sides that need as much: one outcome must be kept while the other side is worked out.
                (int ofLeft, int ofRight) = (Need(need, left), Need(need, right));
                need[step.Node] = ofLeft == ofRight ? ofLeft + 1 : Math.Max(ofLeft, ofRight);
                continue;
            }
            path.Push((step.Node, true));
            if (left >= 0)
                path.Push((left, false));
            if (right >= 0)
                path.Push((right, false));
        }
        return need;
    }

    // Slots that a subtree needs at least: its Strahler number.
    private static int Need(int[] need, int child) => child < 0 ? 0 : need[child];

    private readonly record struct Choice(int Low, int High)
    {
        public bool IsWide => High != BlockLayout.Constant(0);
    }
}
