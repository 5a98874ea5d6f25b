namespace ChurnEngine.Models;

/// <summary>What the places of some trees test: a column, a threshold, and the row of a set.</summary>
/// <remarks>A place where nothing is to be tested, such as a leaf, has a threshold that nothing is below and the row of no set: its bit is 0.</remarks>
internal sealed class TensorFormTables(int featureCount, TensorFormSets sets, int capacity = 0)
{
    private readonly List<int> _columns = new(capacity);
    private readonly List<float> _thresholds = new(capacity);
    private readonly List<int> _setOffsets = new(capacity);

    /// <summary>[places] column of the doubled features.</summary>
    public int[] Columns => [.. _columns];

    /// <summary>[places] threshold; NaN at a set, and where nothing is tested.</summary>
    public float[] Thresholds => [.. _thresholds];

    /// <summary>[places] where the row of a place's set begins; 0 for none.</summary>
    public int[] SetOffsets => [.. _setOffsets];

    /// <summary>True when a place asks for a set.</summary>
    public bool HasSets { get; private set; }

    /// <summary>Adds an interior node.</summary>
    public void Add(DecisionTree tree, int node)
    {
        CategorySet? set = tree.LeftCategories[node];
        HasSets |= set is not null;
        _columns.Add(tree.MissingGoesLeft[node] ? tree.Feature[node] : featureCount + tree.Feature[node]);
        _thresholds.Add(set is null ? tree.Threshold[node] : float.NaN);
        _setOffsets.Add(sets.OffsetOf(tree.Feature[node], set));
    }

    /// <summary>Adds a place where nothing is tested.</summary>
    public void AddNone()
    {
        _columns.Add(featureCount);
        _thresholds.Add(float.NaN);
        _setOffsets.Add(0);
    }
}

/// <summary>Trees padded to perfect ones of one depth: place p of level d has its children at 2p (right) and 2p + 1 (left) of the next, tree after tree.</summary>
/// <param name="Levels">[depth] tables of T * 2^d places.</param>
/// <param name="Leaves">[T * 2^depth] values; a leaf above the last level is there once for every path below it.</param>
internal sealed record PerfectTrees(IReadOnlyList<TensorFormTables> Levels, double[] Leaves)
{
    /// <param name="trees">T trees, none deeper than <paramref name="depth"/>.</param>
    /// <param name="depth">1 and up.</param>
    /// <param name="featureCount">F.</param>
    /// <param name="sets">Rows of their sets.</param>
    public static PerfectTrees Of(IReadOnlyList<DecisionTree> trees, int depth, int featureCount, TensorFormSets sets)
    {
        int[] places = [.. trees.Select(tree => tree.NodeCount == 0 ? ~0 : 0)];
        var levels = new TensorFormTables[depth];
        for (int level = 0; level < depth; level++)
        {
            levels[level] = new TensorFormTables(featureCount, sets, places.Length);
            int[] below = new int[2 * places.Length];
            for (int i = 0; i < places.Length; i++)
            {
                DecisionTree tree = trees[i >> level];
                int place = places[i];
                if (place >= 0)
                    levels[level].Add(tree, place);
                else
                    levels[level].AddNone();
                below[2 * i] = place >= 0 ? tree.Right[place] : place;
                below[2 * i + 1] = place >= 0 ? tree.Left[place] : place;
            }
            places = below;
        }
        return new PerfectTrees(levels, [.. places.Select((place, i) => trees[i >> depth].LeafValue[~place])]);
    }
}

/// <summary>Trees of any depth in one table: the T roots first, then the children of each place side by side, the right one first.</summary>
/// <param name="Tables">What each place tests.</param>
/// <param name="FirstChildren">[places] where the children of a place begin; of a leaf, itself.</param>
/// <param name="Leaves">[places] value of a leaf; 0 of another place.</param>
internal sealed record LinkedTrees(TensorFormTables Tables, int[] FirstChildren, double[] Leaves)
{
    /// <param name="trees">T trees.</param>
    /// <param name="featureCount">F.</param>
    /// <param name="sets">Rows of their sets.</param>
    public static LinkedTrees Of(IReadOnlyList<DecisionTree> trees, int featureCount, TensorFormSets sets)
    {
        var places = new List<(DecisionTree Tree, int Place)>();
        foreach (DecisionTree tree in trees)
            places.Add((tree, tree.NodeCount == 0 ? ~0 : 0));
        var tables = new TensorFormTables(featureCount, sets);
        var firstChildren = new List<int>();
        var leaves = new List<double>();
        // The list grows while it is walked: level after level.
        for (int i = 0; i < places.Count; i++)
        {
            (DecisionTree tree, int place) = places[i];
            leaves.Add(place >= 0 ? 0 : tree.LeafValue[~place]);
            firstChildren.Add(place >= 0 ? places.Count : i);
            if (place < 0)
            {
                tables.AddNone();
                continue;
            }
            tables.Add(tree, place);
            places.Add((tree, tree.Right[place]));
            places.Add((tree, tree.Left[place]));
        }
        return new LinkedTrees(tables, [.. firstChildren], [.. leaves]);
    }
}
