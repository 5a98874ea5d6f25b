using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Trains on a plain table without time: folds measure (stratified ones, of a classifier), then one model is fitted on all rows.</summary>
/// <remarks>Within each fold a part of its training rows stops the training, so that no held-out row chooses how much is learnt.
/// The final model learns as much as the folds' median (trees, or strength of the penalty), and is calibrated on the held-out margins of all folds.</remarks>
public static class TableTrainStep
{
    private const double HoldoutShare = TableFolds.HoldoutShare;
    private const int MostFolds = 50;
    private const int LeastOfAClass = 5;
    private const int RowsPerLeaf = 500;
    private const int LeastLeaves = 8;

    /// <summary>Trains a model of a plain table and writes it.</summary>
    /// <param name="input">The table, its id and its label.</param>
    /// <param name="request">Options and files.</param>
    /// <param name="folds">Stratified folds to measure with, 2 to 50; 0 holds out a fifth.</param>
    /// <param name="open">Backend that must reproduce the model's golden rows.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    public static TrainReport Run(TableInput input, TrainRequest request, int folds, OpenModelBackend open, StepContext context)
    {
        CheckFolds(folds);
        if (request.ContinueFrom is not null)
            throw PipelineErrors.TableCannotContinue();
        using var trials = new SearchJournal();
        var job = new ModelJob(TrainSettings.Default, request, Path.GetFullPath(TrainSettings.Default.Model), input.Task == ModelTask.Regression, context) { Journal = trials };
        if (job.Settings.Validation.Folds > 0)
            throw DesignErrors.TableHasNoTime("--folds");
        trials.Open(job);
        using PlainSet plain = PlainSet.Open(input, context);
        TrainingSet set = plain.Set;
        context.Warn(PersonalDataGate.Check(set.Plan, job.AllowPersonal));
        IAlgorithm algorithm = job.Algorithm(input.Task, options => SuitedTo(set.Matrix.RowCount, options, request.Overrides));
        if (input.Task == ModelTask.Regression)
            return TableRegression.Run(set, (job, algorithm), folds, open, context);
        CheckClasses(set, input.Label, folds);
        job.RequireThreshold(set.Plan.Features);

        HeldOut heldOut = context.Stages.Time("cross-validate", () => CrossValidate(set, set.Labels, (job, algorithm), folds, context), done => done.Rows.Length);
        LabelledRows all = new(set.Matrix, set.Labels);
        TrainedPredictor trained = TrainStep.Train(job, algorithm.Settle(heldOut.Folds), (all, null), context);
        float[] labels = [.. heldOut.Rows.Select(row => set.Labels[row])];
        float[] segments = ThresholdFit.SegmentsOf(set.Matrix, job), cuts;
        FittedModel fitted = context.Stages.Time("calibrate", () =>
            FittedModel.Fit(trained.Predictor, new CalibrationRows(heldOut.Margins, labels, segments.Length == 0 ? [] : [.. heldOut.Rows.Select(row => segments[row])]), job, context), _ => labels.Length);
        ModelMetadata described = fitted.Describe(ModelRecord.Describe(set.Plan, all, job, trained));
        cuts = ThresholdFit.CutsOf(described, set.Matrix);
        // The calibration saw these rows, so its own probabilities of them would flatter it: those of the cross-fit did not.
        ClassificationMetrics metrics = fitted.Measure(fitted.Choice.OutOfFold, labels, [.. heldOut.Rows.Select(row => cuts[row])]);
        LeakageGate.Warn(all, metrics.RocAuc.Auc, context);

        string prefix = folds == 0 ? "holdout." : "cv.";
        ModelMetadata metadata = described with
        {
            TrainingPositiveRate = (double)set.Labels.Count(label => label == 1) / set.Labels.Length,
            Metrics = metrics.ToDictionary().ToDictionary(metric => prefix + metric.Key, metric => metric.Value),
        };
        ChurnModel model = context.Stages.Time("export", () => ModelRecord.Save(fitted.ToModel(metadata), set.Matrix, job, open), _ => set.Matrix.RowCount);
        return new TrainReport
        {
            Model = job.ModelPath,
            Version = model.Version,
            Algorithm = job.Kind,
            Trees = trained.Trees,
            Size = trained.Size,
            Features = set.Plan.Features.Count,
            Design = DesignOf(folds, "stratified", heldOut),
            FoldAuc = folds == 0 ? [] : heldOut.FoldAuc,
            Search = TuneReport.Of(trained.Search),
            Selected = trained.Selected,
            Metrics = metrics.ToDictionary(),
            Calibration = fitted.Record,
            Threshold = fitted.ThresholdRule,
        };
    }

