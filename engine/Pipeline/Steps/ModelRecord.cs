using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>A training request with the project's settings filled in and checked.</summary>
internal sealed class ModelJob
{
    private readonly TrainSettings _settings;

    public ModelJob(TrainSettings settings, TrainRequest request, string defaultPath, StepContext context)
    {
        Request = request;
        _settings = request.Overrides.Apply(settings, context.Budget.Threads);
        ModelPath = request.ModelPath ?? defaultPath;
        ModelFile.CheckWritable(ModelPath);
        if (request.CompatiblePath is { } compatible)
            ModelFile.CheckWritable(compatible);
    }

    public TrainRequest Request { get; }

    /// <summary>The algorithm, as it is written in churn.yaml.</summary>
    public string Kind => _settings.Algorithm.ToString().ToLowerInvariant();

    /// <summary>Key of every random choice, folds included.</summary>
    public long Seed => (long)_settings.Booster.Seed;

    /// <summary>What trains a label of this kind.</summary>
    /// <param name="task">What the label is.</param>
    /// <param name="suit">Suits the booster's options to the rows; null for as they are.</param>
    /// <remarks>Errors: CE1113 where the algorithm does not predict such a label.</remarks>
    public IAlgorithm Algorithm(ModelTask task, Func<BoosterOptions, BoosterOptions>? suit = null)
    {
        if (_settings.Algorithm == AlgorithmKind.Logistic)
            return task == ModelTask.Classification ? new LogisticAlgorithm(_settings.Logistic) : throw PipelineErrors.LogisticOfAValue();
        BoosterOptions options = task == ModelTask.Regression ? _settings.Booster with { Objective = ObjectiveKind.SquaredError } : _settings.Booster;
        return new BoosterAlgorithm(suit?.Invoke(options) ?? options);
    }

    public string ModelPath { get; }
}

/// <summary>What a model says of itself, and how it is written and made to prove itself.</summary>
internal static class ModelRecord
{
    /// <summary>Everything known once training is done.</summary>
    public static ModelMetadata Describe(FeaturePlan plan, LabelledRows train, ModelJob job, TrainedPredictor trained)
    {
        var options = trained.Options.ToDictionary();
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
            Importance = trained.Importance,
            Coefficients = trained.Coefficients,
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
