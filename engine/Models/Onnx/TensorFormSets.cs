namespace ChurnEngine.Models;

/// <summary>The sets of category codes of an ensemble as rows of one table of 0 and 1.</summary>
/// <remarks>
/// <code>
///   no set      | 0 | 0 | 0 ... 0 |                as long as the longest row, so that any slot may be added to its offset 0
///   {0,2} of A  | 0 | 1 | 1 | 0 | 1 |              slots: not a code of the feature, missing, code 0, code 1, code 2
///   {1}   of A  | 0 | 1 | 0 | 1 | 0 |
/// </code>
/// A missing value has slot 1 in the half of the columns that goes left, and slot 0 in the other. Equal sets of one feature share a row.
/// </remarks>
internal sealed class TensorFormSets
{
    /// <summary>Entries of four bytes at most: a quarter of a gigabyte.</summary>
    public const int MostEntries = 1 << 26;

    /// <summary>Slots of a feature beside those of its codes.</summary>
    public const int SlotsBeside = 2;

    private readonly Dictionary<(int Feature, CategorySet Set), int> _offsets;

    private TensorFormSets(int[] codeCounts, Dictionary<(int, CategorySet), int> offsets, int[] table) => (CodeCounts, _offsets, Table) = (codeCounts, offsets, table);

    /// <summary>[F] one more than the greatest code in a set on each feature; 0 where it has none.</summary>
    public int[] CodeCounts { get; }

    /// <summary>The rows, one behind the other.</summary>
    public int[] Table { get; }

    /// <summary>True when any node asks for a set.</summary>
    public bool Any => _offsets.Count > 0;

    /// <summary>Where the row of a set begins; 0 for a node without one.</summary>
    public int OffsetOf(int feature, CategorySet? set) => set is null ? 0 : _offsets[(feature, set)];

    /// <param name="ensemble">The trees.</param>
    /// <param name="model">Their model, for the message.</param>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> CE5206 above <see cref="MostEntries"/>.</remarks>
    public static TensorFormSets Of(TreeEnsemble ensemble, ChurnModel model)
    {
        int[] codeCounts = new int[ensemble.FeatureCount];
        var keys = new HashSet<(int Feature, CategorySet Set)>();
        // In the order of the trees, so that the same model gives the same table.
        var order = new List<(int Feature, CategorySet Set)>();
        foreach (DecisionTree tree in ensemble.Trees)
        {
            for (int node = 0; node < tree.NodeCount; node++)
            {
                if (tree.LeftCategories[node] is not { } set || !keys.Add((tree.Feature[node], set)))
                    continue;
                order.Add((tree.Feature[node], set));
                if (set.Codes.Count > 0)
                    codeCounts[tree.Feature[node]] = Math.Max(codeCounts[tree.Feature[node]], set.Codes[^1] + 1);
            }
        }
        int longest = codeCounts.Max() + SlotsBeside;
        long entries = longest + order.Sum(key => (long)codeCounts[key.Feature] + SlotsBeside);
        return entries <= MostEntries ? Fill(codeCounts, order, (longest, (int)entries)) : throw ModelErrors.NoTensorForm(model, MostEntries, entries);
    }

    private static TensorFormSets Fill(int[] codeCounts, List<(int Feature, CategorySet Set)> order, (int Longest, int Entries) sizes)
    {
        var offsets = new Dictionary<(int, CategorySet), int>(order.Count);
        int[] table = new int[sizes.Entries];
        int next = sizes.Longest;
        foreach ((int feature, CategorySet set) in order)
        {
            offsets.Add((feature, set), next);
            table[next + 1] = 1;
            foreach (int code in set.Codes)
                table[next + SlotsBeside + code] = 1;
            next += codeCounts[feature] + SlotsBeside;
        }
        return new TensorFormSets(codeCounts, offsets, table);
    }
}
