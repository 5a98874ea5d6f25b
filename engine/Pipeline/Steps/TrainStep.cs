using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Trains on snapshots by time: the earlier ones train, then one each stops, calibrates (a probability) and tests.</summary>
/// <remarks><see cref="SnapshotSplit"/> says which, and what their labels may know. Source: design.md section 5.</remarks>
public static class TrainStep
{
    /// <summary>Trains a model of the project's plan and writes it.</summary>
    /// <param name="project">Plan, tables, settings.</param>
    /// <param name="request">Options and files.</param>
    /// <param name="open">Backend that must reproduce the model's golden rows.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> without label or with too few snapshots; <see cref="ChurnGateException"/> when the audit raises an alarm that is not overruled.</remarks>
    public static TrainReport Run(ProjectConfig project, TrainRequest request, OpenModelBackend open, StepContext context)
    {
        using var trials = new SearchJournal();
        var job = new ModelJob(project.Train, request, project.Resolve(project.Train.Model), project.Plan.Label?.IsNumeric == true, context) { HasTime = true, Journal = trials };
        trials.Open(job);
        PersonalDataGate.Check(project.Plan, job.AllowPersonal);
        FeaturePlan plan = job.Continue(project.Plan);
        using IngestSession session = context.OpenIngest(project.Ingest, project.Resolve("."));
        PopulationMemory? population = PopulationSource.MemoryOf(project, plan, session);
        using CustomerData data = DataLoad.Run(project.Plan, session, context);
        SnapshotCalendar calendar = SnapshotCalendar.Propose(data);
        SnapshotSplit split = ChooseSnapshots(project, data, calendar);
        job.From?.RequireEarlier(split.LastTraining);
        using TrainingSet set = context.Stages.Time("features", () => TrainingSet.Build(plan, data, new TrainingSetOptions
        {
            AsOf = split.AsOf,
            LabelsKnownAt = split.KnownAt,
            FreezeThrough = split.LastTraining,
            Budget = context.Budget,
        }, context.Cancellation), built => built.Matrix.RowCount);
        job.From?.RequireFeatures(set.Plan.Features);
        context.Warn(set.Warnings);
        context.Warn(PersonalDataGate.Check(set.Plan, job.AllowPersonal));
        context.Warn(calendar.Censored.Select(dropped => $"left out: {dropped.Reason}"));
        if (SnapshotSplit.Advise(set.Snapshots, project.Plan.Label!) is { } advice)
            context.Warn(advice);
        if (population?.IsSettled == false)
            _ = population.Leave(new Featurizer(set.Plan, data), project.Score.AsOf, context);
        if (project.Plan.Label!.IsNumeric)
            return RegressionFit.Run(set, split, job, open, context);
        var folds = new ProjectFolds(job.Settings, plan, data, calendar, context);
        FoldReport? measured = job.Settings.Validation.Folds == 0 ? null : context.Stages.Time("folds", () => FoldStep.Run(folds, job, context), done => done.Folds.Count);
        return Fit(set, split, (job, folds, project), open, context) with { Folds = measured };
    }

