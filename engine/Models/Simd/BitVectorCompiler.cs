namespace ChurnEngine.Models;

/// <summary>Where a compiled tree lies among all of them.</summary>
/// <param name="Node">Its first node.</param>
/// <param name="Plane">Its first count of nodes, one for each plane.</param>
/// <param name="Planes">Planes of its leaves.</param>
/// <param name="Lookups">Its first look-up, and how many.</param>
/// <param name="Value">Its first leaf value.</param>
internal readonly record struct BitVectorPlace(int Node, int Plane, int Planes, (int First, int Count) Lookups, int Value)
{
    /// <summary>Whether its leaf values are laid out for <see cref="LeafValueKernel"/>.</summary>
    public bool HasTable => Planes * BitVectorKernel.PlaneLeaves <= LeafValueKernel.MostLeaves;
}

/// <summary>Lays trees out for <see cref="BitVectorKernel"/>, one after the other.</summary>
internal sealed class BitVectorCompiler(TestPlacer placer)
{
    private readonly List<double> _leafValues = [];
    private List<BitVectorNode>[] _planes = [];
    private DecisionTree _tree = null!;

    public List<BitVectorNode> Nodes { get; } = [];

    public List<int> Counts { get; } = [];

    public List<double> Values { get; } = [];

    /// <summary>Adds a tree of at most <see cref="BitVectorKernel.MostLeaves"/> leaves.</summary>
    public BitVectorPlace Add(DecisionTree tree)
    {
        _tree = tree;
        placer.NextTree();
        _leafValues.Clear();
        _planes = [.. Enumerable.Range(0, (tree.LeafCount + BitVectorKernel.PlaneLeaves - 1) / BitVectorKernel.PlaneLeaves).Select(_ => new List<BitVectorNode>())];
        int firstLookup = placer.Lookups.Count;
        Number(tree.NodeCount == 0 ? ~0 : 0);
        var place = new BitVectorPlace(Nodes.Count, Counts.Count, _planes.Length, (firstLookup, placer.Lookups.Count - firstLookup), Values.Count);
        foreach (List<BitVectorNode> plane in _planes.Reverse())
        {
            Nodes.AddRange(plane);
            Counts.Add(plane.Count);
        }
        double[] table = new double[place.HasTable ? LeafValueKernel.TableLength : _leafValues.Count];
        if (place.HasTable)
            LeafValueKernel.Lay(_leafValues.ToArray(), table);
        else
            _leafValues.CopyTo(table);
        Values.AddRange(table);
        return place;
    }

    // Numbers the leaves below from left to right, and adds a node to each plane that its left subtree has leaves in.
    private void Number(int child)
    {
        if (child < 0)
        {
            _leafValues.Add(_tree.LeafValue[~child]);
            return;
        }
        (int codes, sbyte test) = placer.Place(_tree, child);
        int first = _leafValues.Count;
        Number(_tree.Left[child]);
        int end = _leafValues.Count;
        for (int plane = first / BitVectorKernel.PlaneLeaves; plane * BitVectorKernel.PlaneLeaves < end; plane++)
        {
            int from = Math.Max(0, first - plane * BitVectorKernel.PlaneLeaves), to = Math.Min(BitVectorKernel.PlaneLeaves, end - plane * BitVectorKernel.PlaneLeaves);
            _planes[plane].Add(new BitVectorNode(test, (byte)((1 << to) - (1 << from)), codes));
        }
        Number(_tree.Right[child]);
    }
}
