using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.Reporting;

namespace ChurnEngine.Pipeline;

/// <summary>SHAP values of some of the rows that a report measures.</summary>
internal static class ShapCohort
{
    private const int MostRows = 400, MostFeatures = 10, ChunkRows = 20;

    /// <summary>Explains rows spread evenly over the matrix; a walk a row, no tables.</summary>
    /// <returns>Null of a model whose trees do not say how many rows reached their leaves; then the user is told.</returns>
    public static ShapSample? Of(ChurnModel model, FeatureMatrix matrix, StepContext context)
    {
        int rows = (int)Math.Min(MostRows, matrix.RowCount), width = matrix.FeatureCount;
        if (rows == 0)
            return null;
        IExplainer explainer;
        try
        {
            explainer = model.Predictor.CreateExplainer();
        }
        catch (ChurnModelException noCovers)
        {
            context.Warn($"the report has no SHAP values: {noCovers.Message}");
            return null;
        }
        using FeatureMatrix sample = matrix.Gather([.. Enumerable.Range(0, rows).Select(i => (int)(i * matrix.RowCount / rows))]);
        double[] values = new double[rows * width];
        Parallel.For(0, (rows + ChunkRows - 1) / ChunkRows, context.Budget.ParallelOptions(context.Cancellation), chunk =>
        {
            int start = chunk * ChunkRows, count = Math.Min(ChunkRows, rows - start);
            explainer.Explain(sample.Rows(start, count), values.AsSpan(start * width, count * width));
        });
        double[] strength = new double[width];
        for (int i = 0; i < values.Length; i++)
            strength[i % width] += Math.Abs(values[i]) / rows;
        int[] strongest = [.. Enumerable.Range(0, width).Where(feature => strength[feature] > 0).OrderByDescending(feature => strength[feature]).ThenBy(feature => matrix.Features[feature].Name, StringComparer.Ordinal).Take(MostFeatures)];
        return new ShapSample(rows, [.. strongest.Select(feature => new ShapFeature(matrix.Features[feature].Name, matrix.Features[feature].Categories, strength[feature],
            [.. Enumerable.Range(0, rows).Select(row => sample.Row(row)[feature])], [.. Enumerable.Range(0, rows).Select(row => (float)values[row * width + feature])]))]);
    }
}
