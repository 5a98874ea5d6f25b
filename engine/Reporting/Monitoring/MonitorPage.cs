using System.Globalization;
using System.Xml.Linq;

namespace ChurnEngine.Reporting;

/// <summary>Monitoring as one HTML page: the newest window, and how it came to be over those before it.</summary>
public static class MonitorPage
{
    private const int SparkWidth = 120, SparkHeight = 26;

    /// <summary>The whole page.</summary>
    /// <param name="windows">One or more, oldest first.</param>
    /// <param name="psiLimit">Where the limit of PSI is drawn.</param>
    public static string Render(IReadOnlyList<MonitorWindow> windows, double psiLimit)
    {
        ArgumentNullException.ThrowIfNull(windows);
        MonitorWindow now = windows[^1];
        string title = $"Monitoring of {now.Version}{(now.AsOf.Length > 0 ? $" as of {now.AsOf}" : "")}";
        var body = new XElement("body", new XElement("h1", title),
            new XElement("p", string.Create(CultureInfo.InvariantCulture, $"{now.Customers:N0} customers against those that the model was trained on; {windows.Count} {(windows.Count == 1 ? "window" : "windows")}.")),
            now.Alarms.Count == 0 ? new XElement("p", new XElement("b", "No limit is broken.")) : null,
            new XElement("div", new XAttribute("class", "cards"), Cards(now)),
            now.Alarms.GroupBy(alarm => alarm.Next).SelectMany(group => group.Select(alarm => new XElement("p", new XAttribute("class", "warning"), new XElement("b", alarm.Subject), $": {alarm.Why}"))
                .Append(new XElement("p", new XElement("b", "Next"), $": {group.Key}."))),
            new XElement("div", new XAttribute("class", "pictures"), Pictures(windows)),
            MonitorOutcomes.Of(windows),
            new XElement("h2", "Features"),
            ReportPage.Soft("Those that drifted first, then by PSI. The line shows PSI over the windows, the dashes its limit. Wasserstein, Jensen-Shannon, p-values and intervals are in monitor.json."),
            ReportPage.Table(["feature", "", "PSI", "KS", "missing", "at training", "new values", "PSI over time"], now.Features
                .OrderByDescending(feature => feature.HasDrifted || feature.HasNewCategory).ThenByDescending(feature => feature.Psi).ThenBy(feature => feature.Name, StringComparer.Ordinal)
                .Select(feature => (object[])[feature.Name, string.Join(", ", (string[])[.. feature.HasDrifted ? ["drifted"] : Array.Empty<string>(), .. feature.HasNewCategory ? ["new category"] : Array.Empty<string>()]), Number(feature.Psi), Number(feature.Distance), Share(feature.Missing), Share(feature.MissingAtTraining), NewValues(feature), Spark(windows, feature.Name, psiLimit)])));
        return ReportPage.Render(title, body);
    }

    private static IEnumerable<XElement> Cards(MonitorWindow now)
    {
        yield return ReportPage.Card("alarms", $"{now.Alarms.Count}", "");
        yield return ReportPage.Card("features drifted", $"{now.Features.Count(feature => feature.HasDrifted)}", $"of {now.Features.Count}");
        yield return ReportPage.Card("mean score", Number(now.MeanScore), double.IsNaN(now.MeanAtTraining) ? "" : $"{Number(now.MeanAtTraining)} when calibrated");
        if (!double.IsNaN(now.ScorePsi))
            yield return ReportPage.Card("PSI of the scores", Number(now.ScorePsi), "");
        if (!double.IsNaN(now.PredictionsADay))
            yield return ReportPage.Card("predictions a day", now.PredictionsADay.ToString("N0", CultureInfo.InvariantCulture), "");
        if (!double.IsNaN(now.ExpectedAuc))
            yield return ReportPage.Card("ROC-AUC to expect", Number(now.ExpectedAuc), "if probabilities are right");
        if (!double.IsNaN(now.MeasuredAuc))
            yield return ReportPage.Card("ROC-AUC measured", Number(now.MeasuredAuc), double.IsNaN(now.AucAtTraining) ? "" : $"{Number(now.AucAtTraining)} at training");
    }

