using System.Globalization;
using System.Xml.Linq;

namespace ChurnEngine.Reporting;

/// <summary>What outcomes, segments and the arms of a service say, on the page of monitoring.</summary>
internal static class MonitorOutcomes
{
    private const int MostForetold = 24;

    /// <summary>The tables; none where nothing is known.</summary>
    /// <param name="windows">One or more, oldest first.</param>
    public static IEnumerable<XElement> Of(IReadOnlyList<MonitorWindow> windows)
    {
        MonitorWindow now = windows[^1];
        if (now.Arms.Count > 0)
        {
            yield return new XElement("h2", "Arms of the service");
            yield return ReportPage.Soft("Each customer once, by the arm that predicted last.");
            yield return ReportPage.Table(["arm", "customers", "mean score", "95%", "drifted"],
                now.Arms.Select(arm => (object[])[arm.Name, Whole(arm.Customers), MonitorPage.Number(arm.Mean.Value), Interval(arm.Mean), string.Join(", ", arm.Drifted)]));
        }
        if (now.Floors.Count > 0)
        {
            yield return new XElement("h2", "Performance and its floors");
            yield return ReportPage.Soft(now.MeasuredOn);
            yield return ReportPage.Table(["metric", "measured", "floor", ""], now.Floors.Select(floor => (object[])[floor.Metric, MonitorPage.Number(floor.Measured), MonitorPage.Number(floor.Floor), floor.Measured < floor.Floor ? "below" : ""]));
        }
        MonitorForetold[] foretold = [.. windows.SelectMany(window => window.Foretold).Reverse().DistinctBy(figure => (figure.AsOf, figure.Metric)).Take(MostForetold)];
        if (foretold.Length > 0)
        {
            yield return new XElement("h2", "Expected, and what came");
            yield return ReportPage.Soft($"What was expected before outcomes were known, newest first: {foretold.Count(figure => figure.Held)} of {foretold.Length} lie within their 95% interval. {now.Recalibration}");
            yield return ReportPage.Table(["customers as of", "metric", "expected", "95%", "measured", "error", ""],
                foretold.Select(figure => (object[])[figure.AsOf.Length > 0 ? figure.AsOf : "the log", figure.Metric, MonitorPage.Number(figure.Expected.Value), Interval(figure.Expected), MonitorPage.Number(figure.Measured),
                    (figure.Measured - figure.Expected.Value).ToString("+0.####;-0.####;0", CultureInfo.InvariantCulture), figure.Held ? "" : "outside"]));
        }
        if (now.Segments.Count > 0)
        {
            yield return new XElement("h2", "Segments");
            yield return ReportPage.Soft("Outcomes by segment. ROC-AUC is held against what the segment's own probabilities promise: its customers are alike, so that it may lie below that of all.");
            foreach (IGrouping<string, MonitorSegment> column in now.Segments.GroupBy(segment => segment.Column))
            {
                yield return ReportPage.Table([column.Key, "customers", "left", "foretold", "ROC-AUC", "95%", "to expect", "precision", "recall", ""],
                    column.Select(segment => (object[])[ReportPage.Printable(segment.Name), Whole(segment.Customers), MonitorPage.Share(segment.Left), MonitorPage.Share(segment.Foretold), MonitorPage.Number(segment.Auc.Value), Interval(segment.Auc),
                        MonitorPage.Number(segment.ExpectedAuc), MonitorPage.Share(segment.Precision), MonitorPage.Share(segment.Recall), segment.Note]));
            }
        }
    }

    private static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Interval((double Value, double Low, double High) figure) => double.IsNaN(figure.Low) ? "" : string.Create(CultureInfo.InvariantCulture, $"{figure.Low:0.###} to {figure.High:0.###}");
}
