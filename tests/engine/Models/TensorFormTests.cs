using ChurnEngine.Columns;
using ChurnEngine.Models.Onnx;
using ChurnEngine.ModelSamples;
using ChurnEngine.TestKit;

namespace ChurnEngine.Models.Tests;

/// <summary>The file of the tensor form; what it computes is tested beside the runtime that computes it.</summary>
public sealed class TensorFormTests
{
    [Fact]
    public void Encode_TheSameModelTwice_GivesTheSameBytes()
    {
        ChurnModel model = RandomModels.Create(1, SampleShapes.All["500 categories"]);
        Assert.True(TensorForm.Encode(model).Span.SequenceEqual(TensorForm.Encode(RandomModels.Create(1, SampleShapes.All["500 categories"])).Span));
    }

    // The runtime has no operator of ai.onnx.ml on a GPU, so one such node would bring all rows back.
    [Theory]
    [InlineData("numeric and categorical")]
    [InlineData("deep chain")]
    [InlineData("no trees")]
    public void Encode_AnyTrees_UsesTheMainDomainOnly(string shape)
    {
        ModelProto file = Graph(RandomModels.Create(2, SampleShapes.All[shape]));
        Assert.All(file.Graph.Node, node => Assert.Equal("", node.Domain));
        Assert.Equal([""], file.OpsetImport.Select(opset => opset.Domain));
    }

    [Fact]
    public void Encode_ShallowTrees_TakesATableALevel()
    {
        ModelProto file = Graph(RandomModels.Create(3, new ModelShape { Trees = 20, Leaves = 4, Chain = true, Categories = 0 }));
        Assert.Equal([20, 40, 80], file.Graph.Initializer.Where(tensor => tensor.Name.EndsWith("_thresholds", StringComparison.Ordinal)).Select(tensor => (int)tensor.Dims[0]));
        Assert.Equal(20 * 8, file.Graph.Initializer.Single(tensor => tensor.Name == "shallow_leaf_values").Dims[0]);
        Assert.DoesNotContain(file.Graph.Node, node => node.Output[0].StartsWith("step_", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(9, 8, 0)]
    [InlineData(10, 8, 9)]
    [InlineData(30, 0, 29)]
    public void Encode_DeeperTrees_AreLinked(int leaves, int levels, int steps)
    {
        // Chains of leaves - 1, - 2 and - 3 tests.
        ModelProto file = Graph(RandomModels.Create(4, new ModelShape { Trees = 40, Leaves = leaves, Chain = true }));
        Assert.Equal(levels, file.Graph.Node.Count(node => node.Output[0].StartsWith("level_", StringComparison.Ordinal) && node.OpType == "LessOrEqual"));
        Assert.Equal(steps, file.Graph.Node.Count(node => node.Output[0].StartsWith("step_", StringComparison.Ordinal) && node.OpType == "LessOrEqual"));
    }

    [Fact]
    public void Encode_EqualSetsOfAFeature_ShareARow()
    {
        ChurnModel one = Sets(trees: 1, codes: 1000), many = Sets(trees: 50, codes: 1000);
        Assert.Equal(SetTable(one), SetTable(many));
        // A row of none, and one of the set: each 1,000 codes and two slots.
        Assert.Equal(2 * 1002, SetTable(one));

        static long SetTable(ChurnModel model) => Graph(model).Graph.Initializer.Single(tensor => tensor.Name == "set_table").Dims[0];
    }

    [Fact]
    public void Encode_SetsBeyondTheLimit_SaysSo()
    {
        ChurnModel model = Sets(trees: 5, codes: CategorySet.MostCodes, apart: true);
        var fault = Assert.Throws<ChurnModelException>(() => TensorForm.Encode(model));
        Assert.Equal(5206, fault.Code.Number);
        Assert.Contains("--device cpu", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_BrokenTree_Throws()
    {
        ChurnModel model = RandomModels.Create(5, new ModelShape { Trees = 1, Leaves = 3 });
        model.Ensemble.Trees[0].Left[0] = 17;
        Assert.Contains("tree 0", Assert.Throws<ArgumentException>(() => TensorForm.Encode(model)).Message, StringComparison.Ordinal);
    }

    // Nothing of ai.onnx.ml in it, so the old checker can judge it.
    [Theory]
    [InlineData("numeric and categorical")]
    [InlineData("deep chain")]
    [InlineData("single leaves")]
    public void Encode_AnyTrees_PassesTheOnnxChecker(string shape)
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllBytes(folder["tensor.onnx"], TensorForm.Encode(RandomModels.Create(6, SampleShapes.All[shape])).ToArray());
        ForeignRuntimes.CheckOnnx(folder["tensor.onnx"]);
    }

    [Theory]
    [InlineData("onnxruntime-node")]
    [InlineData("onnxruntime-web")]
    public void Encode_AnyTrees_GivesTheSameProbabilitiesInJavaScript(string runtime)
    {
        foreach (string shape in (string[])["numeric and categorical", "one to three leaves", "deep chain"])
        {
            using var folder = new TemporaryDirectory();
            ChurnModel model = RandomModels.Create(7, SampleShapes.All[shape]);
            float[] rows = RandomModels.Rows(8, model, 500);
            File.WriteAllBytes(folder["tensor.onnx"], TensorForm.Encode(model).ToArray());
            (float[] probability, _) = ForeignRuntimes.Predict(runtime, folder["tensor.onnx"], rows, model.Ensemble.FeatureCount);
            float[] expected = new float[500];
            using var walk = new WalkBackend(model);
            walk.Predict(rows, expected, new float[500]);
            for (int row = 0; row < 500; row++)
                Assert.True(Math.Abs(expected[row] - probability[row]) <= 1e-6f, $"{runtime}, {shape}, row {row}: expected {expected[row]}, got {probability[row]}");
        }
    }

    private static ModelProto Graph(ChurnModel model) => ModelProto.Parser.ParseFrom(TensorForm.Encode(model).Span);

    /// <summary>Trees that ask one feature for a set: the same, or each for its own.</summary>
    private static ChurnModel Sets(int trees, int codes, bool apart = false) => new()
    {
        Predictor = new TreeEnsemble
        {
            FeatureCount = 1,
            BaseMargin = 0,
            Trees = [.. Enumerable.Range(0, trees).Select(tree => new DecisionTree
            {
                Feature = [0],
                Threshold = [float.NaN],
                LeftCategories = [new CategorySet([apart ? tree : 0, codes - 1])],
                MissingGoesLeft = [true],
                Left = [~0],
                Right = [~1],
                LeafValue = [1, -1],
            })],
        },
        Metadata = new ModelMetadata { Features = [new FeatureInfo { Name = "f", Kind = FeatureKind.Categorical, Categories = ["a"] }] },
    };
}
