using System.Globalization;
using System.Text.Json;
using ChurnEngine.Models;

namespace ChurnEngine.Bench.Peers;

/// <summary>Writes numeric trees as XGBoost's JSON, so that both explain one and the same model. The objective is squared error, whose margin is the sum; a last tree of one leaf holds the base margin.</summary>
/// <remarks>Source: the layout that XGBoost 1.7's <c>save_model</c> writes.</remarks>
internal static class XgboostJson
{
    private const int NoParent = int.MaxValue;

    // What XGBoost 1.7 starts from, whatever base score the file names.
    private const double BaseScore = 0.5;

    public static void Write(TreeEnsemble ensemble, string path)
    {
        DecisionTree[] trees = [.. ensemble.Trees, Leaf(ensemble.BaseMargin - BaseScore)];
        using FileStream file = File.Create(path);
        using var json = new Utf8JsonWriter(file);
        json.WriteStartObject();
        json.WritePropertyName("learner");
        json.WriteStartObject();
        json.WritePropertyName("attributes");
        Texts(json);
        WriteEmpty(json, "feature_names", "feature_types");
        json.WriteStartObject("gradient_booster");
        json.WriteStartObject("model");
        json.WritePropertyName("gbtree_model_param");
        Texts(json, ("num_parallel_tree", "1"), ("num_trees", Text(trees.Length)), ("size_leaf_vector", "0"));
        WriteNumbers(json, "tree_info", trees.Select(_ => 0));
        json.WriteStartArray("trees");
        for (int tree = 0; tree < trees.Length; tree++)
            WriteTree(json, trees[tree], tree, ensemble.FeatureCount);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("name", "gbtree");
        json.WriteEndObject();
        json.WritePropertyName("learner_model_param");
        Texts(json, ("base_score", BaseScore.ToString("R", CultureInfo.InvariantCulture)), ("boost_from_average", "1"), ("num_class", "0"), ("num_feature", Text(ensemble.FeatureCount)), ("num_target", "1"));
        json.WriteStartObject("objective");
        json.WriteString("name", "reg:squarederror");
        json.WritePropertyName("reg_loss_param");
        Texts(json, ("scale_pos_weight", "1"));
        json.WriteEndObject();
        json.WriteEndObject();
        WriteNumbers(json, "version", [1, 7, 4]);
        json.WriteEndObject();
    }

    private static void WriteTree(Utf8JsonWriter json, DecisionTree tree, int id, int features)
    {
        // XGBoost takes a right child to stand behind the left one.
        List<int> order = [tree.NodeCount == 0 ? ~0 : 0], parents = [NoParent], lefts = [];
        for (int place = 0; place < order.Count; place++)
        {
            int node = order[place];
            lefts.Add(node < 0 ? -1 : order.Count);
            if (node < 0)
                continue;
            order.AddRange([tree.Left[node], tree.Right[node]]);
            parents.AddRange([place, place]);
        }
        var cover = new Dictionary<int, double>();
        AddCovers(tree, order[0], cover);
        double[] zeros = new double[order.Count];
        json.WriteStartObject();
        WriteNumbers(json, "base_weights", zeros);
        WriteEmpty(json, "categories", "categories_nodes", "categories_segments", "categories_sizes");
        WriteNumbers(json, "default_left", order.Select(node => node >= 0 && tree.MissingGoesLeft[node] ? 1 : 0));
        json.WriteNumber("id", id);
        WriteNumbers(json, "left_children", lefts);
        WriteNumbers(json, "loss_changes", zeros);
        WriteNumbers(json, "parents", parents);
        WriteNumbers(json, "right_children", lefts.Select(left => left < 0 ? -1 : left + 1));
        // XGBoost goes left below a condition, we at most at it; a leaf's value stands where others have theirs.
        WriteNumbers(json, "split_conditions", order.Select(node => node >= 0 ? (double)float.BitIncrement(tree.Threshold[node]) : tree.LeafValue[~node]));
        WriteNumbers(json, "split_indices", order.Select(node => node >= 0 ? tree.Feature[node] : 0));
        WriteNumbers(json, "split_type", order.Select(_ => 0));
        WriteNumbers(json, "sum_hessian", order.Select(node => cover[node]));
        json.WritePropertyName("tree_param");
        Texts(json, ("num_deleted", "0"), ("num_feature", Text(features)), ("num_nodes", Text(order.Count)), ("size_leaf_vector", "0"));
        json.WriteEndObject();
    }

    private static DecisionTree Leaf(double value) => new()
    {
        Feature = [],
        Threshold = [],
        LeftCategories = [],
        MissingGoesLeft = [],
        Left = [],
        Right = [],
        LeafValue = [value],
        LeafCover = [1],
    };

    private static double AddCovers(DecisionTree tree, int node, Dictionary<int, double> cover) =>
        cover[node] = node < 0 ? tree.LeafCover[~node] : AddCovers(tree, tree.Left[node], cover) + AddCovers(tree, tree.Right[node], cover);

    // XGBoost tells reals from integers by how they are written.
    private static string Real(double value)
    {
        string text = (double.IsInfinity(value) ? Math.CopySign(float.MaxValue, value) : value).ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Texts(Utf8JsonWriter json, params ReadOnlySpan<(string Name, string Value)> texts)
    {
        json.WriteStartObject();
        foreach ((string name, string value) in texts)
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void WriteEmpty(Utf8JsonWriter json, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            WriteNumbers(json, name, Array.Empty<int>());
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<int> values)
    {
        json.WriteStartArray(name);
        foreach (int value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
            json.WriteRawValue(Real(value));
        json.WriteEndArray();
    }
}