    internal static string DesignOf(int folds, string how, HeldOut heldOut) => folds == 0
        ? $"measured on a {how} {HoldoutShare:P0} hold-out of {heldOut.Rows.Length:N0} rows; the table has no time, so it says nothing of the future"
        : $"measured on {folds} {how} folds over {heldOut.Rows.Length:N0} rows; the table has no time, so it says nothing of the future";

    // A tree of 31 leaves over a few thousand rows fits noise: on telco_ibm 14 leaves give a five-fold AUC of 0.847, 31 give 0.842.
    internal static BoosterOptions SuitedTo(long rows, BoosterOptions options, TrainOverrides overrides) => overrides.Gives("max_leaves")
        ? options
        : options with { MaxLeaves = (int)Math.Clamp(rows / RowsPerLeaf, LeastLeaves, options.MaxLeaves) };

    /// <summary>What was predicted of rows by models that had not seen them.</summary>
    /// <param name="Rows">[M] their positions in the table.</param>
    /// <param name="Margins">[M] margins, or values.</param>
    /// <param name="FoldAuc">ROC-AUC of each fold; NaN where the label is a number.</param>
    /// <param name="Folds">What each fold trained.</param>
    internal sealed record HeldOut(int[] Rows, double[] Margins, double[] FoldAuc, TrainedPredictor[] Folds);

    internal static void CheckFolds(int folds)
    {
        if (folds is not 0 and (< 2 or > MostFolds))
            throw PipelineErrors.BadFolds(folds);
    }

    // Every fold is measured on, so each needs a row of either outcome.
    internal static void CheckClasses(TrainingSet set, string label, int folds)
    {
        int positives = set.Labels.Count(value => value == 1), negatives = set.Labels.Length - positives;
        int needed = folds == 0 ? LeastOfAClass : folds;
        if (Math.Min(positives, negatives) < needed)
            throw PipelineErrors.TooFewOfAClass(label, positives, negatives, needed);
    }

    /// <summary>Trains on all but one part of the rows and predicts that, part by part.</summary>
    /// <param name="set">All rows.</param>
    /// <param name="strata">[N] 0 or 1: either is spread evenly over the parts. All 0: parts are drawn at random.</param>
    /// <param name="fit">How to train, and the key of the folds.</param>
    /// <param name="folds">Parts; 0 holds out one fifth only.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    internal static HeldOut CrossValidate(TrainingSet set, float[] strata, (ModelJob Job, IAlgorithm Algorithm) fit, int folds, StepContext context)
    {
        int[] foldOf = TableFolds.Assign(strata, folds, fit.Job.Seed);
        int rounds = Math.Max(1, folds);
        var rows = new List<int>();
        var margins = new List<double>();
        double[] auc = new double[rounds];
        var trained = new TrainedPredictor[rounds];
        for (int fold = 0; fold < rounds; fold++)
        {
            context.Progress?.Report(new StepProgress("folds", fold, rounds));
            int[] held = TableFolds.RowsWhere(foldOf, f => f == fold);
            trained[fold] = FitFold(set, strata, TableFolds.RowsWhere(foldOf, f => f != fold), fit, context);
            using FeatureMatrix heldMatrix = set.Matrix.Gather(held);
            double[] heldMargins = FittedModel.Margins(trained[fold].Predictor, heldMatrix, context);
            auc[fold] = set.Plan.Label!.IsNumeric ? double.NaN : RocAuc.Compute(Array.ConvertAll(heldMargins, margin => (float)margin), Labels(set, held));
            rows.AddRange(held);
            margins.AddRange(heldMargins);
        }
        return new HeldOut([.. rows], [.. margins], auc, trained);
    }

    private static TrainedPredictor FitFold(TrainingSet set, float[] strata, int[] rows, (ModelJob Job, IAlgorithm Algorithm) fit, StepContext context)
    {
        (int[] training, int[] stopping) = TableFolds.SplitOff(strata, rows, fit.Job.Seed);
        using FeatureMatrix trainMatrix = set.Matrix.Gather(training);
        using FeatureMatrix stopMatrix = set.Matrix.Gather(stopping);
        return fit.Algorithm.Fit(new LabelledRows(trainMatrix, Labels(set, training)), new LabelledRows(stopMatrix, Labels(set, stopping)), null, context.Cancellation);
    }

    private static float[] Labels(TrainingSet set, int[] rows) => [.. rows.Select(row => set.Labels[row])];
}
