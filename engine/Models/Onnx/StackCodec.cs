using ChurnEngine.Columns;
using ChurnEngine.Models.Onnx;

namespace ChurnEngine.Models;

/// <summary>A stack as the nodes of its trees, those of its linear form, and the sum of the two.</summary>
/// <remarks>The two codecs give their nodes and constants names of their own, so both fit into one graph.</remarks>
internal sealed class StackCodec : IPredictorCodec
{
    /// <summary>Name of the sum of the trees.</summary>
    public const string TreeSum = "tree_sum";

    private const string LinearSum = "linear_sum";
    private static readonly TreeCodec s_trees = new();
    private static readonly LinearCodec s_linear = new();

    public bool Writes(IPredictor predictor) => predictor is StackedModel;

    public bool IsIn(ModelProto file) => s_trees.IsIn(file) && s_linear.IsIn(file);

    public int TreeCount(IPredictor predictor) => Of(predictor).Trees.Trees.Count;

    public long? TreeOpset(OnnxProfile profile) => s_trees.TreeOpset(profile);

    public string? FirstFault(IPredictor predictor, IReadOnlyList<FeatureInfo> features) =>
        s_trees.FirstFault(Of(predictor).Trees, features) ?? s_linear.FirstFault(Of(predictor).Linear, features);

    public void CheckLimits(ChurnModel model, OnnxProfile profile, string? source) => RuntimeLimits.Check(model, Of(model.Predictor).Trees, profile, source);

    public void Write(GraphProto graph, IPredictor predictor, OnnxProfile profile, string input, string output)
    {
        s_trees.Write(graph, Of(predictor).Trees, profile, input, TreeSum);
        s_linear.Write(graph, Of(predictor).Linear, profile, input, LinearSum);
        graph.Node.Add(OnnxGraph.Node("Add", output, TreeSum, LinearSum));
    }

    /// <summary>Adds the linear form to trees whose sum is <see cref="TreeSum"/> already, in double.</summary>
    /// <param name="graph">Its features are float.</param>
    /// <param name="linear">The linear form.</param>
    /// <param name="output">What to call the [N, 1] sum.</param>
    public static void AddLinear(GraphProto graph, LinearModel linear, string output)
    {
        const string Features = "linear_features64";
        graph.Node.Add(OnnxGraph.Cast(OnnxNames.Features, Features, TensorProto.Types.DataType.Double));
        s_linear.Write(graph, linear, OnnxProfile.Default, Features, LinearSum);
        graph.Node.Add(OnnxGraph.Node("Add", output, TreeSum, LinearSum));
    }

    public IEnumerable<(string Key, string Value)> Properties(IPredictor predictor) => s_trees.Properties(Of(predictor).Trees);

    public IPredictor Read(ModelProto file, ModelScalars scalars, string source) =>
        new StackedModel((TreeEnsemble)s_trees.Read(file, scalars, source), (LinearModel)s_linear.Read(file, scalars with { BaseMargin = 0 }, source));

    private static StackedModel Of(IPredictor predictor) => (StackedModel)predictor;
}
