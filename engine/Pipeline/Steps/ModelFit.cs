using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Rows that calibration and threshold are fitted on: later than those trained on, and not sampled.</summary>
/// <param name="Margins">[N] margins.</param>
/// <param name="Labels">[N] 0 or 1.</param>
/// <param name="Segments">[N] codes of the feature whose values get thresholds of their own, NaN where missing; empty for one threshold.</param>
internal sealed record CalibrationRows(double[] Margins, float[] Labels, float[] Segments);

/// <summary>A trained predictor with its calibration and the probability from which a customer is flagged.</summary>
internal sealed record FittedModel(IPredictor Predictor, CalibrationChoice Choice, CalibrationRecord Record, double Threshold, ThresholdRecord ThresholdRule)
{
    /// <summary>Probabilities of the rows it was calibrated on; null without rows.</summary>
    public ScoreDistribution? Scores { get; init; }

    /// <summary>Margins of all rows, the bits of the scalar form.</summary>
    public static double[] Margins(IPredictor predictor, FeatureMatrix matrix, StepContext context)
    {
        const int Chunk = 4096;
        double[] margins = new double[checked((int)matrix.RowCount)];
        IPredictor compiled = CompiledTrees.For(predictor);
        int chunks = (margins.Length + Chunk - 1) / Chunk;
        Parallel.For(0, chunks, context.Budget.ParallelOptions(context.Cancellation), chunk =>
        {
            Span<double> part = margins.AsSpan(chunk * Chunk, Math.Min(Chunk, margins.Length - chunk * Chunk));
            compiled.Margins(matrix.Rows(chunk * Chunk, part.Length), part);
        });
        return margins;
    }

    /// <summary>Calibrated probabilities of margins.</summary>
    public float[] Probabilities(double[] margins) => ProbabilitiesOf(Choice.Calibration, margins);

    /// <summary>Fits calibration and threshold on rows that training has not seen.</summary>
    /// <param name="predictor">What was trained.</param>
    /// <param name="rows">Later, unsampled rows.</param>
    /// <param name="job">What was asked for.</param>
    /// <param name="context">Threads; is told of a rule that no threshold keeps.</param>
    public static FittedModel Fit(IPredictor predictor, CalibrationRows rows, ModelJob job, StepContext context)
    {
        var choice = CalibrationChoice.Of(rows.Margins, rows.Labels, new CalibrationOptions { Kind = job.Calibration, Seed = job.Seed, Threads = context.Budget.Threads });
        if (choice.Kind == CalibrationKind.None)
            context.Warn("probabilities are not calibrated, as asked for: `churn decide` will refuse them");
        var record = new CalibrationRecord
        {
            Method = choice.Kind.NameOf(),
            Asked = job.Calibration?.NameOf() ?? CalibrationNames.Auto,
            Reason = choice.Reason,
            Rows = rows.Labels.Length,
            Positives = rows.Labels.Count(label => label == 1),
            Folds = choice.Folds,
            LogLoss = new SortedDictionary<string, double>(choice.LogLoss.ToDictionary(pair => pair.Key.NameOf(), pair => pair.Value), StringComparer.Ordinal),
            Before = QualityOf(ProbabilitiesOf(SigmoidCalibration.None, rows.Margins), rows.Labels),
            After = QualityOf(choice.OutOfFold, rows.Labels),
        };
        float[] calibrated = ProbabilitiesOf(choice.Calibration, rows.Margins);
        (double threshold, ThresholdRecord rule) = ThresholdFit.Run(calibrated, rows, job, context);
        return new FittedModel(predictor, choice, record, threshold, rule) { Scores = ScoreDistribution.Of(calibrated) };
    }

    /// <summary>Metrics of rows, flagged as the model will flag them.</summary>
    /// <param name="probability">[N] probabilities.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="cuts">[N] threshold of each row.</param>
    public ClassificationMetrics Measure(float[] probability, ReadOnlySpan<float> labels, float[] cuts) =>
        ClassificationMetrics.Evaluate(probability, labels, Threshold) with { Confusion = Confusion.At(probability, labels, cuts) };

    /// <summary>The model as it is saved.</summary>
    public ChurnModel ToModel(ModelMetadata metadata) => new() { Predictor = Predictor, Calibration = Choice.Calibration, Metadata = Describe(metadata) };

    /// <summary>What a model says of its calibration and threshold.</summary>
    public ModelMetadata Describe(ModelMetadata metadata) => metadata with
    {
        Threshold = Threshold,
        ThresholdRule = ThresholdRule,
        CalibrationMethod = Choice.Kind.NameOf(),
        Calibration = Record,
        Scores = Scores,
    };

    private static float[] ProbabilitiesOf(Calibration calibration, double[] margins) => Array.ConvertAll(margins, margin => (float)calibration.Probability(margin));

    private static ProbabilityQuality QualityOf(float[] probability, float[] labels) => new(
        ProbabilityLoss.LogLoss(probability, labels),
        ProbabilityLoss.Brier(probability, labels),
        Reliability.ExpectedCalibrationError(probability, labels),
        [.. Reliability.Bins(probability, labels).Select(bin => new ReliabilityPoint(bin.MeanProbability, bin.PositiveRate, bin.Count))]);
}
