using ChurnEngine.Evaluation;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Trains a model of a number in a plain table: random folds measure, then one model is fitted on all rows.</summary>
internal static class TableRegression
{
    // A part trains, a part of that stops, and a part is measured on.
    private const int LeastRowsOfAFold = 4;

    public static TrainReport Run(TrainingSet set, (ModelJob Job, IAlgorithm Algorithm) fit, int folds, OpenModelBackend open, StepContext context)
    {
        int needed = LeastRowsOfAFold * Math.Max(2, folds);
        if (set.Labels.Length < needed)
            throw PipelineErrors.TooFewRows(set.Plan.Label!.Column, set.Labels.Length, needed);
        OutputLink link = fit.Job.Link;
        TableTrainStep.HeldOut heldOut = context.Stages.Time("cross-validate", () =>
            TableTrainStep.CrossValidate(set, new float[set.Labels.Length], fit, folds, context), done => done.Rows.Length);
        LabelledRows all = new(set.Matrix, set.Labels);
        TrainedPredictor trained = TrainStep.Train(fit.Job, fit.Algorithm.Settle(heldOut.Folds), (all, null), context);
        double mean = set.Snapshots[0].LabelMean;
        RegressionMetrics metrics = RegressionMetrics.Evaluate([.. heldOut.Margins.Select(margin => (float)link.Apply(margin))], [.. heldOut.Rows.Select(row => set.Labels[row])], mean);

        string prefix = folds == 0 ? "holdout." : "cv.";
        ModelMetadata metadata = ModelRecord.Describe(set.Plan, all, fit.Job, trained) with
        {
            Task = ModelTask.Regression,
            Link = link,
            TrainingMean = mean,
            Metrics = metrics.ToDictionary().ToDictionary(metric => prefix + metric.Key, metric => metric.Value),
        };
        ChurnModel model = context.Stages.Time("export", () =>
            ModelRecord.Save(new ChurnModel { Predictor = trained.Predictor, Metadata = metadata }, set.Matrix, fit.Job, open), _ => set.Matrix.RowCount);
        return new TrainReport
        {
            Model = fit.Job.ModelPath,
            Version = model.Version,
            Algorithm = fit.Job.Kind,
            Trees = trained.Trees,
            Size = trained.Size,
            Features = set.Plan.Features.Count,
            Target = set.Plan.Label!.TargetText,
            Design = TableTrainStep.DesignOf(folds, "random", heldOut),
            Metrics = metrics.ToDictionary(),
        };
    }
}
