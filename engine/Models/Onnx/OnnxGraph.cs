using ChurnEngine.Models.Onnx;

namespace ChurnEngine.Models;

/// <summary>The graph around the predictor: base margin, calibration, and what casts the profile needs.</summary>
/// <remarks>
/// <code>
///   features f32 [N,F] -> (Cast f64) -> trees or linear form -> + base -+-> (Cast f32) -> margin f32 [N,1]
///                                                                     +-> calibration -> Sigmoid -> (Cast f32) -> probability f32 [N,1]
/// </code>
/// A regression has the one output value f32 [N,1] where a classifier has its margin: the sum, or Exp of it where its link is that.
/// The sigmoid is a node of its own because runtimes ignore <c>post_transform</c> where there is one target.
/// </remarks>
internal static class OnnxGraph
{
    // Opset 13 is old enough for every runtime that knows the tree operators, and Sigmoid, Exp, Mul, Add and Cast have not changed since in what is used here.
    private const int MainOpset = 13;
    private const string Sum = "sum";

    public static ModelProto Write(ChurnModel model, OnnxProfile profile)
    {
        IPredictorCodec codec = PredictorCodecs.Of(model.Predictor);
        return Wrap(model, codec.TreeOpset(profile), profile == OnnxProfile.Compatible ? Float(model) : Double(model, graph =>
        {
            graph.Node.Add(Cast(OnnxNames.Features, "features64", TensorProto.Types.DataType.Double));
            codec.Write(graph, model.Predictor, profile, "features64", Sum);
        }));
    }

    /// <summary>The same graph around a sum in double that comes of other operators than those of trees.</summary>
    /// <param name="model">Calibration, link and task are its.</param>
    /// <param name="addSum">Adds nodes from <see cref="OnnxNames.Features"/>, float [N, F], to the name it is given, double [N, 1].</param>
    public static ModelProto Write(ChurnModel model, Action<GraphProto, string> addSum) => Wrap(model, null, Double(model, graph => addSum(graph, Sum)));

    private static ModelProto Wrap(ChurnModel model, long? treeOpset, GraphProto graph)
    {
        var file = new ModelProto
        {
            // The IR version that came with the tree opset: 10 with ONNX 1.16 (opset 5), 8 with ONNX 1.10 to 1.12 (opset 3). What needs neither keeps the older.
            IrVersion = treeOpset == 5 ? 10 : 8,
            ProducerName = OnnxNames.Producer,
            ProducerVersion = model.Metadata.EngineVersion,
            ModelVersion = 1,
            DocString = "features [N,F] float32, NaN where missing, in the order of churn.metadata; "
                + (IsRegression(model) ? "value [N,1]" : "probability [N,1] calibrated; margin [N,1] raw log-odds"),
            Graph = graph,
        };
        file.OpsetImport.Add(new OperatorSetIdProto { Version = MainOpset });
        if (treeOpset is { } version)
            file.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxNames.TreeDomain, Version = version });
        return file;
    }

    private static GraphProto Double(ChurnModel model, Action<GraphProto> addSum)
    {
        GraphProto graph = Frame(model);
        AddConstants<double>(graph, model, value => value);
        addSum(graph);
        graph.Node.Add(Node("Add", "margin64", Sum, "base_margin"));
        if (IsRegression(model))
        {
            if (model.Metadata.Link == OutputLink.Exp)
                graph.Node.Add(Node(OnnxNames.ExpOperator, "value64", "margin64"));
            graph.Node.Add(Cast(model.Metadata.Link == OutputLink.Exp ? "value64" : "margin64", OnnxNames.Value, TensorProto.Types.DataType.Float));
            return graph;
        }
        CalibrationGraph.AddNodes(graph, model.Calibration, "margin64", "probability64");
        graph.Node.Add(Cast("margin64", OnnxNames.Margin, TensorProto.Types.DataType.Float));
        graph.Node.Add(Cast("probability64", OnnxNames.Probability, TensorProto.Types.DataType.Float));
        return graph;
    }

    private static GraphProto Float(ChurnModel model)
    {
        GraphProto graph = Frame(model);
        AddConstants<float>(graph, model, value => (float)value);
        PredictorCodecs.Of(model.Predictor).Write(graph, model.Predictor, OnnxProfile.Compatible, OnnxNames.Features, Sum);
        bool hasExp = IsRegression(model) && model.Metadata.Link == OutputLink.Exp;
        graph.Node.Add(Node("Add", hasExp ? "margin32" : OnnxNames.Outputs(model.Metadata.Task)[^1], Sum, "base_margin"));
        if (hasExp)
            graph.Node.Add(Node(OnnxNames.ExpOperator, OnnxNames.Value, "margin32"));
        if (!IsRegression(model))
            CalibrationGraph.AddNodes(graph, model.Calibration, OnnxNames.Margin, OnnxNames.Probability);
        return graph;
    }

    private static bool IsRegression(ChurnModel model) => model.Metadata.Task == ModelTask.Regression;

    private static GraphProto Frame(ChurnModel model)
    {
        var graph = new GraphProto { Name = "churn" };
        graph.Input.Add(FloatMatrix(OnnxNames.Features, model.Predictor.FeatureCount));
        foreach (string output in OnnxNames.Outputs(model.Metadata.Task))
            graph.Output.Add(FloatMatrix(output, 1));
        return graph;
    }

    private static void AddConstants<T>(GraphProto graph, ChurnModel model, Func<double, T> convert) where T : unmanaged
    {
        graph.Initializer.Add(OnnxValues.Vector<T>("base_margin", [convert(model.Predictor.BaseMargin)]));
        if (!IsRegression(model))
            CalibrationGraph.AddConstants(graph, model.Calibration, convert);
    }

    /// <summary>A node of the main domain.</summary>
    public static NodeProto Node(string opType, string output, params string[] inputs) =>
        new() { OpType = opType, Name = $"make_{output}", Input = { inputs }, Output = { output } };

    /// <summary>A node that changes the type of values.</summary>
    public static NodeProto Cast(string input, string output, TensorProto.Types.DataType to)
    {
        NodeProto node = Node("Cast", output, input);
        node.Attribute.Add(OnnxValues.Int("to", (long)to));
        return node;
    }

    private static ValueInfoProto FloatMatrix(string name, int columns) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = (int)TensorProto.Types.DataType.Float,
                Shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" }, new TensorShapeProto.Types.Dimension { DimValue = columns } } },
            },
        },
    };
}
