using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.Reporting;

namespace ChurnEngine.Pipeline;

/// <summary>Measures a model on labelled data, through the backend that serves it.</summary>
public static class EvaluateStep
{
    /// <summary>Measures on one snapshot of a project.</summary>
    /// <param name="project">Plan and tables.</param>
    /// <param name="asOf">Instant; null: the latest whose labels are complete.</param>
    /// <param name="choice">Model and backend.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <param name="extras">What is measured beside the metrics; null for nothing.</param>
    /// <remarks>Errors: those of reading and featurizing; CE1156 to CE1160 of the report.</remarks>
    public static EvaluationReport Run(ProjectConfig project, long? asOf, ModelChoice choice, StepContext context, EvaluationExtras? extras = null)
    {
        LabelledScores? previous = extras?.Report?.CompareWith is { } other ? Score(project, asOf, other, context) : null;
        return Report(Score(project, asOf, choice, context, extras, previous), context, extras);
    }

    /// <summary>Predictions and labels of one snapshot, for whoever wants to measure them in more than one way.</summary>
    /// <param name="project">Plan and tables.</param>
    /// <param name="asOf">Instant; null: the latest whose labels are complete.</param>
    /// <param name="choice">Model and backend.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <param name="extras">What is measured beside the metrics; null for nothing.</param>
    /// <param name="previous">What the model of the report's comparison said of the same snapshot; null for none.</param>
    public static LabelledScores Score(ProjectConfig project, long? asOf, ModelChoice choice, StepContext context, EvaluationExtras? extras = null, LabelledScores? previous = null)
    {
        using var served = ServedModel.Open(choice);
        extras?.Check(served.Model, context);
        FeaturePlan plan = served.PlanOf(project);
        using IngestSession session = context.OpenIngest(project.Ingest, project.Resolve("."));
        GroupColumns? groups = GroupsOf(plan, extras, session);
        using CustomerData data = Load(plan, groups, session, context);
        SnapshotCalendar calendar = asOf is { } given ? SnapshotCalendar.Check(data, [given]) : Preferred(data, extras?.Preferred ?? []);
        if (calendar.Usable.Count == 0)
            throw PipelineErrors.TooFewSnapshots(0, [], string.Join("; ", calendar.Censored.Select(dropped => dropped.Reason)));
        long instant = calendar.Usable[^1];
        if (served.Model.Metadata.TrainingAsOf.Contains(instant))
            context.Warn($"the model was trained on the snapshot as of {InstantText.Format(instant)}: these metrics flatter it");
        string design = $"measured as of {InstantText.Format(instant)} with backend {served.Backend.Name}";
        return Score((served, plan, design, groups), data, instant, context, extras, previous);
    }

    // The latest of the calendar, unless an instant that was asked for lies after the one before it.
    private static SnapshotCalendar Preferred(CustomerData data, IReadOnlyList<long> wanted)
    {
        SnapshotCalendar calendar = SnapshotCalendar.Propose(data);
        IReadOnlyList<long> complete = wanted.Count == 0 ? [] : SnapshotCalendar.Check(data, wanted).Usable;
        return complete.Count > 0 && (calendar.Usable.Count < 2 || complete[^1] > calendar.Usable[^2]) ? calendar with { Usable = [complete[^1]] } : calendar;
    }

    // Groups of a report may be of columns that are no features; what is kept grouped is kept of the plan alone.
    private static GroupColumns? GroupsOf(FeaturePlan plan, EvaluationExtras? extras, IngestSession session) =>
        (string[])[.. extras?.Report?.Fairness.By ?? [], .. extras?.Groups ?? []] is { Length: > 0 } by ? GroupColumns.Find(plan, by, session) : null;

    private static CustomerData Load(FeaturePlan plan, GroupColumns? groups, IngestSession session, StepContext context)
    {
        FeaturePlan wide = groups?.Extend(plan) ?? plan;
        return DataLoad.Run(wide, session, wide.Hash == plan.Hash ? context : context with { Grouped = null });
    }

