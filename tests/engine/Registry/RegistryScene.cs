using ChurnEngine.Models;
using ChurnEngine.ModelSamples;
using ChurnEngine.TestKit;

namespace ChurnEngine.Registry.Tests;

/// <summary>A clock that a test moves.</summary>
internal sealed class HandClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2024, 7, 1, 6, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>Microseconds since 1970 UTC.</summary>
    public long Micros => (Now.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}

/// <summary>A registry in a new folder, and small models to fill it with.</summary>
internal sealed class RegistryScene : IDisposable
{
    private static readonly ChurnModel[] s_models = [.. Enumerable.Range(0, 5).Select(seed => Model(seed, 0.8 + 0.01 * seed))];

    public RegistryScene() => Registry = new ModelRegistry(Temporary["registry"], Clock);

    public TemporaryDirectory Temporary { get; } = new();

    public HandClock Clock { get; } = new();

    public ModelRegistry Registry { get; }

    public string Folder => Registry.Folder;

    /// <summary>Models of different content.</summary>
    public static IReadOnlyList<ChurnModel> Models => s_models;

    public static OpenModelBackend Walk { get; } = model => new WalkBackend(model);

    /// <summary>A backend whose every probability is off.</summary>
    public static OpenModelBackend Broken { get; } = model => new OffBackend(new WalkBackend(model));

    public static ChurnModel Model(int seed, double auc)
    {
        ChurnModel model = RandomModels.Create(seed, new ModelShape { Trees = 3, Leaves = 4 });
        model = new ChurnModel
        {
            Predictor = model.Predictor,
            Calibration = model.Calibration,
            Metadata = model.Metadata with { Metrics = new Dictionary<string, double> { ["test.roc_auc"] = auc, ["test.ece"] = 0.02 }, TrainingAsOf = [1_700_000_000_000_000], KnownThrough = 1_702_000_000_000_000 },
        };
        return ModelFile.Encode(model, RandomModels.Rows(seed + 100, model, 20));
    }

    public string Register(int model) => Registry.Register(new RegistrationRequest(s_models[model], ModelCard.Write(s_models[model]), $"model-{model}.onnx", null)).Version;

    public MoveOutcome Promote(string version, string alias = AliasName.Production, params GateVerdict[] verdicts) =>
        Registry.Promote(new PromotionRequest(alias, version, Walk) { Verdicts = verdicts });

    public MoveOutcome Rollback(string alias = AliasName.Production) => Registry.Rollback(alias, null, null, Walk);

    public void Dispose() => Temporary.Dispose();

    private sealed class OffBackend(WalkBackend inner) : IModelBackend
    {
        public string Name => "off";

        public int FeatureCount => inner.FeatureCount;

        public void Predict(ReadOnlySpan<float> rows, Span<float> predicted, Span<float> margin)
        {
            inner.Predict(rows, predicted, margin);
            foreach (ref float value in predicted)
                value += 0.001f;
        }

        public void Dispose() => inner.Dispose();
    }
}
