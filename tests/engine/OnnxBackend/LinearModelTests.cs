using ChurnEngine.Models;
using ChurnEngine.ModelSamples;
using ChurnEngine.TestKit;

namespace ChurnEngine.OnnxBackend.Tests;

/// <summary>Linear models in ONNX Runtime, and in runtimes and checkers that know nothing of us.</summary>
public sealed class LinearModelTests
{
    public static TheoryData<string, OnnxProfile> Cases
    {
        get
        {
            var cases = new TheoryData<string, OnnxProfile>();
            foreach (string name in RandomLinearModels.Shapes.Keys)
            {
                cases.Add(name, OnnxProfile.Default);
                cases.Add(name, OnnxProfile.Compatible);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Predict_LinearModel_EqualsTheScalarForm(string shape, OnnxProfile profile)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            ChurnModel model = RandomLinearModels.Create(seed, shape);
            float[] rows = Rows(seed + 100, model, 2000, profile);
            Outputs expected = Outputs.Of(new WalkBackend(model), rows);
            using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows.AsSpan(0, rows.Length / 2), profile));
            Outputs actual = Outputs.Of(backend, rows);
            expected.AssertNear(actual, Tolerance(profile), $"{shape}, seed {seed}");
            if (profile == OnnxProfile.Default)
            {
                for (int row = 0; row < 2000; row++)
                    Assert.True(Math.Abs(expected.Margin[row] - actual.Margin[row]) <= 1e-6 * (1 + Math.Abs(expected.Margin[row])), $"{shape}, seed {seed}, row {row}: {expected.Margin[row]:R}, {actual.Margin[row]:R}");
            }
        }
    }

    [Fact]
    public void Predict_AnyBatchSize_GivesTheSameProbabilities()
    {
        ChurnModel model = RandomLinearModels.Create(31, "mixed");
        float[] rows = RandomLinearModels.Rows(32, model, 20_000);
        using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows));
        Outputs expected = Outputs.Of(new WalkBackend(model), rows);
        foreach (int batch in (int[])[1, 7, 8192, 8193, 20_000])
        {
            int covered = batch == 1 ? 300 : 20_000;
            float[] probability = new float[covered], margin = new float[covered];
            for (int start = 0; start < covered; start += batch)
            {
                int count = Math.Min(batch, covered - start);
                backend.Predict(rows.AsSpan(start * 9, count * 9), probability.AsSpan(start, count), margin.AsSpan(start, count));
            }
            new Outputs(expected.Probability[..covered], expected.Margin[..covered]).AssertNear(new Outputs(probability, margin), 1e-6f, $"{batch} rows a call");
        }
        backend.Predict([], [], []);
    }

    [Theory]
    [InlineData("onnxruntime-node", OnnxProfile.Default)]
    [InlineData("onnxruntime-node", OnnxProfile.Compatible)]
    [InlineData("onnxruntime-web", OnnxProfile.Default)]
    [InlineData("onnxruntime-web", OnnxProfile.Compatible)]
    public void ExportedFile_InJavaScript_GivesTheSameProbabilities(string runtime, OnnxProfile profile)
    {
        foreach (string shape in RandomLinearModels.Shapes.Keys)
        {
            using var folder = new TemporaryDirectory();
            ChurnModel model = RandomLinearModels.Create(13, shape);
            float[] rows = Rows(14, model, 1000, profile);
            ModelFile.Save(model, folder["model.onnx"], rows, profile);
            (float[] probability, float[] margin) = ForeignRuntimes.Predict(runtime, folder["model.onnx"], rows, model.Predictor.FeatureCount);
            Outputs.Of(new WalkBackend(model), rows).AssertNear(new Outputs(probability, margin), Tolerance(profile), $"{runtime}, {shape}");
        }
    }

    // No operator of ai.onnx.ml in it, so the old checker can judge both profiles.
    [Theory]
    [InlineData(OnnxProfile.Default)]
    [InlineData(OnnxProfile.Compatible)]
    public void ExportedFile_EitherProfile_PassesTheOnnxChecker(OnnxProfile profile)
    {
        foreach (string shape in RandomLinearModels.Shapes.Keys)
        {
            using var folder = new TemporaryDirectory();
            ModelFile.Save(RandomLinearModels.Create(15, shape), folder["model.onnx"], ReadOnlySpan<float>.Empty, profile);
            ForeignRuntimes.CheckOnnx(folder["model.onnx"]);
        }
    }

    // 170 terms, some of them in the tens: float leaves a millionth or two of the sum open.
    private static float Tolerance(OnnxProfile profile) => profile == OnnxProfile.Default ? 1e-6f : 5e-6f;

    // In float a value a million deviations away takes the digits of all others with it.
    private static float[] Rows(int seed, ChurnModel model, int count, OnnxProfile profile) =>
        [.. RandomLinearModels.Rows(seed, model, count).Select(value => profile == OnnxProfile.Compatible && Math.Abs(value) is > 1e6f and < float.PositiveInfinity ? 1000 : value)];
}