    /// <summary>Measures scores against their labels, and writes the report that was asked for.</summary>
    /// <param name="scores">Predictions, labels, and what a report says of them.</param>
    /// <param name="context">Its stage table.</param>
    /// <param name="extras">Where the report goes; null for none.</param>
    public static EvaluationReport Report(LabelledScores scores, StepContext context, EvaluationExtras? extras = null)
    {
        IReadOnlyDictionary<string, double> metrics = context.Stages.Time("evaluate", () => scores.Measure(scores.Predicted), _ => scores.Labels.Length);
        var report = new EvaluationReport(scores.ModelVersion, $"{scores.Design}, {scores.Labels.Length:N0} customers", metrics, scores.Learnt, scores.Permutation) { Details = scores.Details };
        if (extras?.Report is not { } request || scores.Details is not { } details)
            return report;
        try
        {
            return report with { Files = context.Stages.Time("report", () => EvaluationFiles.Write(request.Directory, details), files => files.Count) };
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw PipelineErrors.CannotReport(request.Directory, cause);
        }
    }

    /// <summary>Measures on a plain table that has the label column the model was trained on.</summary>
    /// <param name="table">File, glob or folder.</param>
    /// <param name="choice">Model and backend.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <param name="extras">What is measured beside the metrics; null for nothing.</param>
    public static EvaluationReport Run(string table, ModelChoice choice, StepContext context, EvaluationExtras? extras = null)
    {
        LabelledScores? previous = extras?.Report?.CompareWith is { } other ? Score(table, other, context, null, null) : null;
        return Report(Score(table, choice, context, extras, previous), context, extras);
    }

