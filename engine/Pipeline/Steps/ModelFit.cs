using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>A trained predictor with its calibration and the probability from which a customer is flagged.</summary>
internal sealed record FittedModel(IPredictor Predictor, SigmoidCalibration Calibration, double Threshold)
{
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
    public float[] Probabilities(ReadOnlySpan<double> margins) => Probabilities(Calibration, margins);

    /// <summary>Fits calibration and threshold on rows that training has not seen.</summary>
    /// <param name="predictor">What was trained.</param>
    /// <param name="margins">[N] margins of later, unsampled rows.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    public static FittedModel Calibrate(IPredictor predictor, ReadOnlySpan<double> margins, ReadOnlySpan<float> labels)
    {
        SigmoidCalibration calibration = PlattCalibrator.Fit(margins, labels);
        float[] probability = Probabilities(calibration, margins);
        return new FittedModel(predictor, calibration, ThresholdSearch.BestF1(probability, labels).Threshold);
    }

    /// <summary>The model as it is saved.</summary>
    public ChurnModel ToModel(ModelMetadata metadata) => new()
    {
        Predictor = Predictor,
        Calibration = Calibration,
        Metadata = metadata with { Threshold = Threshold, CalibrationMethod = "platt" },
    };

    private static float[] Probabilities(SigmoidCalibration calibration, ReadOnlySpan<double> margins)
    {
        float[] probability = new float[margins.Length];
        for (int i = 0; i < margins.Length; i++)
            probability[i] = (float)calibration.Probability(margins[i]);
        return probability;
    }
}
