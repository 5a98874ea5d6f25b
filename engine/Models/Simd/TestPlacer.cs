namespace ChurnEngine.Models;

/// <summary>Finds, for each test of a tree, the byte of a row that it compares: a column of codes, or the outcome of a look-up of categories that is added here.</summary>
internal sealed class TestPlacer(BlockLayout layout, RowEncoder encoder)
{
    private int _predicates;

    /// <summary>Look-ups of all trees so far, in order; each tree's must run before its tests.</summary>
    public List<CategoryLookup> Lookups { get; } = [];

    /// <summary>Their tables, [256] u8 each.</summary>
    public List<byte> Tables { get; } = [];

    /// <summary>Starts another tree, whose outcomes may overwrite those of the one before.</summary>
    public void NextTree() => _predicates = 0;

    /// <summary>Offset of the bytes in the workspace, and the code above which a row goes right.</summary>
    public (int Codes, sbyte Test) Place(DecisionTree tree, int node)
    {
        int feature = tree.Feature[node];
        if (tree.LeftCategories[node] is not { } set)
        {
            (int column, sbyte test) = encoder.Numeric(feature).Find(tree.Threshold[node], tree.MissingGoesLeft[node]);
            return (layout.Codes(column), test);
        }
        int target = BlockLayout.Predicate(_predicates++);
        bool merges = false;
        foreach ((int column, byte[] table) in encoder.Categories(feature)!.Lookups(set, tree.MissingGoesLeft[node]))
        {
            Lookups.Add(new CategoryLookup(layout.Codes(column), target, Tables.Count, merges));
            Tables.AddRange(table);
            merges = true;
        }
        return (target, 0);
    }
}
