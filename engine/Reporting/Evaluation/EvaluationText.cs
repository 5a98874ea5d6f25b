using System.Globalization;
using System.Text;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Reporting;

/// <summary>An evaluation as text and as CSV.</summary>
public static class EvaluationText
{
    private static readonly string[] s_columns = ["rows", "positives", "roc_auc", "pr_auc", "log_loss", "brier", "ece", "threshold", "precision", "recall", "f1", "accuracy", "precision_at_10", "lift_at_10"];

    /// <summary>model_comparison.csv: the model and what it is compared with, one line each, with intervals and paired differences where there are some; what is not defined is empty.</summary>
    /// <param name="rows">This model first.</param>
    public static string ComparisonCsv(IReadOnlyList<ComparisonRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var text = new StringBuilder("name,version");
        foreach (string column in s_columns)
            text.Append(',').Append(column);
        foreach (string metric in BootstrapIntervals.Metrics)
            text.Append(CultureInfo.InvariantCulture, $",{metric}_low,{metric}_high,{metric}_difference,{metric}_difference_low,{metric}_difference_high");
        text.Append('\n');
        foreach (ComparisonRow row in rows)
        {
            text.Append(Quoted(row.Name)).Append(',').Append(Quoted(row.Version));
            foreach (string column in s_columns)
                text.Append(',').Append(row.Metrics.TryGetValue(column, out double value) ? Exact(value) : "");
            foreach (string metric in BootstrapIntervals.Metrics)
            {
                text.Append(row.Intervals.TryGetValue(metric, out BootstrapInterval range) ? $",{Exact(range.Lower)},{Exact(range.Upper)}" : ",,");
                text.Append(row.Differences.TryGetValue(metric, out BootstrapInterval difference) ? $",{Exact(difference.Value)},{Exact(difference.Lower)},{Exact(difference.Upper)}" : ",,,");
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>classification_report.txt: precision, recall, F1 and rows of both outcomes, as scikit-learn lays it out.</summary>
    /// <param name="cells">At the threshold.</param>
    /// <param name="design">How the rows came about.</param>
    public static string ClassificationReport(Confusion cells, IReadOnlyList<ReportFact> design)
    {
        ArgumentNullException.ThrowIfNull(design);
        // The same cells, seen from those who stayed.
        var stayed = new Confusion(cells.TrueNegatives, cells.FalseNegatives, cells.FalsePositives, cells.TruePositives);
        long left = cells.TruePositives + cells.FalseNegatives, remained = cells.TrueNegatives + cells.FalsePositives, all = left + remained;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"",12} {"precision",10} {"recall",10} {"f1-score",10} {"support",10}\n\n");
        Line("stayed", (stayed.Precision, stayed.Recall, stayed.F1), remained);
        Line("left", (cells.Precision, cells.Recall, cells.F1), left);
        text.Append(CultureInfo.InvariantCulture, $"\n{"accuracy",12} {"",10} {"",10} {cells.Accuracy,10:0.0000} {all,10}\n");
        Line("macro avg", ((stayed.Precision + cells.Precision) / 2, (stayed.Recall + cells.Recall) / 2, (stayed.F1 + cells.F1) / 2), all);
        double share = all == 0 ? 0 : (double)left / all;
        Line("weighted avg", (Mix(stayed.Precision, cells.Precision), Mix(stayed.Recall, cells.Recall), Mix(stayed.F1, cells.F1)), all);
        text.Append('\n');
        foreach (ReportFact fact in design)
            text.Append(CultureInfo.InvariantCulture, $"{fact.Name}: {fact.Value}\n");
        return text.ToString();

        double Mix(double ofStayed, double ofLeft) => ofStayed + share * (ofLeft - ofStayed);

        void Line(string name, (double Precision, double Recall, double F1) of, long support) =>
            text.Append(CultureInfo.InvariantCulture, $"{name,12} {of.Precision,10:0.0000} {of.Recall,10:0.0000} {of.F1,10:0.0000} {support,10}\n");
    }

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