    /// <summary>Says what an evaluation would do, after checking what can be checked without reading the data.</summary>
    public static EvaluationPlan Plan(ProjectConfig? project, string? table, ModelChoice choice, StepContext context, EvaluationExtras extras)
    {
        ArgumentNullException.ThrowIfNull(extras);
        using var served = ServedModel.Open(choice);
        extras.Check(served.Model, context);
        _ = project is not null ? served.PlanOf(project) : served.PlanOf(table!);
        string? folder = extras.Report is { } report ? Path.GetFullPath(report.Directory) : null;
        return new EvaluationPlan(served.Model.Version, folder, folder is null || !Directory.Exists(folder) ? [] :
            [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!).Where(name => name is "report.html" or "report.json" or "model_comparison.csv" or "classification_report.txt" || name.EndsWith(".svg", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
    }

    private static LabelledScores Score(string table, ModelChoice choice, StepContext context, EvaluationExtras? extras, LabelledScores? previous)
    {
        using var served = ServedModel.Open(choice);
        extras?.Check(served.Model, context);
        FeaturePlan plan = served.PlanOf(table);
        using IngestSession session = context.OpenIngest(IngestSettings.Default, Environment.CurrentDirectory);
        served.RequireColumns(plan, session);
        using CustomerData data = DataLoad.Run(plan, session, context);
        string design = $"measured on {table} with backend {served.Backend.Name}; on the rows it was trained on this flatters the model: the metrics of its folds are those of `churn train`";
        return Score((served, plan, design, null), data, FeatureSnapshot.Timeless, context, extras, previous);
    }

    private static LabelledScores Score((ServedModel Served, FeaturePlan Plan, string Design, GroupColumns? Groups) what, CustomerData data, long asOf, StepContext context, EvaluationExtras? extras, LabelledScores? previous)
    {
        (ServedModel served, FeaturePlan plan, string design, GroupColumns? groups) = what;
        using TrainingSet set = context.Stages.Time("features", () =>
            TrainingSet.Build(groups?.Extend(plan) ?? plan, data, new TrainingSetOptions { AsOf = [asOf], Budget = context.Budget }, context.Cancellation), built => built.Matrix.RowCount);
        context.Warn(set.Warnings);
        using FeatureMatrix matrix = groups?.Narrow(set.Matrix, plan.Features) ?? set.Matrix.View(0, set.Matrix.RowCount);
        float[] predicted = context.Stages.Time("predict", () => served.Predict(matrix), done => done.Length);
        var scores = new LabelledScores
        {
            Design = design,
            Learnt = ExplainModelStep.Of(served.Model),
            ModelVersion = served.Model.Version,
            AsOf = asOf,
            Predicted = predicted,
            Naive = served.Model.Metadata.Task == ModelTask.Regression ? served.Model.Metadata.TrainingMean : null,
            Labels = set.Labels,
            Keys = set.Keys is PrimitiveColumn<long> numbers ? numbers.Values.ToArray() : [],
            Threshold = served.Model.Metadata.Threshold,
            Cuts = ThresholdFit.CutsOf(served.Model.Metadata, matrix),
            Groups = groups?.Assign(set.Matrix) ?? [],
        };
        if (extras?.Permutation is { } permutation)
        {
            scores = scores with
            {
                Permutation = context.Stages.Time("permute", () => PermutationStep.Run(served, matrix, predicted, scores.Measure, permutation, context), _ => matrix.RowCount * permutation.Repeats * matrix.FeatureCount),
            };
        }
        return extras?.Report is not { } report ? scores : scores with
        {
            Details = new ReportBuilder(served.Model, report, context).Build(matrix, scores, ReportDesign.Of(served, plan.Label!, scores), previous),
        };
    }
}

/// <summary>What an evaluation measures beside its metrics.</summary>
/// <param name="Permutation">Permutation importance; null for none.</param>
/// <param name="Report">A report; null for none.</param>
public sealed record EvaluationExtras(PermutationRequest? Permutation, ReportRequest? Report)
{
    /// <summary>Features or columns that <see cref="LabelledScores.Groups"/> has beside those of the report, for whoever measures by segment.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Instants that are rather measured than the calendar's latest, where they are about as late and their labels complete: the latest of them.</summary>
    public IReadOnlyList<long> Preferred { get; init; } = [];

    // Before data is read.
    internal void Check(ChurnModel model, StepContext context)
    {
        if (Permutation is not null)
            PermutationStep.MetricOf(model, Permutation);
        if (Report is not null)
            new ReportBuilder(model, Report, context).Check();
    }
}

/// <summary>What a model said of customers whose outcome is known.</summary>
public sealed record LabelledScores
{
    /// <summary>Version of the model.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>How they came about, in words.</summary>
    public string Design { get; init; } = "";

    /// <summary>Microseconds since 1970 UTC; 0 for a plain table.</summary>
    public required long AsOf { get; init; }

    /// <summary>[N] probability of churn, 0..1; of a regression the value.</summary>
    public required float[] Predicted { get; init; }

    /// <summary>What a naive model predicts for everybody where the label is a number: the mean of those trained on; null of churn.</summary>
    public double? Naive { get; init; }

    /// <summary>[N] 0 or 1; of a regression any number.</summary>
    public required float[] Labels { get; init; }

    /// <summary>[N] keys where they are whole numbers; empty where they are text.</summary>
    public required long[] Keys { get; init; }

    /// <summary>Probability from which the model flags a customer.</summary>
    public required double Threshold { get; init; }

    /// <summary>[N] the same of each customer, where segments have thresholds of their own.</summary>
    public required float[] Cuts { get; init; }

    /// <summary>What the model's file says that it has learnt.</summary>
    public required ModelExplanation Learnt { get; init; }

    /// <summary>Groups that a report compares; empty for none.</summary>
    public IReadOnlyList<GroupedRows> Groups { get; init; } = [];

    /// <summary>What each feature is worth to the model; null when that was not asked for.</summary>
    public PermutationReport? Permutation { get; init; }

    /// <summary>What a report says of them; null where none was asked for.</summary>
    public EvaluationData? Details { get; init; }

    /// <summary>All metrics of predictions of these customers, by name.</summary>
    /// <param name="predicted">[N] probabilities, or values.</param>
    public IReadOnlyDictionary<string, double> Measure(float[] predicted) => Naive is { } naive
        ? RegressionMetrics.Evaluate(predicted, Labels, naive).ToDictionary()
        : (ClassificationMetrics.Evaluate(predicted, Labels, Threshold) with { Confusion = Confusion.At(predicted, Labels, Cuts) }).ToDictionary();
}
