using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Reporting;

namespace ChurnEngine.Pipeline;

/// <summary>Metrics by the values of one feature.</summary>
internal static class SegmentTable
{
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
        bool isCategory = info.Categories.Count > 0;
        GroupedRows groups = isCategory ? GroupColumns.Categories(info, values) : GroupColumns.Quarters(name, values);
        IEnumerable<(string Name, int[] Rows)> members = groups.Members();
        IEnumerable<(string Name, int[] Rows)> ordered = isCategory
            ? members.OrderByDescending(segment => segment.Rows.Length).ThenBy(segment => segment.Name, StringComparer.Ordinal)
            : members.OrderBy(segment => (uint)groups.Group[segment.Rows[0]]);
        return [.. ordered.Select(segment => Measure(segment.Name, segment.Rows, scores))];
    }

    private static SegmentRow Measure(string segment, int[] rows, LabelledScores scores)
    {
        float[] probability = Array.ConvertAll(rows, row => scores.Predicted[row]), labels = Array.ConvertAll(rows, row => scores.Labels[row]), cuts = Array.ConvertAll(rows, row => scores.Cuts[row]);
        return new SegmentRow(segment, cuts[0], (ClassificationMetrics.Evaluate(probability, labels, cuts[0]) with { Confusion = Confusion.At(probability, labels, cuts) }).ToDictionary());
    }
}
