using System.Globalization;

namespace ChurnEngine.Models;

/// <summary>A model proves itself: its golden rows must give the same outputs in the backend that will serve it.</summary>
public static class ModelProof
{
    /// <summary>Largest allowed difference in probability.</summary>
    public const float Tolerance = 1e-6f;

    /// <summary>Runs the golden rows through <paramref name="backend"/> and compares the probabilities.</summary>
    /// <param name="model">A model with golden rows.</param>
    /// <param name="backend">The backend about to serve it.</param>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> CE5010 naming the row, what was expected and what came; CE5011 without golden rows.</remarks>
    public static void Check(ChurnModel model, IModelBackend backend)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(backend);
        if (model.Golden is not { } golden || golden.Probability.Length == 0)
            throw ModelErrors.NoGoldenRows(model);
        if (backend.FeatureCount != model.Ensemble.FeatureCount)
            throw ModelErrors.ProofFailed(model, backend.Name, "its rows have another width", ($"{model.Ensemble.FeatureCount} features", $"{backend.FeatureCount}"));

        float[] probability = new float[golden.Probability.Length];
        float[] margin = new float[probability.Length];
        backend.Predict(golden.Rows, probability, margin);
        for (int row = 0; row < probability.Length; row++)
        {
            // Written so that a NaN fails too.
            if (!(Math.Abs(probability[row] - golden.Probability[row]) <= Tolerance))
                throw ModelErrors.ProofFailed(model, backend.Name, $"golden row {row}", (Describe(golden.Probability[row], golden.Margin[row]), Describe(probability[row], margin[row])));
        }
    }

    private static string Describe(float probability, float margin) =>
        string.Create(CultureInfo.InvariantCulture, $"probability {probability:R} (margin {margin:R})");
}
