using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Registry;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>A training request with the project's settings filled in and checked.</summary>
internal sealed class ModelJob
{
    private readonly TrainSettings _settings;
    private readonly StepContext _context;

    /// <param name="settings">Settings of the project, or the defaults.</param>
    /// <param name="request">Options and files.</param>
    /// <param name="defaultPath">Where the model goes when the request says nothing.</param>
    /// <param name="labelIsNumber">True when a value is to be predicted.</param>
    /// <param name="context">Budget.</param>
    public ModelJob(TrainSettings settings, TrainRequest request, string defaultPath, bool labelIsNumber, StepContext context)
    {
        Request = request;
        settings = request.Design.Apply(request.Overrides.Apply(settings, context.Budget.Threads));
        _context = context;
        _settings = settings.Algorithm is AlgorithmKind.Boosting or AlgorithmKind.Stack or AlgorithmKind.RecentHistorical ? settings with { Booster = WithObjective(settings.Booster, labelIsNumber) } : settings;
        if (labelIsNumber && settings.Validation.Folds > 0)
            throw DesignErrors.OnlyOfChurn("`validation.folds`");
        if (request.ContinueFrom is not null && (settings.Tune.Trials > 0 || settings.Select is not null || settings.Imbalance is not null || settings.Validation.Folds > 0))
            throw DesignErrors.CannotContinueWith(settings.Validation.Folds > 0 ? "`validation.folds`" : AlgorithmChoice.WhatIsAsked(settings));
        if (settings.Algorithm != AlgorithmKind.Boosting && request.ContinueFrom is not null)
            throw PipelineErrors.FlagOfAnotherAlgorithm("--continue-from", Kind);
        if (settings.Algorithm != AlgorithmKind.Boosting && request.TracePath is not null)
            throw PipelineErrors.FlagOfAnotherAlgorithm("--trace", Kind);
        if (labelIsNumber && (request.Overrides is { Calibration: not null } or { ThresholdBy: not null } or { ThresholdPer: not null }))
            throw PipelineErrors.FlagOfChurn(request.Overrides.Calibration is not null ? "--calibration" : request.Overrides.ThresholdBy is not null ? "--threshold-by" : "--threshold-per");
        ModelPath = request.ModelPath ?? defaultPath;
        ModelFile.CheckWritable(ModelPath);
        if (request.CompatiblePath is { } compatible)
            ModelFile.CheckWritable(compatible);
    }

    public TrainRequest Request { get; }

    /// <summary>The algorithm, as it is written in churn.yaml.</summary>
    public string Kind => AlgorithmNames.Of(_settings.Algorithm);

    /// <summary>Which calibration; null chooses by out-of-fold log-loss.</summary>
    public CalibrationKind? Calibration => _settings.Calibration;

    /// <summary>How the threshold is chosen.</summary>
    public ThresholdSettings Threshold => _settings.Threshold;

    /// <summary>The feature whose values get thresholds of their own, once the features are known; null for one threshold.</summary>
    public FeatureInfo? SegmentFeature { get; private set; }

    /// <summary>Finds the feature of the segments among those of the plan, and refuses what could not be chosen, before anything is trained.</summary>
    /// <remarks>Errors: CE1151 for expected values without calibration, CE1152 for a feature that is none or has no categories.</remarks>
    public void RequireThreshold(IReadOnlyList<FeatureInfo> features)
    {
        if (Calibration == CalibrationKind.None && Threshold.Rule is ThresholdRule.ByValue)
            throw PipelineErrors.ValueOfUncalibrated();
        if (Threshold.Per is not { } name)
            return;
        SegmentFeature = features.FirstOrDefault(feature => feature.Name == name && feature.Categories.Count > 0)
            ?? throw PipelineErrors.NotASegment("threshold", name, features.Where(feature => feature.Categories.Count > 0).Select(feature => feature.Name));
    }

    /// <summary>Key of every random choice, folds included.</summary>
    public long Seed => (long)_settings.Booster.Seed;

    /// <summary>Features or columns that look like personal data and are allowed all the same.</summary>
    public IReadOnlyList<string> AllowPersonal => [.. _settings.AllowPersonal.Concat(Request.AllowPersonal).Distinct()];

