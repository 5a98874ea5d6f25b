using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>A model whose trees a training goes on from, and the project's plan under its categories.</summary>
internal sealed class ContinuedModel
{
    // By what the objective is, beside its name.
    private static readonly Dictionary<ObjectiveKind, string[]> s_parameters = new()
    {
        [ObjectiveKind.Tweedie] = [nameof(BoosterOptions.TweedieVariancePower)],
        [ObjectiveKind.Quantile] = [nameof(BoosterOptions.QuantileAlpha)],
        [ObjectiveKind.Focal] = [nameof(BoosterOptions.FocalGamma), nameof(BoosterOptions.FocalAlpha)],
    };

    private ContinuedModel(ChurnModel model, FeaturePlan plan) => (Model, Plan) = (model, plan);

    public ChurnModel Model { get; }

    public FeaturePlan Plan { get; }

    /// <summary>Reads the file and refuses a model that other trees could not add to.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="plan">The project's plan.</param>
    /// <param name="booster">How the new trees are trained; its objective is not null.</param>
    /// <remarks>Errors: those of <see cref="ModelFile.Load"/>; CE5003 when it wants another plan, CE5202 when it is of a plain table, CE5205 when it minimises something else.</remarks>
    public static ContinuedModel Open(string path, FeaturePlan plan, BoosterOptions booster)
    {
        ChurnModel model = ModelFile.Load(path);
        FeaturePlan inside = ServedModel.PlanIn(model, path);
        if (inside.IsTimeless)
            throw PipelineErrors.NotAnEventModel(model.Version);
        if (plan.Hash != inside.Hash)
            throw PipelineErrors.OtherPlan(model.Version, inside.Hash, plan.Hash);
        (string has, string wanted) = (ObjectiveOf(model.Metadata.TrainerOptions, booster.Objective!.Value), ObjectiveOf(OptionText.Of(AlgorithmKind.Boosting, booster), booster.Objective.Value));
        if (has != wanted)
            throw PipelineErrors.CannotContinue(model.Version, "it was trained on another objective", wanted, has);
        return new ContinuedModel(model, plan.WithCategoriesOf(inside));
    }

    /// <summary>Refuses a model that has learnt from snapshots which the new one is to stop, calibrate or be measured on.</summary>
    /// <param name="lastTraining">The last snapshot that trains now.</param>
    public void RequireEarlier(long lastTraining)
    {
        if (Model.Metadata.TrainingAsOf.DefaultIfEmpty(long.MaxValue).Max() is var last && last > lastTraining)
            throw PipelineErrors.CannotContinue(Model.Version, "it may have learnt from what this training stops, calibrates or is measured on", $"one trained on snapshots up to {InstantText.Format(lastTraining)}",
                last == long.MaxValue ? "it does not say on which" : $"up to {InstantText.Format(last)}");
    }

    /// <summary>Refuses a model whose trees would read other columns. The same plan gives the same features, unless the file says otherwise.</summary>
    public void RequireFeatures(IReadOnlyList<FeatureInfo> features)
    {
        IReadOnlyList<FeatureInfo> has = Model.Metadata.Features;
        int other = Enumerable.Range(0, Math.Max(has.Count, features.Count)).FirstOrDefault(i => Describe(has, i) != Describe(features, i), -1);
        if (other >= 0)
            throw PipelineErrors.CannotContinue(Model.Version, $"its feature {other + 1} is another one", Describe(features, other), Describe(has, other));

        static string Describe(IReadOnlyList<FeatureInfo> all, int i) => i >= all.Count ? "none" : all[i].Categories.Count == 0 ? all[i].Name : $"{all[i].Name} of {all[i].Categories.Count} categories, {string.Join(", ", all[i].Categories)}";
    }

    private static string ObjectiveOf(IReadOnlyDictionary<string, string> options, ObjectiveKind wanted)
    {
        string name = options.GetValueOrDefault(nameof(BoosterOptions.Objective), "none");
        if (name != wanted.ToString() || !s_parameters.TryGetValue(wanted, out string[]? parameters))
            return Snake(name);
        return $"{Snake(name)} ({string.Join(", ", parameters.Select(parameter => $"{Snake(parameter)} {options.GetValueOrDefault(parameter, "not said")}"))})";
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
