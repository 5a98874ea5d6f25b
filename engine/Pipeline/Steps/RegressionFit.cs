using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Trains a model of a label that is a number: squared error unless another objective is asked for, stopped on a later snapshot, tested on one later still.</summary>
/// <remarks>There is nothing to calibrate, so that snapshot trains too.</remarks>
internal static class RegressionFit
{
    // Fixed fees are foretold almost exactly and are no leak, so this only warns.
    private const double R2ToMention = 0.99;

    public static TrainReport Run(TrainingSet set, SnapshotSplit split, ModelJob job, OpenModelBackend open, StepContext context)
    {
        SnapshotRange[] ranges = [.. set.Snapshots];
        SnapshotRange[] training = ranges[..^split.LaterRoles];
        SnapshotRange all = training[0] with { Count = training.Sum(range => range.Count) };
        LabelledRows train = TrainStep.Rows(set, all);
        LabelledRows test = TrainStep.Rows(set, ranges[^1]);
        OutputLink link = job.Link;
        IAlgorithm algorithm = job.Algorithm(ModelTask.Regression);

        TrainedPredictor trained = TrainStep.Train(job, algorithm, (train, TrainStep.Rows(set, ranges[^2])), context);
        double mean = training.Sum(range => range.LabelMean * range.Count) / all.Count;
        (float[] predicted, RegressionMetrics metrics) = context.Stages.Time("evaluate", () =>
        {
            float[] values = [.. FittedModel.Margins(trained.Predictor, test.Matrix, context).Select(margin => (float)link.Apply(margin))];
            return (values, RegressionMetrics.Evaluate(values, test.Labels.Span, mean));
        }, _ => test.Matrix.RowCount);
        if (metrics.R2 > R2ToMention)
            context.Warn(FormattableString.Invariant($"R2 {metrics.R2:F4} on the test snapshot is very high: make sure that no feature is the label under another name"));

        ModelMetadata metadata = ModelRecord.Describe(set.Plan, train, job, trained) with
        {
            Task = ModelTask.Regression,
            Link = link,
            TrainingMean = mean,
            Scores = ScoreDistribution.Of(predicted),
            TrainingAsOf = [.. training.Select(range => range.AsOf)],
            KnownThrough = ranges[^1].AsOf,
            Metrics = metrics.ToDictionary().ToDictionary(metric => "test." + metric.Key, metric => metric.Value),
        };
        ChurnModel model = context.Stages.Time("export", () =>
            ModelRecord.Save(new ChurnModel { Predictor = trained.Predictor, Metadata = metadata }, test.Matrix, job, open), _ => test.Matrix.RowCount);
        return new TrainReport
        {
            Model = job.ModelPath,
            Version = model.Version,
            Algorithm = job.Kind,
            Trees = trained.Trees,
            Size = trained.Size,
            Features = set.Plan.Features.Count,
            Design = TrainStep.DesignOf(ranges, training),
            Target = set.Plan.Label!.TargetText.Replace("\"", "", StringComparison.Ordinal),
            Snapshots = [.. ranges.Select((range, index) => new SnapshotUse(InstantText.Format(range.AsOf), split.Roles[index], range.Count, 0) { MeanLabel = range.LabelMean })],
            Purged = [.. split.Describe(ranges)],
            Metrics = metrics.ToDictionary(),
            ContinuedFrom = job.From?.Model.Version,
        };
    }
}