    private static TrainReport Fit(TrainingSet set, SnapshotSplit split, (ModelJob Job, ProjectFolds Folds, ProjectConfig Project) how, OpenModelBackend open, StepContext context)
    {
        ModelJob job = how.Job;
        SnapshotRange[] ranges = [.. set.Snapshots];
        SnapshotRange[] training = ranges[..^split.LaterRoles];
        SnapshotRange all = training[0] with { Count = training.Sum(range => range.Count), Positives = training.Sum(range => range.Positives) };
        LabelledRows train = Rows(set, all);
        LabelledRows stop = Rows(set, ranges[^3]);
        LabelledRows calibrate = Rows(set, ranges[^2]);
        LabelledRows test = Rows(set, ranges[^1]);
        job.RequireThreshold(set.Plan.Features);

        TrainedPredictor trained = Train(job, job.Algorithm(ModelTask.Classification, inner: _ => how.Folds.Inner(split)), (train, stop), context);
        FittedModel fitted = context.Stages.Time("calibrate", () =>
            FittedModel.Fit(trained.Predictor, new CalibrationRows(FittedModel.Margins(trained.Predictor, calibrate.Matrix, context), calibrate.Labels.ToArray(), ThresholdFit.SegmentsOf(calibrate.Matrix, job)), job, context), _ => calibrate.Matrix.RowCount);
        ModelMetadata described = fitted.Describe(ModelRecord.Describe(set.Plan, train, job, trained));
        ClassificationMetrics metrics = context.Stages.Time("evaluate", () =>
            fitted.Measure(fitted.Probabilities(FittedModel.Margins(fitted.Predictor, test.Matrix, context)), test.Labels.Span, ThresholdFit.CutsOf(described, test.Matrix)), _ => test.Matrix.RowCount);
        IReadOnlyList<string> alarms = context.Stages.Time("audit", () => LeakageGate.Check(train, metrics.RocAuc.Auc, job.Request.AllowLeakage, context), _ => all.Count);

        ModelMetadata metadata = described with
        {
            TrainingAsOf = [.. training.Select(range => range.AsOf)],
            KnownThrough = ranges[^1].AsOf,
            TrainingPositiveRate = (double)all.Positives / all.Count,
            Metrics = metrics.ToDictionary().ToDictionary(metric => "test." + metric.Key, metric => metric.Value),
            Fairness = FairnessStep.OfTraining(how.Project, (set.Plan, fitted, described), (ranges[^1].AsOf, split), context),
        };
        ChurnModel model = context.Stages.Time("export", () => ModelRecord.Save(fitted.ToModel(metadata), test.Matrix, job, open), _ => test.Matrix.RowCount);
        return new TrainReport
        {
            Model = job.ModelPath,
            Version = model.Version,
            Algorithm = job.Kind,
            Trees = trained.Trees,
            Size = trained.Size,
            Features = set.Plan.Features.Count,
            Design = DesignOf(ranges, training),
            Snapshots = [.. ranges.Select((range, index) => new SnapshotUse(InstantText.Format(range.AsOf), split.Roles[index], range.Count, range.Positives))],
            Purged = [.. split.Describe(ranges)],
            Metrics = metrics.ToDictionary(),
            Calibration = fitted.Record,
            Threshold = fitted.ThresholdRule,
            OverruledAlarms = alarms,
            ContinuedFrom = job.From?.Model.Version,
            Search = TuneReport.Of(trained.Search),
            Selected = trained.Selected,
        };
    }

    /// <summary>Trains the model that is kept, and passes on what the user should know.</summary>
    internal static TrainedPredictor Train(ModelJob job, IAlgorithm algorithm, (LabelledRows Train, LabelledRows? Stop) rows, StepContext context)
    {
        using TraceFile? trace = job.OpenTrace();
        if (trace is not null && algorithm is BoosterAlgorithm booster)
            algorithm = booster.Tracing(trace.Write);
        else if (trace is not null && algorithm is RecipeAlgorithm recipe)
            algorithm = recipe.Tracing(trace.Write);
        TrainedPredictor trained = context.Stages.Time("train", () => algorithm.Fit(rows.Train, rows.Stop, context.Progress, context.Cancellation), _ => rows.Train.Matrix.RowCount);
        trace?.Publish();
        context.Warn(trained.Warnings);
        job.Request.Trained?.Invoke(trained);
        return trained;
    }

    internal static string DesignOf(SnapshotRange[] ranges, SnapshotRange[] training) =>
        $"measured as of {InstantText.Format(ranges[^1].AsOf)} on {ranges[^1].Count:N0} customers; trained on {training.Length} snapshots up to {InstantText.Format(training[^1].AsOf)}";

    internal static LabelledRows Rows(TrainingSet set, SnapshotRange range) =>
        new(set.Matrix.View(range.Start, range.Count), set.Labels.AsMemory((int)range.Start, (int)range.Count));

    /// <summary>The snapshots that a project trains on and is measured on.</summary>
    internal static SnapshotSplit ChooseSnapshots(ProjectConfig project, CustomerData data, SnapshotCalendar calendar) =>
        SnapshotSplit.Choose(calendar.Usable, project.Plan.Label!, project.Train.Snapshots, project.Train.DropLateLabels ? data.LongestLatenessMicros : 0)
        ?? throw PipelineErrors.TooFewSnapshots(calendar.Usable.Count, SnapshotSplit.LaterRolesOf(project.Plan.Label!), string.Join("; ", calendar.Censored.Select(dropped => dropped.Reason)));
}
