using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints what outcomes say of a model that is watched: how well it was foretold, whether probabilities still fit, segments, and the arms of a log.</summary>
internal static class OutcomeTables
{
    private const int MostSegments = 12;

    public static void Print(IAnsiConsole console, MeasuredPerformance measured)
    {
        if (measured.Foretold is { Figures.Count: > 0 } foretold)
            console.WriteLine($"expected by {foretold.Of}: {string.Join("; ", foretold.Figures.Select(figure => $"{figure.Metric} {MonitorTables.Text(figure.Expected)}, measured {MonitorTables.Number(figure.Measured)}{(figure.Held ? "" : ", outside")}"))}");
        if (measured.Recalibration is { } fitted)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"recalibration: slope {fitted.Slope:0.##}, intercept {fitted.Intercept:+0.##;-0.##;0}, p {fitted.PValue:0.0e0}, moves probabilities by {fitted.Shift:P1} of their mean{(fitted.Why.Length > 0 ? ": the law has changed" : "")}"));
        foreach (SegmentColumn column in measured.Segments)
        {
            Table table = new Table().Border(TableBorder.Simple).AddColumn(Markup.Escape(column.Column));
            foreach (string heading in (string[])["customers", "left", "foretold", "ROC-AUC", "to expect", "precision", "recall"])
                table.AddColumn(new TableColumn(heading).RightAligned());
            table.AddColumn("");
            // Those with a fault always; of the others the largest.
            SegmentFigures[] shown = [.. column.Segments.Where((segment, i) => i < MostSegments || segment.Faults.Count > 0)];
            foreach (SegmentFigures segment in shown)
            {
                table.AddRow(Markup.Escape(segment.Segment), segment.Rows.ToString("N0", CultureInfo.InvariantCulture), segment.PositiveRate is { } rate ? MonitorTables.Share(rate.Value) : "", MonitorTables.Share(segment.MeanProbability),
                    Short(segment.RocAuc), MonitorTables.Number(segment.ExpectedAuc), Short(segment.Precision), Short(segment.Recall), !segment.IsJudged ? "too few" : Markup.Escape(string.Join(", ", segment.Faults.Select(fault => fault.Metric))));
            }
            console.Write(table);
            if (column.Segments.Count > shown.Length)
                console.WriteLine($"and {column.Segments.Count - shown.Length} more of {column.Column}: --json has all");
        }
    }

    public static void PrintArms(IAnsiConsole console, LogSummary log)
    {
        foreach (LogArm arm in log.Arms)
            console.WriteLine($"arm {arm.Arm}{(arm.IsAnswered ? "" : " (shadow)")}: {arm.Customers.ToString("N0", CultureInfo.InvariantCulture)} customers, mean {MonitorTables.Text(arm.Scores.Mean)}{(MonitorTables.Word(arm.Scores.Verdict) is { Length: > 0 } word ? $", {word}" : "")}{(arm.Drifted.Count > 0 ? $"; drifted: {string.Join(", ", arm.Drifted)}" : "")}");
        if (log.WithOutcome is { } known)
            console.WriteLine($"{known.ToString("N0", CultureInfo.InvariantCulture)} customers have an outcome by now");
    }

    private static string Short(MonitorFigure? figure) => figure is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{figure.Value:0.###} ({figure.Low:0.##} to {figure.High:0.##})");
}
