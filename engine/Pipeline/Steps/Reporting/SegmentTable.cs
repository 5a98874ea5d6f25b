using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Reporting;

namespace ChurnEngine.Pipeline;

/// <summary>Metrics by the values of one feature.</summary>
internal static class SegmentTable
{
    private const string Missing = "(missing)";

    /// <summary>Measures each category, or each quarter of a number, and the rows without a value.</summary>
    /// <param name="matrix">[N, F] rows.</param>
    /// <param name="name">A feature of theirs.</param>
    /// <param name="scores">What the model said of them.</param>
    /// <returns>The largest segment first; of a number by its values. Segments without rows are left out.</returns>
    public static IReadOnlyList<SegmentRow> Of(FeatureMatrix matrix, string name, LabelledScores scores)
    {
        int feature = Array.FindIndex([.. matrix.Features], info => info.Name == name);
        FeatureInfo info = matrix.Features[feature];
        float[] values = new float[scores.Labels.Length];
        for (int row = 0; row < values.Length; row++)
            values[row] = matrix.Row(row)[feature];
        Func<float, string> segmentOf = info.Categories.Count > 0
            ? code => code >= 0 && code < info.Categories.Count ? info.Categories[(int)code] : Missing
            : Quarters(values);
        var rows = Enumerable.Range(0, values.Length).GroupBy(row => segmentOf(values[row])).Select(group => group.ToArray()).ToArray();
        IEnumerable<int[]> ordered = info.Categories.Count > 0
            ? rows.OrderByDescending(group => group.Length).ThenBy(group => segmentOf(values[group[0]]), StringComparer.Ordinal)
            : rows.OrderBy(group => float.IsFinite(values[group[0]]) ? values[group[0]] : float.PositiveInfinity);
        return [.. ordered.Select(group => Measure(segmentOf(values[group[0]]), group, scores))];
    }

    private static SegmentRow Measure(string segment, int[] rows, LabelledScores scores)
    {
        float[] probability = Array.ConvertAll(rows, row => scores.Predicted[row]), labels = Array.ConvertAll(rows, row => scores.Labels[row]), cuts = Array.ConvertAll(rows, row => scores.Cuts[row]);
        return new SegmentRow(segment, cuts[0], (ClassificationMetrics.Evaluate(probability, labels, cuts[0]) with { Confusion = Confusion.At(probability, labels, cuts) }).ToDictionary());
    }

    private static Func<float, string> Quarters(float[] values)
    {
        var quarters = new ValueQuarters(values);
        return value => quarters.IndexOf(value) is >= 0 and int index ? quarters.Names[index] : Missing;
    }
}
