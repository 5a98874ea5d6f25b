using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>What a model says of itself, and how it is written and made to prove itself.</summary>
internal static class ModelRecord
{
    /// <summary>Everything known once the trees are there.</summary>
    public static ModelMetadata Describe(FeaturePlan plan, LabelledRows train, TrainRequest request, BoosterResult boosted)
    {
        var options = request.Booster.GetType().GetProperties()
            .Where(property => property.Name != nameof(BoosterOptions.Threads) && property.CanWrite)
            .ToDictionary(property => property.Name, property => Convert.ToString(property.GetValue(request.Booster), System.Globalization.CultureInfo.InvariantCulture) ?? "");
        options["BestRound"] = boosted.BestRound.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (request.AllowLeakage is { } reason)
            options["AllowLeakage"] = reason;
        return new ModelMetadata
        {
            EngineVersion = request.EngineVersion,
            Plan = plan.ToYaml(),
            PlanHash = plan.Hash,
            Features = plan.Features,
            TrainingRows = train.Matrix.RowCount,
            TrainerOptions = options,
            Distributions = FeatureDistributions.Of(train.Matrix),
        };
    }

    /// <summary>Writes the model and opens it again in the backend that will serve; golden rows that do not reproduce stop here.</summary>
    public static ChurnModel Save(ChurnModel model, FeatureMatrix goldenSource, TrainRequest request, OpenModelBackend open)
    {
        ChurnModel saved = ModelFile.Save(model, request.ModelPath, goldenSource);
        using (IModelBackend backend = open(ModelFile.Load(request.ModelPath)))
            ModelProof.Check(saved, backend);
        if (request.CompatiblePath is { } path)
            ModelFile.Save(model, path, goldenSource, OnnxProfile.Compatible);
        return saved;
    }
}
