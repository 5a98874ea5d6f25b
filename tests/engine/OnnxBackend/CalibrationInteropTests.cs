using ChurnEngine.Models;
using ChurnEngine.ModelSamples;
using ChurnEngine.TestKit;

namespace ChurnEngine.OnnxBackend.Tests;

/// <summary>Every calibration inside the exported graph: in ONNX Runtime here, in Node, in WebAssembly, and before the checker.</summary>
public sealed class CalibrationInteropTests
{
    // A forest's trees are few against a booster's and have many leaves; its file is made of the same operators.
    private static readonly ModelShape s_forest = new() { Trees = 40, Leaves = 400, Features = 12 };

    private static readonly IReadOnlyDictionary<string, Func<(ChurnModel Model, Func<ChurnModel, float[]> Rows)>> s_families = new Dictionary<string, Func<(ChurnModel, Func<ChurnModel, float[]>)>>
    {
        ["boosted"] = () => (RandomModels.Create(31, SampleShapes.All["200 trees"]), model => RandomModels.Rows(32, model, 1000)),
        ["forest"] = () => (RandomModels.Create(33, s_forest), model => RandomModels.Rows(32, model, 1000)),
        ["logistic"] = () => (RandomLinearModels.Create(31, "mixed"), LinearRows),
        ["stacked"] = () => (RandomStacks.Create(31, SampleShapes.All["numeric and categorical"]), model => RandomStacks.Rows(32, model, 1000)),
    };

    public static TheoryData<string> Kinds => [.. SampleCalibrations.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Calibrated_InOnnxRuntime_EqualsTheWalkInBothProfilesAndInTheTensorForm(string kind)
    {
        foreach (string family in s_families.Keys)
        {
            (ChurnModel model, float[] rows) = Model(kind, family);
            Outputs expected = Outputs.Of(new WalkBackend(model), rows);
            foreach (OnnxProfile profile in Enum.GetValues<OnnxProfile>())
            {
                using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows, profile));
                expected.AssertNear(Outputs.Of(backend, rows), Tolerance(profile, model), $"{family}, {kind}, {profile}");
            }
            using OnnxModelBackend tensors = OnnxModelBackend.OpenTensorForm(ModelFile.Encode(model, rows));
            expected.AssertNear(Outputs.Of(tensors, rows), 1e-6f, $"{family}, {kind}, tensor form");
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
            foreach (string family in s_families.Keys)
            {
                using var folder = new TemporaryDirectory();
                (ChurnModel model, float[] rows) = Model(kind, family);
                ModelFile.Save(model, folder["model.onnx"], rows, profile);
                (float[] probability, float[] margin) = ForeignRuntimes.Predict(runtime, folder["model.onnx"], rows, model.Predictor.FeatureCount);
                Outputs.Of(new WalkBackend(model), rows).AssertNear(new Outputs(probability, margin), Tolerance(profile, model), $"{runtime}, {family}, {kind}, {profile}");
            }
        }
    }

    [Fact]
    public void Calibrated_CompatibleProfile_PassesTheOnnxChecker()
    {
        foreach (string kind in SampleCalibrations.All.Keys)
        {
            foreach (string family in s_families.Keys)
            {
                using var folder = new TemporaryDirectory();
                (ChurnModel model, float[] rows) = Model(kind, family);
                ModelFile.Save(model, folder["model.onnx"], rows, OnnxProfile.Compatible);
                ForeignRuntimes.CheckOnnx(folder["model.onnx"]);
            }
        }
    }

    private static (ChurnModel Model, float[] Rows) Model(string kind, string family)
    {
        (ChurnModel model, Func<ChurnModel, float[]> rows) = s_families[family]();
        model = SampleCalibrations.With(model, SampleCalibrations.All[kind]);
        return (model, rows(model));
    }

    // In float a value a million deviations away takes the digits of all others with it.
    private static float[] LinearRows(ChurnModel model) =>
        [.. RandomLinearModels.Rows(32, model, 1000).Select(value => Math.Abs(value) is > 1e6f and < float.PositiveInfinity ? 1000 : value)];

    // A margin in float is off by some 1e-6, and the calibration multiplies that; in double nothing is left of it.
    private static float Tolerance(OnnxProfile profile, ChurnModel model) => profile == OnnxProfile.Default ? 1e-6f : 4e-6f * (float)Math.Max(1, model.Calibration.Steepness);
}
