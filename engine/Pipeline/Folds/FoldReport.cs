using ChurnEngine.Evaluation;

namespace ChurnEngine.Pipeline;

/// <summary>How a training did on one fold.</summary>
/// <param name="Name">The instant that it was tested at.</param>
/// <param name="Snapshots">Snapshots by use, with sizes and positives.</param>
/// <param name="TrainedOn">Rows it learnt from; fewer than its snapshots have where customers are kept apart.</param>
/// <param name="TestedOn">Rows it was measured on.</param>
/// <param name="Learnt">How much was learnt, in words.</param>
/// <param name="Metrics">Metrics by name.</param>
public sealed record FoldUse(string Name, IReadOnlyList<SnapshotUse> Snapshots, long TrainedOn, long TestedOn, string Learnt, IReadOnlyDictionary<string, double> Metrics);

/// <summary>How a training does at several origins.</summary>
/// <param name="Folds">The folds, the earliest first; the last one is cut like the model that is kept.</param>
/// <param name="Summary">Mean over the folds and 95% interval, by metric.</param>
/// <param name="Design">How they were cut, in words.</param>
public sealed record FoldReport(IReadOnlyList<FoldUse> Folds, IReadOnlyDictionary<string, MetricInterval> Summary, string Design);

/// <summary>Trains and measures at several origins.</summary>
internal static class FoldStep
{
    private static readonly string[] s_summarised = ["roc_auc", "pr_auc", "log_loss", "brier", "ece", "precision", "recall"];

    /// <summary>Runs the job's own algorithm on each fold.</summary>
    public static FoldReport Run(ProjectFolds folds, ModelJob job, StepContext context)
    {
        var uses = new List<FoldUse>();
        var shares = new List<double>();
        IReadOnlyList<SnapshotSplit> splits = folds.Splits(job.Settings.Validation.Folds);
        foreach (SnapshotSplit split in splits)
        {
            context.Progress?.Report(new Columns.StepProgress("folds", uses.Count, splits.Count));
            using FoldData fold = folds.Build(split);
            FoldOutcome outcome = FoldFit.Run(job.Algorithm(Models.ModelTask.Classification, inner: fold.Inner), fold, job, context);
            shares.Add(FoldFit.TestShare(fold));
            uses.Add(new FoldUse(fold.Name, fold.Snapshots, fold.Train.Matrix.RowCount, fold.Test.Matrix.RowCount, outcome.Trained.Size, outcome.Metrics.ToDictionary()));
        }
        return new FoldReport(uses, Summarise([.. uses.Select(use => use.Metrics)], shares.Average()), DesignOf(job.Settings, uses.Count));
    }

    /// <summary>Mean and interval of each metric that all folds have.</summary>
    internal static Dictionary<string, MetricInterval> Summarise(IReadOnlyList<IReadOnlyDictionary<string, double>> folds, double testShare) =>
        s_summarised.Where(name => folds.All(fold => fold.ContainsKey(name))).ToDictionary(name => name, name => MetricInterval.Of(FoldMean.Of([.. folds.Select(fold => fold[name])], testShare), name));

    internal static string DesignOf(TrainSettings settings, int folds) =>
        $"{folds} folds by rolling origin, purged; each stops, calibrates and is tested on later snapshots of its own{(settings.Validation.CustomersApart ? $", on the {settings.Validation.ApartShare:P0} of the customers that do not train it" : "")}; intervals corrected for training rows that folds share";
}
