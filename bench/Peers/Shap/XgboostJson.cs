using System.Globalization;
using System.Text.Json;
using ChurnEngine.Models;

namespace ChurnEngine.Bench.Peers;

/// <summary>Writes numeric trees as XGBoost's JSON, so that both explain one and the same model. Its margins come from squared error with the base margin as its base score.</summary>
/// <remarks>Source: the layout that XGBoost 1.7's <c>save_model</c> writes.</remarks>
internal static class XgboostJson
{
    private const int NoParent = int.MaxValue;

    public static void Write(TreeEnsemble ensemble, string path)
    {
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
        Texts(json, ("num_parallel_tree", "1"), ("num_trees", Text(ensemble.Trees.Count)), ("size_leaf_vector", "0"));
        WriteNumbers(json, "tree_info", ensemble.Trees.Select(_ => 0));
        json.WriteStartArray("trees");
        for (int tree = 0; tree < ensemble.Trees.Count; tree++)
            WriteTree(json, ensemble.Trees[tree], tree, ensemble.FeatureCount);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("name", "gbtree");
        json.WriteEndObject();
        json.WritePropertyName("learner_model_param");
        Texts(json, ("base_score", ensemble.BaseMargin.ToString("R", CultureInfo.InvariantCulture)), ("boost_from_average", "1"), ("num_class", "0"), ("num_feature", Text(ensemble.FeatureCount)), ("num_target", "1"));
        json.WriteStartObject("objective");
        json.WriteString("name", "reg:squarederror");
        json.WritePropertyName("reg_loss_param");
        Texts(json, ("scale_pos_weight", "1"));
        json.WriteEndObject();
        json.WriteEndObject();
        WriteNumbers(json, "version", [1, 7, 4]);
        json.WriteEndObject();
    }

    // Interior nodes keep their numbers, leaves follow.
    private static void WriteTree(Utf8JsonWriter json, DecisionTree tree, int id, int features)
    {
        int nodes = tree.NodeCount, all = nodes + tree.LeafCount;
        int Place(int child) => child >= 0 ? child : nodes + ~child;
        int[] parents = new int[all];
        parents[0] = NoParent;
        double[] cover = new double[all];
        tree.LeafCover.CopyTo(cover, nodes);
        for (int node = 0; node < nodes; node++)
            parents[Place(tree.Left[node])] = parents[Place(tree.Right[node])] = node;
        AddCovers(tree, 0, cover);
        json.WriteStartObject();
        WriteNumbers(json, "base_weights", new double[all]);
        WriteEmpty(json, "categories", "categories_nodes", "categories_segments", "categories_sizes");
        WriteNumbers(json, "default_left", Enumerable.Range(0, all).Select(node => node < nodes && tree.MissingGoesLeft[node] ? 1 : 0));
        json.WriteNumber("id", id);
        WriteNumbers(json, "left_children", Enumerable.Range(0, all).Select(node => node < nodes ? Place(tree.Left[node]) : -1));
        WriteNumbers(json, "loss_changes", new double[all]);
        WriteNumbers(json, "parents", parents);
        WriteNumbers(json, "right_children", Enumerable.Range(0, all).Select(node => node < nodes ? Place(tree.Right[node]) : -1));
        // XGBoost goes left below a condition, we at most at it; a leaf's value stands where others have theirs.
        WriteNumbers(json, "split_conditions", Enumerable.Range(0, all).Select(node => node < nodes ? (double)float.BitIncrement(tree.Threshold[node]) : tree.LeafValue[node - nodes]));
        WriteNumbers(json, "split_indices", Enumerable.Range(0, all).Select(node => node < nodes ? tree.Feature[node] : 0));
        WriteNumbers(json, "split_type", new int[all]);
        WriteNumbers(json, "sum_hessian", cover);
        json.WritePropertyName("tree_param");
        Texts(json, ("num_deleted", "0"), ("num_feature", Text(features)), ("num_nodes", Text(all)), ("size_leaf_vector", "0"));
        json.WriteEndObject();
    }

    private static double AddCovers(DecisionTree tree, int child, double[] cover)
    {
        if (child < 0 || tree.NodeCount == 0)
            return tree.LeafCover[child < 0 ? ~child : 0];
        return cover[child] = AddCovers(tree, tree.Left[child], cover) + AddCovers(tree, tree.Right[child], cover);
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
            json.WriteNumberValue(double.IsInfinity(value) ? Math.CopySign(float.MaxValue, value) : value);
        json.WriteEndArray();
    }
}