    private static IEnumerable<XElement> Pictures(IReadOnlyList<MonitorWindow> windows)
    {
        if (windows[^1].ScoreShares is { Count: > 1 } shares)
            yield return Figure("Scores", "Customers by score, from the lowest to the highest. Dashed: when the model was calibrated.", Distribution(shares));
        if (windows.Count < 2)
            yield break;
        yield return Figure("Mean score", "Dashed: when the model was calibrated.", Over(windows, "mean score", windows[^1].MeanAtTraining, ("mean score", window => window.MeanScore, "c0")));
        if (windows.Any(window => !double.IsNaN(window.ExpectedAuc) || !double.IsNaN(window.MeasuredAuc)))
            yield return Figure("ROC-AUC", "Dashed: at training. What was measured is of an earlier snapshot than the window: outcomes take time.", Over(windows, "ROC-AUC", windows[^1].AucAtTraining, ("to expect", window => window.ExpectedAuc, "c0"), ("measured", window => window.MeasuredAuc, "c1")));
        yield return Figure("Features drifted", "", Over(windows, "features", double.NaN, ("features drifted", window => window.Features.Count(feature => feature.HasDrifted), "c1")));
    }

    private static XElement Distribution(IReadOnlyList<(double Then, double Now)> shares) => new Plot("customers by score", new Axis("bin of scores", 1, shares.Count),
        Axis.Over("share of customers", shares.SelectMany(share => (double[])[share.Then, share.Now]), isShare: true),
        [new PlotLine("", [.. shares.Select((share, bin) => (bin + 1.0, share.Now))], "c0") { HasDots = true }])
    {
        Guide = [.. shares.Select((share, bin) => (bin + 1.0, share.Then))],
    }.Draw();

    private static XElement Figure(string caption, string note, XElement picture) => new("figure", new XElement("figcaption", caption), ReportPage.Soft(note), picture);

    private static XElement Over(IReadOnlyList<MonitorWindow> windows, string name, double reference, params (string Name, Func<MonitorWindow, double> Value, string Style)[] lines)
    {
        var plot = new Plot(name, new Axis("window", 1, Math.Max(2, windows.Count)), Axis.Over(name, lines.SelectMany(line => windows.Select(line.Value)).Append(reference), fromZero: name != "ROC-AUC"),
            [.. lines.Select(line => new PlotLine(lines.Length > 1 ? line.Name : "", [.. windows.Select((window, i) => (X: i + 1.0, Y: line.Value(window))).Where(point => !double.IsNaN(point.Y))], line.Style) { HasDots = true })])
        {
            Guide = double.IsNaN(reference) ? [] : [(1, reference), (Math.Max(2, windows.Count), reference)],
        };
        return plot.Draw();
    }

    private static XElement Spark(IReadOnlyList<MonitorWindow> windows, string feature, double limit)
    {
        double[] values = [.. windows.Select(window => window.Features.FirstOrDefault(other => other.Name == feature)?.Psi ?? double.NaN)];
        double most = Math.Max(limit, values.Where(value => !double.IsNaN(value)).DefaultIfEmpty().Max()) * 1.1;
        double Across(int i) => values.Length == 1 ? SparkWidth / 2.0 : 3 + i * (SparkWidth - 6.0) / (values.Length - 1);
        double Up(double value) => SparkHeight - 3 - value / most * (SparkHeight - 6);
        XElement picture = Svg.Picture(SparkWidth, SparkHeight, $"PSI of {feature}");
        picture.Add(Svg.Line(0, Up(limit), SparkWidth, Up(limit), "guide"));
        (double X, double Y)[] points = [.. values.Select((value, i) => (Across(i), value)).Where(point => !double.IsNaN(point.value)).Select(point => (point.Item1, Up(point.value)))];
        if (points.Length > 1)
            picture.Add(Svg.Path(points, "line c0"));
        if (points.Length > 0)
            picture.Add(Svg.Circle(points[^1].X, points[^1].Y, 2.5, "dot c0"));
        return picture;
    }

    private static string NewValues(MonitorFeature feature) => !(feature.NewLevels > 0) ? "" : $"{Share(feature.NewLevels)}{(feature.NewValues.Count > 0 ? $" {ReportPage.Printable(string.Join(", ", feature.NewValues))}" : "")}";

    internal static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("0.####", CultureInfo.InvariantCulture);

    internal static string Share(double value) => double.IsNaN(value) ? "" : value.ToString("P1", CultureInfo.InvariantCulture);
}