    /// <summary>Settings of the project, with what the request overrides.</summary>
    public TrainSettings Settings => _settings;

    /// <summary>Remembers the trials of a search; null without one.</summary>
    public ITrialLog? Journal { get; init; }

    /// <summary>Where those are remembered.</summary>
    public string JournalPath => Request.Design.Journal ?? $"{ModelPath}.trials.jsonl";

    /// <summary>What trains a label of this kind.</summary>
    /// <param name="task">What the label is.</param>
    /// <param name="suit">Suits the booster's options to the rows; null for as they are.</param>
    /// <param name="inner">Folds by time for a search; null: stratified ones.</param>
    /// <param name="settings">Other settings than the job's, to be compared with; null for those.</param>
    /// <remarks>Errors: those of <see cref="AlgorithmChoice.Make"/>.</remarks>
    public IAlgorithm Algorithm(ModelTask task, Func<BoosterOptions, BoosterOptions>? suit = null, Func<LabelledRows, TuningFolds>? inner = null, TrainSettings? settings = null) => new AlgorithmChoice
    {
        Settings = settings ?? _settings,
        Task = task,
        Threads = _context.Budget.Threads,
        EngineVersion = Request.EngineVersion,
        Suit = suit,
        ContinueFrom = From?.Model.Ensemble,
        HasTime = HasTime,
        InnerFolds = inner,
        Log = Journal,
        Trials = _context.Trials is { } shown ? new TrialRelay(shown) : null,
    }.Make();

    /// <summary>True where rows stand in the order of time: those of a project.</summary>
    public bool HasTime { get; init; }

    /// <summary>How what is predicted comes from the margin.</summary>
    public OutputLink Link => _settings.Algorithm == AlgorithmKind.Boosting ? _settings.Booster.Objective!.Value.Link() : OutputLink.Identity;

    /// <summary>A file for every split, in JSON lines, while a last training runs; null where none was asked for.</summary>
    /// <remarks>Errors: CE1119 where nothing is boosted; CE1121 when the file cannot be written.</remarks>
    public TraceFile? OpenTrace() => Request.TracePath is { } path ? TraceFile.Open(path) : null;

    public string ModelPath { get; }

    /// <summary>The model whose trees come first; null when training starts anew.</summary>
    public ContinuedModel? From { get; private set; }

    /// <summary>Opens the model that the request goes on from, if any.</summary>
    /// <returns>The plan, under that model's categories.</returns>
    public FeaturePlan Continue(FeaturePlan plan)
    {
        if (Request.ContinueFrom is { } path)
            From = ContinuedModel.Open(path, plan, _settings.Booster);
        return From?.Plan ?? plan;
    }

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
    /// <summary>Everything known once training is done.</summary>
    public static ModelMetadata Describe(FeaturePlan plan, LabelledRows train, ModelJob job, TrainedPredictor trained)
    {
        var options = trained.Options.ToDictionary();
        if (job.Request.AllowLeakage is { } reason)
            options["AllowLeakage"] = reason;
        if (job.AllowPersonal.Count > 0)
            options["AllowPersonal"] = string.Join(", ", job.AllowPersonal);
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
            Importance = trained.Importance,
            LearningCurve = trained.Curve,
            Coefficients = trained.Coefficients,
        };
    }

    /// <summary>Writes the model with its card beside it, and opens it again in the backend that will serve; golden rows that do not reproduce stop here.</summary>
    public static ChurnModel Save(ChurnModel model, FeatureMatrix goldenSource, ModelJob job, OpenModelBackend open)
    {
        ChurnModel saved = ModelFile.Save(model, job.ModelPath, goldenSource);
        using (IModelBackend backend = open(ModelFile.Load(job.ModelPath)))
            ModelProof.Check(saved, backend);
        AtomicFile.WriteText(ModelCard.PathBeside(job.ModelPath), ModelCard.Write(saved));
        if (job.Request.CompatiblePath is { } path)
            ModelFile.Save(model, path, goldenSource, OnnxProfile.Compatible);
        return saved;
    }
}
