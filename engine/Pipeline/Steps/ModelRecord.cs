using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>A training request with the project's settings filled in and checked.</summary>
internal sealed class ModelJob
{
    /// <param name="settings">Options of the project, or the defaults.</param>
    /// <param name="request">Options and files.</param>
    /// <param name="defaultPath">Where the model goes when the request says nothing.</param>
    /// <param name="labelIsNumber">True when a value is to be predicted.</param>
    /// <param name="context">Budget.</param>
    public ModelJob(BoosterOptions settings, TrainRequest request, string defaultPath, bool labelIsNumber, StepContext context)
    {
        Request = request;
        Booster = WithObjective(request.Overrides.Apply(settings, context.Budget.Threads), labelIsNumber);
        ModelPath = request.ModelPath ?? defaultPath;
        ModelFile.CheckWritable(ModelPath);
        if (request.CompatiblePath is { } compatible)
            ModelFile.CheckWritable(compatible);
    }

    public TrainRequest Request { get; }

    public BoosterOptions Booster { get; }

    public string ModelPath { get; }

    /// <summary>The model whose trees come first; null when training starts anew.</summary>
    public ContinuedModel? From { get; private set; }

    /// <summary>Opens the model that the request goes on from, if any.</summary>
    /// <returns>The plan, under that model's categories.</returns>
    public FeaturePlan Continue(FeaturePlan plan)
    {
        if (Request.ContinueFrom is { } path)
            From = ContinuedModel.Open(path, plan, Booster);
        return From?.Plan ?? plan;
    }

    /// <summary>What the booster works on.</summary>
    public BoosterInputs Inputs(LabelledRows train, LabelledRows stop) => new(train, stop) { ContinueFrom = From?.Model.Ensemble };

    private static BoosterOptions WithObjective(BoosterOptions options, bool labelIsNumber)
    {
        ObjectiveKind objective = options.Objective ?? (labelIsNumber ? ObjectiveKind.SquaredError : ObjectiveKind.Logistic);
        if (objective.IsClassifier() == labelIsNumber)
            throw PipelineErrors.ObjectiveOfOtherLabel(BoosterValues.NameOf(objective), labelIsNumber, Enum.GetValues<ObjectiveKind>().Where(kind => kind.IsClassifier() != labelIsNumber).Select(BoosterValues.NameOf));
        BoosterOptions result = options with { Objective = objective };
        result.ValidateObjective();
        return result;
    }
}

/// <summary>What a model says of itself, and how it is written and made to prove itself.</summary>
internal static class ModelRecord
{
    /// <summary>Everything known once the trees are there.</summary>
    public static ModelMetadata Describe(FeaturePlan plan, LabelledRows train, ModelJob job, (BoosterOptions Options, BoosterResult Result) boosted)
    {
        Dictionary<string, string> options = OptionsOf(boosted.Options);
        options["BestRound"] = boosted.Result.BestRound.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (job.Request.AllowLeakage is { } reason)
            options["AllowLeakage"] = reason;
        if (job.From is { } from)
            (options["ContinuedFrom"], options["ContinuedTrees"]) = (from.Model.Version, from.Model.Ensemble.Trees.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
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

    /// <summary>The options of the booster as a model says them. Threads change nothing, and one that is not set is not said.</summary>
    public static Dictionary<string, string> OptionsOf(BoosterOptions options) => typeof(BoosterOptions).GetProperties()
        .Where(property => property.Name != nameof(BoosterOptions.Threads) && property.CanWrite && property.GetValue(options) is not null)
        .ToDictionary(property => property.Name, property => Convert.ToString(property.GetValue(options), System.Globalization.CultureInfo.InvariantCulture)!);

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
