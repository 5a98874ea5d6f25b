using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>A training request with the project's settings filled in and checked.</summary>
internal sealed class ModelJob
{
    public ModelJob(BoosterOptions settings, TrainRequest request, string defaultPath, StepContext context)
    {
        Request = request;
        Booster = request.Overrides.Apply(settings, context.Budget.Threads);
        ModelPath = request.ModelPath ?? defaultPath;
        ModelFile.CheckWritable(ModelPath);
        if (request.CompatiblePath is { } compatible)
            ModelFile.CheckWritable(compatible);
    }

    public TrainRequest Request { get; }

    public BoosterOptions Booster { get; }

    public string ModelPath { get; }
}

/// <summary>What a model says of itself, and how it is written and made to prove itself.</summary>
internal static class ModelRecord
{
    /// <summary>Everything known once the trees are there.</summary>
    public static ModelMetadata Describe(FeaturePlan plan, LabelledRows train, ModelJob job, (BoosterOptions Options, BoosterResult Result) boosted)
    {
        var options = typeof(BoosterOptions).GetProperties()
            .Where(property => property.Name != nameof(BoosterOptions.Threads) && property.CanWrite)
            .ToDictionary(property => property.Name, property => Convert.ToString(property.GetValue(boosted.Options), System.Globalization.CultureInfo.InvariantCulture) ?? "");
        options["BestRound"] = boosted.Result.BestRound.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (job.Request.AllowLeakage is { } reason)
            options["AllowLeakage"] = reason;
        return new ModelMetadata
        {
            EngineVersion = job.Request.EngineVersion,
            Plan = plan.ToYaml(),
            PlanHash = plan.Hash,
            Features = plan.Features,
            TrainingRows = train.Matrix.RowCount,
            TrainerOptions = options,
            Distributions = FeatureDistributions.Of(train.Matrix),
        };
    }

    /// <summary>Writes the model and opens it again in the backend that will serve; golden rows that do not reproduce stop here.</summary>
    public static ChurnModel Save(ChurnModel model, FeatureMatrix goldenSource, ModelJob job, OpenModelBackend open)
    {
        ChurnModel saved = ModelFile.Save(model, job.ModelPath, goldenSource);
        using (IModelBackend backend = open(ModelFile.Load(job.ModelPath)))
            ModelProof.Check(saved, backend);
        if (job.Request.CompatiblePath is { } path)
            ModelFile.Save(model, path, goldenSource, OnnxProfile.Compatible);
        return saved;
    }
}
