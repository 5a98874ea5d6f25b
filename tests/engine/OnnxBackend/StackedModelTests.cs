using ChurnEngine.Models;
using ChurnEngine.ModelSamples;
using ChurnEngine.TestKit;

namespace ChurnEngine.OnnxBackend.Tests;

/// <summary>Stacks in ONNX Runtime, as tensors alone, and in runtimes and checkers that know nothing of us.</summary>
public sealed class StackedModelTests
{
    private static readonly string[] s_shapes = ["numeric and categorical", "numeric only", "one feature", "deep chain"];

    [Theory]
    [InlineData(OnnxProfile.Default)]
    [InlineData(OnnxProfile.Compatible)]
    public void Predict_Stack_EqualsTheScalarForm(OnnxProfile profile)
    {
        foreach (string shape in s_shapes)
        {
            ChurnModel model = RandomStacks.Create(5, SampleShapes.All[shape]);
            float[] rows = RandomStacks.Rows(6, model, 2000);
            using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows, profile));
            Outputs.Of(new WalkBackend(model), rows).AssertNear(Outputs.Of(backend, rows), Tolerance(profile), shape);
        }
    }

    [Fact]
    public void Predict_TensorForm_EqualsTheScalarForm()
    {
        foreach (string shape in s_shapes)
        {
            ChurnModel model = RandomStacks.Create(7, SampleShapes.All[shape]);
            float[] rows = RandomStacks.Rows(8, model, 2000);
            using OnnxModelBackend backend = OnnxModelBackend.OpenTensorForm(ModelFile.Encode(model, rows));
            Outputs.Of(new WalkBackend(model), rows).AssertNear(Outputs.Of(backend, rows), Tolerance(OnnxProfile.Default), shape);
        }
    }

    [Theory]
    [InlineData("onnxruntime-node", OnnxProfile.Default)]
    [InlineData("onnxruntime-node", OnnxProfile.Compatible)]
    [InlineData("onnxruntime-web", OnnxProfile.Default)]
    [InlineData("onnxruntime-web", OnnxProfile.Compatible)]
    public void ExportedFile_InJavaScript_GivesTheSameProbabilities(string runtime, OnnxProfile profile)
    {
        using var folder = new TemporaryDirectory();
        ChurnModel model = RandomStacks.Create(13, SampleShapes.All["numeric and categorical"]);
        float[] rows = RandomStacks.Rows(14, model, 1000);
        ModelFile.Save(model, folder["model.onnx"], rows, profile);
        (float[] probability, float[] margin) = ForeignRuntimes.Predict(runtime, folder["model.onnx"], rows, model.Predictor.FeatureCount);
        Outputs.Of(new WalkBackend(model), rows).AssertNear(new Outputs(probability, margin), Tolerance(profile), runtime);
    }

    [Fact]
    public void ExportedFile_CompatibleProfile_PassesTheOnnxChecker()
    {
        using var folder = new TemporaryDirectory();
        ModelFile.Save(RandomStacks.Create(15, SampleShapes.All["numeric and categorical"]), folder["model.onnx"], ReadOnlySpan<float>.Empty, OnnxProfile.Compatible);
        ForeignRuntimes.CheckOnnx(folder["model.onnx"]);
    }

    // In float a linear term of a thousand leaves less of the digits of the others.
    private static float Tolerance(OnnxProfile profile) => profile == OnnxProfile.Default ? 1e-6f : 5e-6f;
}
