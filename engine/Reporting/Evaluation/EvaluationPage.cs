using System.Globalization;
using System.Xml.Linq;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Reporting;

/// <summary>An evaluation as one HTML page: pictures are SVG inside it, nothing is loaded from elsewhere; light or dark as the reader's system is, readable on a phone and on paper.</summary>
public static class EvaluationPage
{
    private static readonly (string Metric, string Name)[] s_cards =
    [
        ("roc_auc", "ROC-AUC"), ("pr_auc", "average precision"), ("log_loss", "log-loss"), ("brier", "Brier"), ("ece", "ECE, 15 bins"),
        ("precision", "precision"), ("recall", "recall"), ("f1", "F1"), ("precision_at_10", "precision, top tenth"), ("lift_at_10", "lift, top tenth"),
    ];

    private static readonly string[] s_compared = ["roc_auc", "pr_auc", "log_loss", "brier", "ece", "precision", "recall", "f1", "lift_at_10"];

    /// <summary>The whole page.</summary>
    /// <param name="data">What it says.</param>
    /// <param name="pictures">Its pictures, as <see cref="EvaluationPictures.Draw"/> made them.</param>
    public static string Render(EvaluationData data, IReadOnlyList<ReportPicture> pictures)
    {
        ArgumentNullException.ThrowIfNull(data);
        string title = $"{data.Model}: evaluation of {data.Version}";
        var body = new XElement("body",
            new XElement("h1", title),
            data.Warnings.Select(warning => new XElement("p", new XAttribute("class", "warning"), warning)),
            new XElement("dl", data.Design.SelectMany(fact => (XElement[])[new("dt", fact.Name), new("dd", fact.Value)])),
            new XElement("div", new XAttribute("class", "cards"), s_cards.Where(card => data.Metrics.ContainsKey(card.Metric)).Select(card => Card(data, card.Metric, card.Name))),
            data.Resamples > 0 ? ReportPage.Soft(string.Create(CultureInfo.InvariantCulture, $"In brackets: 95% intervals over {data.Resamples:N0} resamples of the customers.")) : null,
            data.Calibration.Length > 0 ? new XElement("p", $"Calibration: {data.Calibration}") : null,
            new XElement("p", string.Create(CultureInfo.InvariantCulture, $"Threshold {data.Threshold:0.####}{(data.ThresholdReason.Length > 0 ? $", chosen for {data.ThresholdReason} on the rows that calibrated" : "")}.")),
            new XElement("div", new XAttribute("class", "pictures"), pictures.Select(picture => new XElement("figure", new XAttribute("id", picture.Name), new XElement("figcaption", picture.Caption), ReportPage.Soft(picture.Note), picture.Picture))),
            Comparison(data), Segments(data), data.Groups.Select(Groups), All(data));
        return ReportPage.Render(title, body);
    }

    private static XElement Card(EvaluationData data, string metric, string name)
    {
        string interval = data.Intervals.TryGetValue(metric, out BootstrapInterval range) ? $"[{Number(range.Lower)}, {Number(range.Upper)}]" : "";
        return new XElement("div", new XAttribute("class", "card"), new XElement("small", name), new XElement("b", Number(data.Metrics[metric])), new XElement("small", interval));
    }

    private static XElement? Comparison(EvaluationData data)
    {
        if (data.Comparison.Count < 2)
            return null;
        bool hasDifferences = data.Comparison.Any(row => row.Differences.Count > 0);
        return new XElement("section", new XElement("h2", "Compared with"),
            hasDifferences ? ReportPage.Soft("Differences are this model less the other, on the same customers, with paired 95% intervals.") : null,
            ReportPage.Table(["", .. s_compared], data.Comparison.SelectMany(row => (string[][])
            [
                [row.Name + (row.Version.Length > 0 ? $" ({row.Version})" : ""), .. s_compared.Select(metric => row.Metrics.TryGetValue(metric, out double value) ? Number(value) : "")],
                .. row.Differences.Count == 0 ? Array.Empty<string[]>() : [["difference", .. s_compared.Select(metric => row.Differences.TryGetValue(metric, out BootstrapInterval d) ? $"{Signed(d.Value)}\n[{Signed(d.Lower)}, {Signed(d.Upper)}]" : "")]],
            ])));
    }

    private static XElement? Segments(EvaluationData data)
    {
        string[] metrics = ["rows", "positive_rate", "mean_probability", "roc_auc", "log_loss", "ece", "precision", "recall", "f1"];
        return data.Segments.Count == 0 ? null : new XElement("section", new XElement("h2", $"By {data.SegmentFeature}"),
            ReportPage.Table([data.SegmentFeature, "threshold", .. metrics], data.Segments.Select(segment => (string[])[segment.Segment, Number(segment.Threshold), .. metrics.Select(metric => segment.Metrics.TryGetValue(metric, out double value) ? Number(value) : "")])));
    }

    private static XElement Groups(ReportGroups groups) => new("section", new XElement("h2", $"Fairness by {groups.Column}"),
        ReportPage.Soft($"Found: share of those who left that is flagged; in vain: share of those who stayed. Ratios are to {groups.Reference}; 95% intervals in brackets."),
        groups.Findings.Select(finding => new XElement("p", new XAttribute("class", "warning"), finding)),
        ReportPage.Table([groups.Column, .. GroupTables.Head], groups.Groups.Select(group => GroupTables.Cells(group, groups.Reference))));

    private static XElement All(EvaluationData data) => new("section", new XElement("h2", "All metrics"),
        ReportPage.Table(["metric", "value", "95% interval"], data.Metrics.Select(metric => (string[])[metric.Key, Number(metric.Value), data.Intervals.TryGetValue(metric.Key, out BootstrapInterval range) ? $"{Number(range.Lower)} to {Number(range.Upper)}" : ""])));

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 1000 ? "N0" : "0.####", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.####;-0.####;0", CultureInfo.InvariantCulture);
}
