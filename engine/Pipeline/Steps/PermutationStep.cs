using System.Buffers;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Pipeline;

/// <summary>Permutation importance to be measured.</summary>
/// <param name="Repeats">Shuffles of each feature, 2 and up.</param>
/// <param name="Seed">Their key.</param>
/// <param name="Metric">By which metric; null: ROC-AUC of a model of churn, RMSE of a model of a value.</param>
public sealed record PermutationRequest(int Repeats, long Seed, string? Metric);

/// <summary>Permutation importance that was measured.</summary>
/// <param name="Metric">By which metric.</param>
/// <param name="Repeats">Shuffles of each feature.</param>
/// <param name="Features">What each is worth to the model, the most first.</param>
public sealed record PermutationReport(string Metric, int Repeats, IReadOnlyList<PermutationRow> Features);

/// <summary>What one feature is worth.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Loss">Mean of what the metric lost when it was shuffled; near 0, and below it by chance, where the model does not rely on it.</param>
/// <param name="Deviation">Standard deviation over the shuffles.</param>
public sealed record PermutationRow(string Feature, double Loss, double Deviation);

/// <summary>Measures permutation importance on labelled rows, through the backend that serves the model.</summary>
internal static class PermutationStep
{
    // Metrics of which less is better; of the others more is.
    private static readonly string[] s_losses = ["log_loss", "brier", "rmse", "mae"];
    private static readonly string[] s_ofChurn = ["roc_auc", "pr_auc", "log_loss", "brier"];
    private static readonly string[] s_ofValues = ["rmse", "mae", "r2"];

    /// <summary>Refuses a metric that the model does not have, before data is read.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1120.</remarks>
    public static string MetricOf(ChurnModel model, PermutationRequest request)
    {
        string[] known = model.Metadata.Task == ModelTask.Regression ? s_ofValues : s_ofChurn;
        string metric = request.Metric ?? known[0];
        return known.Contains(metric) ? metric : throw PipelineErrors.NotAMetric(metric, known);
    }

    /// <summary>Measures.</summary>
    /// <param name="served">The model.</param>
    /// <param name="matrix">[N, F] rows.</param>
    /// <param name="predicted">[N] predictions of them as they are.</param>
    /// <param name="measure">All metrics of [N] predictions.</param>
    /// <param name="request">How.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    public static PermutationReport Run(ServedModel served, FeatureMatrix matrix, float[] predicted, Func<float[], IReadOnlyDictionary<string, double>> measure, PermutationRequest request, StepContext context)
    {
        string metric = MetricOf(served.Model, request);
        double sign = s_losses.Contains(metric) ? 1 : -1;
        string[] names = [.. matrix.Features.Select(feature => feature.Name)];
        int done = 0;
        IReadOnlyList<PermutedFeature> features = PermutationImportance.Measure(names, predicted, Predict, predictions => sign * measure(predictions)[metric], new PermutationOptions { Repeats = request.Repeats, Seed = request.Seed });
        return new PermutationReport(metric, request.Repeats, [.. features.Select(feature => new PermutationRow(feature.Feature, feature.Loss, feature.Deviation))]);

        float[] Predict(int feature, int[] order)
        {
            context.Progress?.Report(new StepProgress("permutations", done++, names.Length * request.Repeats));
            return PredictShuffled(served.Backend, matrix, (feature, order), context);
        }
    }

    private static float[] PredictShuffled(IModelBackend backend, FeatureMatrix matrix, (int Feature, int[] Order) shuffled, StepContext context)
    {
        const int BlockRows = 4096;
        int width = matrix.FeatureCount;
        float[] predicted = new float[shuffled.Order.Length];
        Parallel.For(0, (predicted.Length + BlockRows - 1) / BlockRows, context.Budget.ParallelOptions(context.Cancellation), block =>
        {
            int start = block * BlockRows, count = Math.Min(BlockRows, predicted.Length - start);
            float[] rows = ArrayPool<float>.Shared.Rent(count * width), margins = ArrayPool<float>.Shared.Rent(count);
            matrix.Rows(start, count).CopyTo(rows);
            for (int row = 0; row < count; row++)
                rows[row * width + shuffled.Feature] = matrix.Row(shuffled.Order[start + row])[shuffled.Feature];
            backend.Predict(rows.AsSpan(0, count * width), predicted.AsSpan(start, count), margins.AsSpan(0, count));
            ArrayPool<float>.Shared.Return(rows);
            ArrayPool<float>.Shared.Return(margins);
        });
        return predicted;
    }
}
