namespace ChurnEngine.Models;

/// <summary>The trees of an ensemble as one row sees them when only some features can change: tests of other features are decided, and what is left is small.</summary>
/// <remarks>
/// Trees that test a single feature that can change are added up into one table for it, so that a bound over a range of its values is exact for all of them together;
/// each other tree gives the least of the leaves that a box of values reaches.
/// </remarks>
internal sealed class CollapsedTrees
{
    private const double Slack = 1e-9;

    private readonly double _constant;
    private readonly double[][] _tables;
    private readonly Node[] _trees;

    public CollapsedTrees(TreeEnsemble ensemble, ReadOnlySpan<float> row, IReadOnlyList<CandidateValues> candidates)
    {
        _constant = ensemble.BaseMargin;
        _tables = [.. candidates.Select(candidate => new double[candidate.Values.Length])];
        int[] slots = new int[ensemble.FeatureCount];
        Array.Fill(slots, -1);
        for (int slot = 0; slot < candidates.Count; slot++)
            slots[candidates[slot].Action.Feature] = slot;
        List<Node> trees = [];
        float[] values = row.ToArray();
        foreach (DecisionTree tree in ensemble.Trees)
        {
            Node root = tree.NodeCount == 0 ? Leaf(tree.LeafValue[0]) : Collapse(tree, 0, values, slots, candidates);
            if (root.Slot < 0)
                _constant += root.Value;
            else if (OnlySlot(root) is >= 0 and int slot)
                AddTo(_tables[slot], root);
            else
                trees.Add(root);
        }
        _trees = [.. trees];
    }

    /// <summary>A bound: no combination of values in the box has a lower margin.</summary>
    /// <param name="low">[slots] first candidate.</param>
    /// <param name="high">[slots] last candidate.</param>
    /// <remarks>Lower than the sum by a little more than rounding.</remarks>
    public double LeastMargin(ReadOnlySpan<int> low, ReadOnlySpan<int> high)
    {
        double sum = _constant, size = Math.Abs(_constant);
        for (int slot = 0; slot < _tables.Length; slot++)
        {
            double least = double.PositiveInfinity;
            foreach (double value in _tables[slot].AsSpan(low[slot], high[slot] - low[slot] + 1))
                least = Math.Min(least, value);
            (sum, size) = (sum + least, size + Math.Abs(least));
        }
        foreach (Node tree in _trees)
        {
            double least = tree.Least(low, high);
            (sum, size) = (sum + least, size + Math.Abs(least));
        }
        return sum - Slack * (1 + size);
    }

    private static Node Collapse(DecisionTree tree, int node, float[] row, int[] slots, IReadOnlyList<CandidateValues> candidates)
    {
        if (node < 0)
            return Leaf(tree.LeafValue[~node]);
        int slot = slots[tree.Feature[node]];
        if (slot < 0)
            return Collapse(tree, tree.GoesLeft(node, row[tree.Feature[node]]) ? tree.Left[node] : tree.Right[node], row, slots, candidates);
        float[] values = candidates[slot].Values;
        int[] leftBefore = new int[values.Length + 1];
        for (int i = 0; i < values.Length; i++)
            leftBefore[i + 1] = leftBefore[i] + (tree.GoesLeft(node, values[i]) ? 1 : 0);
        if (leftBefore[^1] == 0)
            return Collapse(tree, tree.Right[node], row, slots, candidates);
        if (leftBefore[^1] == values.Length)
            return Collapse(tree, tree.Left[node], row, slots, candidates);
        return new Node(slot, 0, leftBefore, Collapse(tree, tree.Left[node], row, slots, candidates), Collapse(tree, tree.Right[node], row, slots, candidates));
    }

    private static Node Leaf(double value) => new(-1, value, [], null, null);

    // -1 when it tests more than one.
    private static int OnlySlot(Node node)
    {
        foreach (Node child in (Node[])[node.Left!, node.Right!])
        {
            if (child.Slot >= 0 && (child.Slot != node.Slot || OnlySlot(child) < 0))
                return -1;
        }
        return node.Slot;
    }

    private static void AddTo(double[] table, Node tree)
    {
        for (int i = 0; i < table.Length; i++)
        {
            Node node = tree;
            while (node.Slot >= 0)
                node = node.LeftBefore[i + 1] > node.LeftBefore[i] ? node.Left! : node.Right!;
            table[i] += node.Value;
        }
    }

    /// <summary>A test of a feature that can change, or a leaf, whose slot is -1.</summary>
    /// <param name="Slot">Which feature.</param>
    /// <param name="Value">Of a leaf.</param>
    /// <param name="LeftBefore">[n + 1] how many of the first candidates go left.</param>
    /// <param name="Left">Where those go.</param>
    /// <param name="Right">Where the others go.</param>
    private sealed record Node(int Slot, double Value, int[] LeftBefore, Node? Left, Node? Right)
    {
        public double Least(ReadOnlySpan<int> low, ReadOnlySpan<int> high)
        {
            if (Slot < 0)
                return Value;
            int count = high[Slot] - low[Slot] + 1, left = LeftBefore[high[Slot] + 1] - LeftBefore[low[Slot]];
            return left == 0 ? Right!.Least(low, high) : left == count ? Left!.Least(low, high) : Math.Min(Left!.Least(low, high), Right!.Least(low, high));
        }
    }
}
