using System.Globalization;

namespace ChurnEngine.Models;

/// <summary>A model proves itself: its golden rows must give the same outputs in the backend that will serve it.</summary>
public static class ModelProof
{
    /// <summary>Largest allowed difference in probability, times the steepness of a calibration that is steeper than its margin.</summary>
    public const float Tolerance = 1e-6f;

    /// <summary>Largest allowed difference of a regression's value, as a part of the largest value among the golden rows, or of what its sum starts from when that is larger.</summary>
    /// <remarks>Wide enough for a float32 sum of a thousand trees in the compatible profile; a wrong leaf is off by far more.</remarks>
    public const float RelativeTolerance = 1e-5f;

    /// <summary>Runs the golden rows through <paramref name="backend"/> and compares what is predicted.</summary>
    /// <param name="model">A model with golden rows.</param>
    /// <param name="backend">The backend about to serve it.</param>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> CE5010 naming the row, what was expected and what came; CE5011 without golden rows.</remarks>
    public static void Check(ChurnModel model, IModelBackend backend)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(backend);
        if (model.Golden is not { } golden || golden.Predicted.Length == 0)
            throw ModelErrors.NoGoldenRows(model);
        if (backend.FeatureCount != model.Predictor.FeatureCount)
            throw ModelErrors.ProofFailed(model, backend.Name, "its rows have another width", ($"{model.Predictor.FeatureCount} features", $"{backend.FeatureCount}"));

        float[] predicted = new float[golden.Predicted.Length];
        float[] margin = new float[predicted.Length];
        backend.Predict(golden.Rows, predicted, margin);
        bool isRegression = model.Metadata.Task == ModelTask.Regression;
        // A steep calibration multiplies what a margin in float is off by; a wrong leaf is off by far more.
        double tolerance = isRegression ? ValueTolerance(model, golden) : Tolerance * Math.Max(1, model.Calibration.Steepness);
        for (int row = 0; row < predicted.Length; row++)
        {
            // Written so that a NaN fails too.
            if (!(Math.Abs(predicted[row] - golden.Predicted[row]) <= tolerance))
                throw ModelErrors.ProofFailed(model, backend.Name, $"golden row {row}", (Describe(golden.Predicted[row], golden.Margin[row], isRegression), Describe(predicted[row], margin[row], isRegression)));
        }
    }

    // Behind e^x the error of the sum is a relative one of the value.
    private static double ValueTolerance(ChurnModel model, GoldenRows golden)
    {
        double largest = golden.Predicted.Max(Math.Abs), start = Math.Abs(model.Predictor.BaseMargin);
        return model.Metadata.Link == OutputLink.Exp
            ? RelativeTolerance * largest * Math.Max(1, Math.Max(start, golden.Predicted.Where(value => value > 0).Select(value => Math.Abs(Math.Log(value))).DefaultIfEmpty().Max()))
            : RelativeTolerance * Math.Max(start, largest);
    }

    private static string Describe(float predicted, float margin, bool isRegression) => isRegression
        ? string.Create(CultureInfo.InvariantCulture, $"value {predicted:R}")
        : string.Create(CultureInfo.InvariantCulture, $"probability {predicted:R} (margin {margin:R})");
}
