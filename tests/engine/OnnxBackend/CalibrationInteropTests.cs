using ChurnEngine.Models;
using ChurnEngine.ModelSamples;
using ChurnEngine.TestKit;

namespace ChurnEngine.OnnxBackend.Tests;

/// <summary>Every calibration inside the exported graph: in ONNX Runtime here, in Node, in WebAssembly, and before the checker.</summary>
public sealed class CalibrationInteropTests
{
    public static TheoryData<string> Kinds => [.. SampleCalibrations.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Calibrated_InOnnxRuntime_EqualsTheWalkInBothProfilesAndInTheTensorForm(string kind)
    {
        foreach (bool linear in (bool[])[false, true])
        {
            (ChurnModel model, float[] rows) = Model(kind, linear);
            Outputs expected = Outputs.Of(new WalkBackend(model), rows);
            foreach (OnnxProfile profile in Enum.GetValues<OnnxProfile>())
            {
                using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows, profile));
                expected.AssertNear(Outputs.Of(backend, rows), Tolerance(profile, model), $"{kind}, {profile}");
            }
            using OnnxModelBackend tensors = OnnxModelBackend.OpenTensorForm(ModelFile.Encode(model, rows));
            expected.AssertNear(Outputs.Of(tensors, rows), 1e-6f, $"{kind}, tensor form");
        }
    }

    [Theory]
    [InlineData("onnxruntime-node", OnnxProfile.Default)]
    [InlineData("onnxruntime-node", OnnxProfile.Compatible)]
    [InlineData("onnxruntime-web", OnnxProfile.Default)]
    [InlineData("onnxruntime-web", OnnxProfile.Compatible)]
    public void Calibrated_InJavaScript_GivesTheSameProbabilities(string runtime, OnnxProfile profile)
    {
        foreach (string kind in SampleCalibrations.All.Keys)
        {
            foreach (bool linear in (bool[])[false, true])
            {
                using var folder = new TemporaryDirectory();
                (ChurnModel model, float[] rows) = Model(kind, linear);
                ModelFile.Save(model, folder["model.onnx"], rows, profile);
                (float[] probability, float[] margin) = ForeignRuntimes.Predict(runtime, folder["model.onnx"], rows, model.Predictor.FeatureCount);
                Outputs.Of(new WalkBackend(model), rows).AssertNear(new Outputs(probability, margin), Tolerance(profile, model), $"{runtime}, {kind}, {profile}");
            }
        }
    }

    [Fact]
    public void Calibrated_CompatibleProfile_PassesTheOnnxChecker()
    {
        foreach (string kind in SampleCalibrations.All.Keys)
        {
            foreach (bool linear in (bool[])[false, true])
            {
                using var folder = new TemporaryDirectory();
                (ChurnModel model, float[] rows) = Model(kind, linear);
                ModelFile.Save(model, folder["model.onnx"], rows, OnnxProfile.Compatible);
                ForeignRuntimes.CheckOnnx(folder["model.onnx"]);
            }
        }
    }

    private static (ChurnModel Model, float[] Rows) Model(string kind, bool linear)
    {
        ChurnModel model = SampleCalibrations.With(linear ? RandomLinearModels.Create(31, "mixed") : RandomModels.Create(31, SampleShapes.All["200 trees"]), SampleCalibrations.All[kind]);
        // In float a value a million deviations away takes the digits of all others with it.
        return (model, linear ? [.. RandomLinearModels.Rows(32, model, 1000).Select(value => Math.Abs(value) is > 1e6f and < float.PositiveInfinity ? 1000 : value)] : RandomModels.Rows(32, model, 1000));
    }

    // A margin in float is off by some 1e-6, and the calibration multiplies that; in double nothing is left of it.
    private static float Tolerance(OnnxProfile profile, ChurnModel model) => profile == OnnxProfile.Default ? 1e-6f : 4e-6f * (float)Math.Max(1, model.Calibration.Steepness);
}
