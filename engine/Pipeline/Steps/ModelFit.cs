using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>A trained ensemble with its calibration and the probability from which a customer is flagged.</summary>
internal sealed record FittedModel(TreeEnsemble Ensemble, SigmoidCalibration Calibration, double Threshold)
{
    /// <summary>Margins of all rows, by the scalar walk.</summary>
    public static double[] Margins(TreeEnsemble ensemble, FeatureMatrix matrix, StepContext context)
    {
        const int Chunk = 4096;
        double[] margins = new double[checked((int)matrix.RowCount)];
        int chunks = (margins.Length + Chunk - 1) / Chunk;
        Parallel.For(0, chunks, context.Budget.ParallelOptions(context.Cancellation), chunk =>
        {
            int end = Math.Min(margins.Length, (chunk + 1) * Chunk);
            for (int row = chunk * Chunk; row < end; row++)
                margins[row] = ensemble.Margin(matrix.Row(row));
        });
        return margins;
    }

    /// <summary>Calibrated probabilities of margins.</summary>
    public float[] Probabilities(ReadOnlySpan<double> margins) => Probabilities(Calibration, margins);

    /// <summary>Fits calibration and threshold on rows that the trees have not seen.</summary>
    /// <param name="ensemble">Trained trees.</param>
    /// <param name="margins">[N] margins of later, unsampled rows.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    public static FittedModel Calibrate(TreeEnsemble ensemble, ReadOnlySpan<double> margins, ReadOnlySpan<float> labels)
    {
        SigmoidCalibration calibration = PlattCalibrator.Fit(margins, labels);
        float[] probability = Probabilities(calibration, margins);
        return new FittedModel(ensemble, calibration, ThresholdSearch.BestF1(probability, labels).Threshold);
    }

    /// <summary>The model as it is saved.</summary>
    public ChurnModel ToModel(ModelMetadata metadata) => new()
    {
        Ensemble = Ensemble,
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
