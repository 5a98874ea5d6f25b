using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints what watching found: the features that moved furthest, the scores, performance, and alarms with what to do next.</summary>
internal static class MonitorTables
{
    private const int MostFeatures = 10;
    private const string Drifted = "drifted";

    public static void Print(IAnsiConsole console, MonitorReport report)
    {
        bool hasNew = report.Features.Any(feature => feature.NewLevels is { Value: > 0 });
        console.WriteLine($"{report.Version}, {report.Customers:N0} customers{(report.Log is { } log ? $", {log.Predictions:N0} predictions from {log.From} to {log.Until}" : report.AsOf is { } asOf ? $" as of {asOf}" : "")}, against its training");
        Table table = new Table().Border(TableBorder.Simple).AddColumn("feature");
        foreach (string heading in (string[])["PSI", "95%", "JS", "KS", "Wasserstein", "missing", "then", .. hasNew ? ["new"] : Array.Empty<string>(), "adjusted p"])
            table.AddColumn(new TableColumn(heading).RightAligned());
        table.AddColumn("");
        // Those that drifted always; of the others the ones that moved furthest.
        DriftRow[] furthest = [.. report.Features.OrderByDescending(feature => feature.Verdict == Drifted).ThenByDescending(feature => feature.Psi)];
        DriftRow[] shown = furthest[..Math.Min(furthest.Length, Math.Max(MostFeatures, report.Features.Count(feature => feature.Verdict == Drifted)))];
        foreach (DriftRow feature in shown)
        {
            table.AddRow([Markup.Escape(feature.Feature), Number(feature.Psi), $"{Number(feature.PsiLow)} to {Number(feature.PsiHigh)}", Number(feature.JensenShannon), Number(feature.KolmogorovSmirnov), Number(feature.Wasserstein),
                Share(feature.Missing), Share(feature.MissingAtTraining), .. hasNew ? [feature.NewLevels is { } levels ? Share(levels.Value) : ""] : Array.Empty<string>(),
                feature.AdjustedPValue.ToString("0.0e0", CultureInfo.InvariantCulture), Word(feature.Verdict)]);
        }
        console.Write(table);
        if (report.Features.Count > shown.Length)
            console.WriteLine($"and {report.Features.Count - shown.Length} more, nearer to training: --json has all");
        ScoreRow scores = report.Scores;
        string before = scores.MeanAtTraining is { } then ? $", {Number(then)} when it was calibrated ({scores.Change!.Value.ToString("+0.0%;-0.0%", CultureInfo.InvariantCulture)}), PSI {Number(scores.Psi)}" : "";
        console.WriteLine($"scores: mean {Text(scores.Mean)}{before}{(Word(scores.Verdict) is { Length: > 0 } word ? $": {word}" : "")}");
        if (report.Expected is { } expected)
            console.WriteLine($"to be expected, if its probabilities are right: {Share(expected.PositiveRate?.Value ?? double.NaN)} leave, ROC-AUC {Text(expected.RocAuc)}, precision {Text(expected.Precision)}, recall {Text(expected.Recall)}");
        if (report.Measured is { } measured)
            console.WriteLine($"{measured.Design}: ROC-AUC {Number(measured.Metrics.GetValueOrDefault("roc_auc", double.NaN))}{(measured.AucAtTraining is { } trained ? $" ({Number(trained)} at training)" : "")}, {Share(measured.Metrics.GetValueOrDefault("positive_rate"))} left, {Share(measured.Metrics.GetValueOrDefault("mean_probability"))} foretold");
        if (report.Measured is { } known)
            OutcomeTables.Print(console, known);
        if (report.Log is { } served)
            OutcomeTables.PrintArms(console, served);
        foreach (IGrouping<string, MonitorAlarm> alarms in report.Alarms.GroupBy(alarm => alarm.Next))
        {
            foreach (MonitorAlarm alarm in alarms)
                console.WriteLine($"alarm, {alarm.Kind}, {alarm.Subject}: {alarm.Why}");
            console.WriteLine($"next: {alarms.Key}");
        }
        if (report.Alarms.Count == 0)
            console.WriteLine("no limit is broken");
        foreach (string file in report.Files ?? [])
            console.WriteLine($"written: {file}");
    }

    internal static string Word(string verdict) => verdict switch
    {
        Drifted => "drifted",
        "not_judged" => "too few rows",
        _ => "",
    };

    internal static string Text(MonitorFigure? figure) => figure is null ? "unknown" : $"{Number(figure.Value)} ({Number(figure.Low)} to {Number(figure.High)})";

    internal static string Number(double? value) => value is { } number ? number.ToString("0.####", CultureInfo.InvariantCulture) : "";

    internal static string Share(double value) => value.ToString("P1", CultureInfo.InvariantCulture);
}
