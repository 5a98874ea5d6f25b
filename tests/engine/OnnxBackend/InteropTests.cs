using ChurnEngine.Models;
using ChurnEngine.ModelSamples;
using ChurnEngine.TestKit;

namespace ChurnEngine.OnnxBackend.Tests;

/// <summary>The exported file in runtimes and checkers that know nothing of us.</summary>
public sealed class InteropTests
{
    private static readonly string[] Shapes = ["numeric and categorical", "one to three leaves", "no trees", "500 categories", "200 trees"];

    [Theory]
    [InlineData("onnxruntime-node", OnnxProfile.Default)]
    [InlineData("onnxruntime-node", OnnxProfile.Compatible)]
    [InlineData("onnxruntime-web", OnnxProfile.Default)]
    [InlineData("onnxruntime-web", OnnxProfile.Compatible)]
    public void ExportedFile_InJavaScript_GivesTheSameProbabilities(string runtime, OnnxProfile profile)
    {
        foreach (string shape in Shapes)
        {
            using var folder = new TemporaryDirectory();
            ChurnModel model = RandomModels.Create(13, SampleShapes.All[shape]);
            float[] rows = RandomModels.Rows(14, model, 1500);
            ModelFile.Save(model, folder["model.onnx"], rows, profile);
            (float[] probability, float[] margin) = ForeignRuntimes.Predict(runtime, folder["model.onnx"], rows, model.Ensemble.FeatureCount);
            Outputs.Of(new WalkBackend(model), rows).AssertNear(new Outputs(probability, margin), 1e-6f, $"{runtime}, {shape}");
        }
    }

    [Theory]
    [InlineData("onnxruntime-node", OnnxProfile.Default)]
    [InlineData("onnxruntime-node", OnnxProfile.Compatible)]
    [InlineData("onnxruntime-web", OnnxProfile.Default)]
    public void ExportedRegression_InJavaScript_GivesTheSameValues(string runtime, OnnxProfile profile)
    {
        using var folder = new TemporaryDirectory();
        ChurnModel model = RandomModels.Regression(23, SampleShapes.All["numeric and categorical"], scale: 1000);
        float[] rows = RandomModels.Rows(24, model, 1500);
        ModelFile.Save(model, folder["model.onnx"], rows, profile);
        float[] values = ForeignRuntimes.PredictValues(runtime, folder["model.onnx"], rows, model.Ensemble.FeatureCount);
        Outputs.Of(new WalkBackend(model), rows).AssertNear(new Outputs(values, values), profile == OnnxProfile.Default ? 1e-4f : 1e-2f, runtime);
    }

    [Theory]
    [InlineData("onnxruntime-node", OnnxProfile.Default)]
    [InlineData("onnxruntime-node", OnnxProfile.Compatible)]
    [InlineData("onnxruntime-web", OnnxProfile.Default)]
    public void ExportedRegressionBehindExp_InJavaScript_GivesTheSameValues(string runtime, OnnxProfile profile)
    {
        using var folder = new TemporaryDirectory();
        ChurnModel model = RandomModels.Regression(23, SampleShapes.All["numeric and categorical"], scale: 2, OutputLink.Exp);
        float[] rows = RandomModels.Rows(24, model, 1500);
        ModelFile.Save(model, folder["model.onnx"], rows, profile);
        float[] values = ForeignRuntimes.PredictValues(runtime, folder["model.onnx"], rows, model.Ensemble.FeatureCount);
        float[] expected = Outputs.Of(new WalkBackend(model), rows).Probability;
        for (int row = 0; row < values.Length; row++)
            Assert.Equal(1, values[row] / expected[row], profile == OnnxProfile.Default ? 1e-6f : 1e-4f);
    }

    [Fact]
    public void ExportedFile_CompatibleProfile_PassesTheOnnxChecker()
    {
        using var regression = new TemporaryDirectory();
        ModelFile.Save(RandomModels.Regression(23, SampleShapes.All["numeric and categorical"], scale: 2, OutputLink.Exp), regression["model.onnx"], ReadOnlySpan<float>.Empty, OnnxProfile.Compatible);
        ForeignRuntimes.CheckOnnx(regression["model.onnx"]);
        foreach (string shape in SampleShapes.All.Keys)
        {
            using var folder = new TemporaryDirectory();
            ChurnModel model = RandomModels.Create(15, SampleShapes.All[shape]);
            ModelFile.Save(model, folder["model.onnx"], ReadOnlySpan<float>.Empty, OnnxProfile.Compatible);
            ForeignRuntimes.CheckOnnx(folder["model.onnx"]);
        }
    }
}
