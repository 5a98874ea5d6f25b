using System.Globalization;
using System.Xml.Linq;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Reporting;

/// <summary>An evaluation as one HTML page: pictures are SVG inside it, nothing is loaded from elsewhere; light or dark as the reader's system is, readable on a phone and on paper.</summary>
public static class EvaluationPage
{
    private const string Style = """
        * { box-sizing: border-box; } body { background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; max-width: 1320px; margin: 1.5rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
        h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; } p { margin: .3rem 0; max-width: 90ch; } .soft { color: var(--soft); } .warning { border-left: 4px solid var(--c1); padding-left: .6rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .8rem 0; } dt { color: var(--soft); } dd { margin: 0; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: .6rem; margin: 1rem 0; } .card { background: var(--card); border: 1px solid var(--grid); border-radius: 8px; padding: .5rem .7rem; }
        .card b { display: block; font-size: 1.3rem; font-variant-numeric: tabular-nums; } .card small { color: var(--soft); display: block; }
        .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(380px, 100%), 1fr)); gap: 1.2rem 2rem; } figure { margin: 0; min-width: 0; } figcaption { font-weight: 600; } figure p { font-size: .85rem; margin: 0 0 .3rem; } figure svg { width: 100%; height: auto; max-width: 460px; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; } td, th { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid var(--grid); white-space: pre; } th { color: var(--soft); font-weight: 600; } td:first-child, th:first-child { text-align: left; padding-left: 0; }
        @media (max-width: 500px) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .3rem; } .cards { grid-template-columns: repeat(2, 1fr); } }
        @media print { body { max-width: none; margin: 0; font-size: 11px; } figure p, table { font-size: 10px; } figure, .card, tr { break-inside: avoid; } h2 { break-after: avoid; } .pictures { grid-template-columns: repeat(2, 1fr); } .scroll { overflow: visible; } td, th { padding: .15rem .35rem; white-space: pre-line; } }
        """;

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
            data.Resamples > 0 ? Soft(string.Create(CultureInfo.InvariantCulture, $"In brackets: 95% intervals over {data.Resamples:N0} resamples of the customers.")) : null,
            data.Calibration.Length > 0 ? new XElement("p", $"Calibration: {data.Calibration}") : null,
            new XElement("p", string.Create(CultureInfo.InvariantCulture, $"Threshold {data.Threshold:0.####}{(data.ThresholdReason.Length > 0 ? $", chosen for {data.ThresholdReason} on the rows that calibrated" : "")}.")),
            new XElement("div", new XAttribute("class", "pictures"), pictures.Select(picture => new XElement("figure", new XAttribute("id", picture.Name), new XElement("figcaption", picture.Caption), Soft(picture.Note), picture.Picture))),
            Comparison(data), Segments(data), data.Groups.Select(Groups), All(data));
        var page = new XElement("html", new XAttribute("lang", "en"),
            new XElement("head", new XElement("meta", new XAttribute("charset", "utf-8")), new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                // Without one the browser asks for a file that is not there.
                new XElement("link", new XAttribute("rel", "icon"), new XAttribute("href", "data:,")),
                new XElement("title", title), new XElement("style", ChartStyle.Css, Style)),
            body);
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
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
            hasDifferences ? Soft("Differences are this model less the other, on the same customers, with paired 95% intervals.") : null,
            Table(["", .. s_compared], data.Comparison.SelectMany(row => (string[][])
            [
                [row.Name + (row.Version.Length > 0 ? $" ({row.Version})" : ""), .. s_compared.Select(metric => row.Metrics.TryGetValue(metric, out double value) ? Number(value) : "")],
                .. row.Differences.Count == 0 ? Array.Empty<string[]>() : [["difference", .. s_compared.Select(metric => row.Differences.TryGetValue(metric, out BootstrapInterval d) ? $"{Signed(d.Value)}\n[{Signed(d.Lower)}, {Signed(d.Upper)}]" : "")]],
            ])));
    }

    private static XElement? Segments(EvaluationData data)
    {
        string[] metrics = ["rows", "positive_rate", "mean_probability", "roc_auc", "log_loss", "ece", "precision", "recall", "f1"];
        return data.Segments.Count == 0 ? null : new XElement("section", new XElement("h2", $"By {data.SegmentFeature}"),
            Table([data.SegmentFeature, "threshold", .. metrics], data.Segments.Select(segment => (string[])[segment.Segment, Number(segment.Threshold), .. metrics.Select(metric => segment.Metrics.TryGetValue(metric, out double value) ? Number(value) : "")])));
    }

    private static XElement Groups(ReportGroups groups) => new("section", new XElement("h2", $"Fairness by {groups.Column}"),
        Soft($"Found: share of those who left that is flagged; in vain: share of those who stayed. Ratios are to {groups.Reference}; 95% intervals in brackets."),
        groups.Findings.Select(finding => new XElement("p", new XAttribute("class", "warning"), finding)),
        Table([groups.Column, .. GroupTables.Head], groups.Groups.Select(group => GroupTables.Cells(group, groups.Reference))));

    private static XElement All(EvaluationData data) => new("section", new XElement("h2", "All metrics"),
        Table(["metric", "value", "95% interval"], data.Metrics.Select(metric => (string[])[metric.Key, Number(metric.Value), data.Intervals.TryGetValue(metric.Key, out BootstrapInterval range) ? $"{Number(range.Lower)} to {Number(range.Upper)}" : ""])));

    private static XElement Table(string[] head, IEnumerable<string[]> rows) => new("div", new XAttribute("class", "scroll"),
        new XElement("table", new XElement("tr", head.Select(cell => new XElement("th", cell))), rows.Select(row => new XElement("tr", row.Select(cell => new XElement("td", cell))))));

    private static XElement Soft(string text) => new("p", new XAttribute("class", "soft"), text);

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 1000 ? "N0" : "0.####", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.####;-0.####;0", CultureInfo.InvariantCulture);
}
