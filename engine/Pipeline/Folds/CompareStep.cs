using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>One line of a leaderboard.</summary>
/// <param name="Name">What trained.</param>
/// <param name="Metrics">Mean over the folds and 95% interval, by metric; probabilities calibrated, precision and recall at the threshold of best F1.</param>
/// <param name="FitSeconds">Mean wall-clock time of a fit, a search included.</param>
/// <param name="RowsPerSecond">Mean rows scored a second by one thread.</param>
/// <param name="Bytes">Mean size of the model file.</param>
/// <param name="Flags">How to have it with <c>churn train</c>.</param>
public sealed record CompareRow(string Name, IReadOnlyDictionary<string, MetricInterval> Metrics, double FitSeconds, double RowsPerSecond, long Bytes, string Flags);

/// <summary>Trainings side by side on the same folds.</summary>
/// <param name="Rows">The leaderboard, the least log-loss first.</param>
/// <param name="Winner">The one that the rule names.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Design">How the folds were cut, in words.</param>
public sealed record CompareReport(IReadOnlyList<CompareRow> Rows, string Winner, string Rule, string Design);

/// <summary>Compares trainings on folds; no model is written.</summary>
public static class CompareStep
{
    private const int DefaultFolds = 3;
    private const string LogLoss = "log_loss";
    private const string Rule = "least mean log-loss over the folds; of those within one standard error of it the smallest file";

    /// <summary>Compares on a project, by folds of rolling origin.</summary>
    /// <param name="project">Plan, tables, settings.</param>
    /// <param name="request">Options that all have.</param>
    /// <param name="comparison">By what.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> without a label of churn or with too few snapshots.</remarks>
    public static CompareReport Run(ProjectConfig project, TrainRequest request, Comparison comparison, StepContext context)
    {
        if (project.Plan.Label?.IsNumeric == true)
            throw DesignErrors.OnlyOfChurn("--compare");
        using var trials = new SearchJournal();
        var job = new ModelJob(project.Train, request, project.Resolve(project.Train.Model), false, context) { HasTime = true, Journal = trials };
        trials.Open(job);
        using IngestSession session = context.OpenIngest(project.Ingest, project.Resolve("."));
        using CustomerData data = DataLoad.Run(project.Plan, session, context);
        SnapshotCalendar calendar = SnapshotCalendar.Propose(data);
        TrainStep.ChooseSnapshots(project, data, calendar);
        var folds = new ProjectFolds(job.Settings, project.Plan, data, calendar, context);
        IReadOnlyList<SnapshotSplit> splits = folds.Splits(job.Settings.Validation.Folds == 0 ? DefaultFolds : job.Settings.Validation.Folds);
        return Compare(Contender.Of(comparison, job.Settings, hasTime: true), splits.Select(folds.Build),
            (contender, fold) => job.Algorithm(ModelTask.Classification, inner: fold.Inner, settings: contender.Settings), (FoldStep.DesignOf(job.Settings, splits.Count), splits.Count, job), context);
    }

    /// <summary>Compares on a plain table, by stratified folds.</summary>
    /// <param name="input">The table, its id and its label.</param>
    /// <param name="request">Options that all have.</param>
    /// <param name="comparison">By what.</param>
    /// <param name="folds">Folds, 2 to 50; 0 holds out a fifth.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    public static CompareReport Run(TableInput input, TrainRequest request, Comparison comparison, int folds, StepContext context)
    {
        if (input.Task == ModelTask.Regression)
            throw DesignErrors.OnlyOfChurn("--compare");
        TableTrainStep.CheckFolds(folds);
        using var trials = new SearchJournal();
        var job = new ModelJob(TrainSettings.Default, request, Path.GetFullPath(TrainSettings.Default.Model), false, context) { Journal = trials };
        if (job.Settings.Validation.Folds > 0)
            throw DesignErrors.TableHasNoTime("--folds");
        trials.Open(job);
        using PlainSet plain = PlainSet.Open(input, context);
        TableTrainStep.CheckClasses(plain.Set, input.Label, folds);
        var rows = new LabelledRows(plain.Set.Matrix, plain.Set.Labels);
        BoosterOptions Suit(BoosterOptions options) => TableTrainStep.SuitedTo(rows.Matrix.RowCount, options, request.Overrides);
        string design = folds == 0 ? "measured on a stratified hold-out" : $"{folds} stratified folds; intervals corrected for training rows that folds share";
        return Compare(Contender.Of(comparison, job.Settings, hasTime: false), TableFolds.Of(rows, folds, job.Seed),
            (contender, _) => job.Algorithm(ModelTask.Classification, Suit, settings: contender.Settings), ($"{design}; the table has no time, so it says nothing of the future", Math.Max(1, folds), job), context);
    }

    /// <summary>The name that the rule chooses.</summary>
    /// <param name="rows">Lines, 1 and up.</param>
    internal static string WinnerOf(IReadOnlyList<CompareRow> rows)
    {
        MetricInterval best = rows.MinBy(row => row.Metrics[LogLoss].Mean)!.Metrics[LogLoss];
        return rows.Where(row => row.Metrics[LogLoss].Mean <= best.Mean + best.StandardError).OrderBy(row => row.Bytes).ThenBy(row => row.Metrics[LogLoss].Mean).First().Name;
    }

    private static CompareReport Compare(IReadOnlyList<Contender> contenders, IEnumerable<FoldData> folds, Func<Contender, FoldData, IAlgorithm> make, (string Text, int Folds, ModelJob Job) design, StepContext context)
    {
        var outcomes = contenders.ToDictionary(contender => contender, _ => new List<FoldOutcome>());
        var shares = new List<double>();
        int done = 0;
        foreach (FoldData each in folds)
        {
            using FoldData fold = each;
            shares.Add(FoldFit.TestShare(fold));
            foreach (Contender contender in contenders)
            {
                context.Progress?.Report(new StepProgress("compare", done++, (long)design.Folds * contenders.Count));
                outcomes[contender].Add(context.Stages.Time($"{contender.Name}, {fold.Name}", () => FoldFit.Run(make(contender, fold), fold, design.Job, context), _ => fold.Train.Matrix.RowCount));
            }
        }
        CompareRow[] rows =
        [
            .. contenders.Select(contender => new CompareRow(
                contender.Name,
                FoldStep.Summarise([.. outcomes[contender].Select(outcome => outcome.Metrics.ToDictionary())], shares.Average()),
                outcomes[contender].Average(outcome => outcome.FitSeconds),
                outcomes[contender].Average(outcome => outcome.RowsPerSecond),
                (long)outcomes[contender].Average(outcome => outcome.Bytes),
                contender.Flags)).OrderBy(row => row.Metrics[LogLoss].Mean),
        ];
        return new CompareReport(rows, WinnerOf(rows), Rule, design.Text);
    }
}
