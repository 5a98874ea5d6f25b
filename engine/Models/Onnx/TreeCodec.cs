using ChurnEngine.Columns;
using ChurnEngine.Models.Onnx;

namespace ChurnEngine.Models;

/// <summary>A sum of trees, as one operator of ai.onnx.ml.</summary>
internal sealed class TreeCodec : IPredictorCodec
{
    public bool Writes(IPredictor predictor) => predictor is TreeEnsemble;

    public bool IsIn(ModelProto file) => file.Graph.Node.Any(node => node.Domain == OnnxNames.TreeDomain);

    public int TreeCount(IPredictor predictor) => Of(predictor).Trees.Count;

    public long? TreeOpset(OnnxProfile profile) => profile == OnnxProfile.Default ? 5 : 3;

    public string? FirstFault(IPredictor predictor, IReadOnlyList<FeatureInfo> features) => EnsembleCheck.FirstFault(Of(predictor));

    public void CheckLimits(ChurnModel model, OnnxProfile profile, string? source) => RuntimeLimits.Check(model, Of(model.Predictor), profile, source);

    public void Write(GraphProto graph, IPredictor predictor, OnnxProfile profile, string input, string output)
    {
        TreeEnsemble ensemble = Of(predictor);
        if (profile == OnnxProfile.Compatible)
        {
            graph.Node.Add(TreeRegressorNode.Write(ensemble, input, output));
            return;
        }
        double[] shift = TreeEnsembleNode.CodeShift(ensemble);
        bool hasSets = shift.Any(value => value != 0);
        if (hasSets)
        {
            graph.Initializer.Add(OnnxValues.Vector<double>("code_shift", shift));
            graph.Node.Add(OnnxGraph.Node("Add", "shifted_features", input, "code_shift"));
        }
        graph.Node.Add(TreeEnsembleNode.Write(ensemble, hasSets ? "shifted_features" : input, output));
    }

    public IEnumerable<(string Key, string Value)> Properties(IPredictor predictor) => [(OnnxNames.LeafCoversKey, ModelProperties.CoversOf(Of(predictor)))];

    public IPredictor Read(ModelProto file, ModelScalars scalars, string source) => new TreeEnsemble
    {
        FeatureCount = scalars.FeatureCount,
        BaseMargin = scalars.BaseMargin,
        Trees = ModelProperties.WithCovers(file, ReadTrees(file, scalars, source)),
    };

    private static TreeEnsemble Of(IPredictor predictor) => (TreeEnsemble)predictor;

    private static DecisionTree[] ReadTrees(ModelProto file, ModelScalars scalars, string source)
    {
        long opset = file.OpsetImport.FirstOrDefault(o => o.Domain == OnnxNames.TreeDomain)?.Version ?? 0;
        NodeProto[] nodes = [.. file.Graph.Node.Where(n => n.Domain == OnnxNames.TreeDomain)];
        if (nodes.Length != 1)
            throw new InvalidDataException($"the graph has {nodes.Length} operators of trees");
        NodeProto node = nodes[0];
        return (node.OpType, opset) switch
        {
            (TreeEnsembleNode.OpType, 5) => TreeEnsembleNode.Read(node, scalars.TreeCount),
            (TreeRegressorNode.OpType, 3) => TreeRegressorNode.Read(node, scalars.TreeCount),
            _ => throw ModelErrors.WrongVersion(source, "ai.onnx.ml 5 with TreeEnsemble, or 3 with TreeEnsembleRegressor", $"ai.onnx.ml {opset} with {node.OpType}"),
        };
    }
}
