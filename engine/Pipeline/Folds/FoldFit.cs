using System.Diagnostics;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>What one algorithm did on one fold.</summary>
/// <param name="Trained">What it made.</param>
/// <param name="Metrics">On the rows tested, calibrated and at a threshold by the fold's own earlier rows.</param>
/// <param name="FitSeconds">Wall-clock time of the fit, a search included.</param>
/// <param name="RowsPerSecond">Rows scored a second by one thread, with the model compiled already.</param>
/// <param name="Bytes">Size of its file.</param>
internal sealed record FoldOutcome(TrainedPredictor Trained, ClassificationMetrics Metrics, double FitSeconds, double RowsPerSecond, long Bytes);

/// <summary>Fits an algorithm on a fold and measures it.</summary>
internal static class FoldFit
{
    private static readonly TimeSpan s_longEnough = TimeSpan.FromMilliseconds(20);

    public static FoldOutcome Run(IAlgorithm algorithm, FoldData fold, ModelJob job, StepContext context)
    {
        job.RequireThreshold(fold.Train.Matrix.Features);
        long started = Stopwatch.GetTimestamp();
        TrainedPredictor trained = algorithm.Fit(fold.Train, fold.Stop, null, context.Cancellation);
        double fitSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        context.Warn(trained.Warnings);
        var rows = new CalibrationRows(FittedModel.Margins(trained.Predictor, fold.Calibrate.Matrix, context), fold.Calibrate.Labels.ToArray(), ThresholdFit.SegmentsOf(fold.Calibrate.Matrix, job));
        var fitted = FittedModel.Fit(trained.Predictor, rows, job, context);
        double[] margins = FittedModel.Margins(trained.Predictor, fold.Test.Matrix, context);
        float[] cuts = ThresholdFit.CutsOf(fitted.Describe(new ModelMetadata { Features = fold.Test.Matrix.Features }), fold.Test.Matrix);
        ClassificationMetrics metrics = fitted.Measure(fitted.Probabilities(margins), fold.Test.Labels.Span, cuts);
        return new FoldOutcome(trained, metrics, fitSeconds, SpeedOf(trained.Predictor, fold.Test.Matrix), BytesOf(fitted, fold.Test.Matrix.Features));
    }

    /// <summary>Rows tested over rows trained on.</summary>
    public static double TestShare(FoldData fold) => (double)fold.Test.Matrix.RowCount / fold.Train.Matrix.RowCount;

    // Compiled before, and again and again for so long that the clock can tell: a fold may have a few hundred rows.
    private static double SpeedOf(IPredictor predictor, FeatureMatrix matrix)
    {
        const int MostRows = 16_384;
        IPredictor compiled = CompiledTrees.For(predictor);
        double[] margins = new double[Math.Min(MostRows, matrix.RowCount)];
        ReadOnlySpan<float> rows = matrix.Rows(0, margins.Length);
        compiled.Margins(rows, margins);
        long scored = 0, started = Stopwatch.GetTimestamp();
        TimeSpan spent;
        do
        {
            compiled.Margins(rows, margins);
            scored += margins.Length;
            spent = Stopwatch.GetElapsedTime(started);
        }
        while (spent < s_longEnough);
        return scored / spent.TotalSeconds;
    }

    private static long BytesOf(FittedModel fitted, IReadOnlyList<FeatureInfo> features) =>
        ModelFile.Encode(fitted.ToModel(new ModelMetadata { Features = features }), default).OnnxBytes.Length;
}
