using ChurnEngine.Models.Onnx;

namespace ChurnEngine.Models;

/// <summary>Adds the nodes of a <see cref="TensorForm"/>: from the features to the sum of the leaves.</summary>
internal sealed class TensorFormGraph(GraphProto graph, int featureCount, TensorFormSets sets)
{
    private const string Columns = "columns", Codes = "column_codes", SetTable = "set_table", Two = "two", TreeAxis = "tree_axis";

    /// <summary>Adds the trees.</summary>
    /// <param name="ensemble">What.</param>
    /// <param name="sum">What to call the [N, 1] sum without the base margin, in double.</param>
    public void AddSum(TreeEnsemble ensemble, string sum)
    {
        (DecisionTree Tree, int Depth)[] trees = [.. ensemble.Trees.Select(tree => (tree, RuntimeLimits.PathLength(tree, OnnxProfile.Default)))];
        DecisionTree[] shallow = [.. trees.Where(pair => pair.Depth <= TensorForm.DeepestPerfect).Select(pair => pair.Tree)];
        DecisionTree[] deep = [.. trees.Where(pair => pair.Depth > TensorForm.DeepestPerfect).Select(pair => pair.Tree)];
        // An ensemble without trees is one that adds nothing.
        if (trees.Length == 0)
            shallow = [s_nothing];
        AddFeatures();
        if (shallow.Length > 0)
        {
            int depth = Math.Max(1, trees.Where(pair => pair.Depth <= TensorForm.DeepestPerfect).Select(pair => pair.Depth).DefaultIfEmpty().Max());
            AddPerfect(PerfectTrees.Of(shallow, depth, featureCount, sets), shallow.Length, deep.Length == 0 ? sum : "shallow_sum");
        }
        if (deep.Length > 0)
            AddLinked(LinkedTrees.Of(deep, featureCount, sets), (deep.Length, trees.Max(pair => pair.Depth)), shallow.Length == 0 ? sum : "deep_sum");
        if (shallow.Length > 0 && deep.Length > 0)
            Add("Add", sum, "shallow_sum", "deep_sum");
    }

    private static readonly DecisionTree s_nothing = new() { Feature = [], Threshold = [], LeftCategories = [], MissingGoesLeft = [], Left = [], Right = [], LeafValue = [0] };

    private void AddFeatures()
    {
        Constant<int>(Two, [2]);
        Constant<long>(TreeAxis, [1]);
        Constant<float>("minus_infinity", [float.NegativeInfinity]);
        Add("IsNaN", "is_missing", OnnxNames.Features);
        Add("Where", "missing_left", "is_missing", "minus_infinity", OnnxNames.Features);
        Along(1, "Concat", Columns, "missing_left", OnnxNames.Features);
        if (sets.Any)
            AddCodes();
    }

    // The slot of each value in the rows of its feature's sets: 0 for what is no code there, be it a fraction, negative, infinite, too large or missing.
    private void AddCodes()
    {
        Constant(SetTable, sets.Table);
        Constant<float>("no_code", [-TensorFormSets.SlotsBeside]);
        Constant<float>("first_code", [0]);
        Constant<float>("code_counts", [.. sets.CodeCounts.Select(count => (float)count)]);
        Constant<int>("missing_slot", [1]);
        Add("Floor", "floors", OnnxNames.Features);
        Add("Equal", "is_whole", "floors", OnnxNames.Features);
        Add("GreaterOrEqual", "is_from_first", OnnxNames.Features, "first_code");
        Add("Less", "is_before_last", OnnxNames.Features, "code_counts");
        Add("And", "is_in_range", "is_from_first", "is_before_last");
        Add("And", "is_code", "is_whole", "is_in_range");
        Add("Where", "codes_in_float", "is_code", OnnxNames.Features, "no_code");
        ToInt("codes_in_float", "tree_codes");
        Add("Add", "slots", "tree_codes", Two);
        Add("Where", "slots_missing_left", "is_missing", "missing_slot", "slots");
        Along(1, "Concat", Codes, "slots_missing_left", "slots");
    }

    private void AddPerfect(PerfectTrees trees, int treeCount, string sum)
    {
        string at = Constant("shallow_roots", Enumerable.Range(0, treeCount).ToArray());
        for (int level = 0; level < trees.Levels.Count; level++)
        {
            string name = $"level_{level}";
            string bit = Bit(name, AddTables(name, trees.Levels[level]), at, isRoot: level == 0);
            string twice = Add("Mul", $"{name}_twice", at, Two);
            at = Add("Add", $"{name}_at", twice, bit);
        }
        AddLeaves("shallow", trees.Leaves, at, sum);
    }

    private void AddLinked(LinkedTrees trees, (int Count, int Depth) size, string sum)
    {
        string at = Constant("deep_roots", Enumerable.Range(0, size.Count).ToArray());
        Tables tables = AddTables("deep", trees.Tables);
        Constant("deep_first_children", trees.FirstChildren);
        for (int step = 0; step < size.Depth; step++)
        {
            string name = $"step_{step}";
            string bit = Bit(name, tables, at, isRoot: step == 0);
            string first = Add("Gather", $"{name}_first", "deep_first_children", at);
            at = Add("Add", $"{name}_at", first, bit);
        }
        AddLeaves("deep", trees.Leaves, at, sum);
    }

    // At the roots all rows stand at the same places, so columns are picked whole; below, each row has its own.
    private string Bit(string name, Tables tables, string at, bool isRoot)
    {
        string column = Add("Gather", $"{name}_column", tables.Columns, at);
        string threshold = Add("Gather", $"{name}_threshold", tables.Thresholds, at);
        string value = Along(1, isRoot ? "Gather" : "GatherElements", $"{name}_value", Columns, column);
        string bit = ToInt(Add("LessOrEqual", $"{name}_is_left", value, threshold), $"{name}_bit");
        if (tables.SetOffsets is not { } offsets)
            return bit;
        string row = Add("Gather", $"{name}_row", offsets, at);
        string slot = Along(1, isRoot ? "Gather" : "GatherElements", $"{name}_slot", Codes, column);
        string member = Add("Gather", $"{name}_member", SetTable, Add("Add", $"{name}_entry", row, slot));
        return Add("Add", $"{name}_bit_or_member", bit, member);
    }

    private void AddLeaves(string name, double[] leaves, string at, string sum)
    {
        string values = Add("Gather", $"{name}_leaves", Constant($"{name}_leaf_values", leaves), at);
        Add("ReduceSum", sum, values, TreeAxis);
    }

    private Tables AddTables(string name, TensorFormTables tables) => new(
        Constant($"{name}_columns", tables.Columns),
        Constant($"{name}_thresholds", tables.Thresholds),
        tables.HasSets ? Constant($"{name}_set_offsets", tables.SetOffsets) : null);

    private string Add(string opType, string output, params string[] inputs)
    {
        graph.Node.Add(OnnxGraph.Node(opType, output, inputs));
        return output;
    }

    private string Along(int axis, string opType, string output, params string[] inputs)
    {
        Add(opType, output, inputs);
        graph.Node[^1].Attribute.Add(OnnxValues.Int("axis", axis));
        return output;
    }

    private string ToInt(string input, string output)
    {
        graph.Node.Add(OnnxGraph.Cast(input, output, TensorProto.Types.DataType.Int32));
        return output;
    }

    private string Constant<T>(string name, T[] values) where T : unmanaged
    {
        graph.Initializer.Add(OnnxValues.Vector<T>(name, values));
        return name;
    }

    // Names of the constants of a table.
    private sealed record Tables(string Columns, string Thresholds, string? SetOffsets);
}
