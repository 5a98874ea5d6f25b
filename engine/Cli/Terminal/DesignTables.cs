using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints folds, what a search found, and leaderboards.</summary>
internal static class DesignTables
{
    private static readonly (string Key, string Name)[] s_metrics =
        [("roc_auc", "ROC-AUC"), ("pr_auc", "PR-AUC"), ("log_loss", "log-loss"), ("ece", "ECE"), ("recall", "recall"), ("precision", "precision")];

    private static readonly string[] s_foldColumns = ["train", "stop", "calibrate", "test", "churned"], s_costColumns = ["fit s", "rows/s", "file"];

    public static void Print(IAnsiConsole console, FoldReport folds)
    {
        Table table = Columns("fold", [.. s_foldColumns.Concat(s_metrics.Select(metric => metric.Name))]);
        foreach (FoldUse fold in folds.Folds)
        {
            SnapshotUse test = fold.Snapshots[^1];
            string AsOf(string role) => fold.Snapshots.FirstOrDefault(use => use.Role == role)?.AsOf ?? "";
            string[] training = [.. fold.Snapshots.Where(use => use.Role == "train").Select(use => use.AsOf)];
            table.AddRow([Markup.Escape(fold.Name), $"{training[0]}..{training[^1]} ({fold.TrainedOn:N0})", AsOf("stop"), AsOf("calibrate"), $"{fold.TestedOn:N0}", $"{(double)test.Positives / test.Rows:P1}",
                .. s_metrics.Select(metric => fold.Metrics.TryGetValue(metric.Key, out double value) ? Number(value) : "")]);
        }
        table.AddRow(["mean", "", "", "", "", "", .. s_metrics.Select(metric => folds.Summary.TryGetValue(metric.Key, out MetricInterval? mean) ? Number(mean.Mean) : "")]);
        table.AddRow(["95% interval", "", "", "", "", "", .. s_metrics.Select(metric => folds.Summary.TryGetValue(metric.Key, out MetricInterval? mean) ? $"{Number(mean.Low)} to {Number(mean.High)}" : "")]);
        console.Write(table);
        console.WriteLine(folds.Design);
    }

    public static void Print(IAnsiConsole console, TuneReport found)
    {
        console.WriteLine($"search: {found.Design}; {found.Whole} of {found.Trials} scored on all rows, on {found.Folds.Count} folds within what is trained on ({string.Join(", ", found.Folds)})");
        console.WriteLine(found.Chosen.Count == 0
            ? $"the options as they are were the best: log-loss {Number(found.LogLossAsIs)}"
            : $"chosen: {string.Join(" ", found.Chosen.Select(option => $"{option.Key}={option.Value}"))}: log-loss {Number(found.LogLoss)}, {Number(found.LogLossAsIs)} with the options as they are");
    }

    public static void Print(IAnsiConsole console, CompareReport compared)
    {
        Table table = Columns("", [.. s_metrics.Select(metric => metric.Name).Concat(s_costColumns)]);
        foreach (CompareRow row in compared.Rows)
        {
            table.AddRow([Markup.Escape(row.Name == compared.Winner ? $"{row.Name} *" : row.Name),
                .. s_metrics.Select(metric => row.Metrics.TryGetValue(metric.Key, out MetricInterval? mean) ? $"{Number(mean.Mean)} +-{Number(mean.StandardError)}" : ""),
                row.FitSeconds.ToString("F2", CultureInfo.InvariantCulture), row.RowsPerSecond.ToString("N0", CultureInfo.InvariantCulture), ByteSize.Format(row.Bytes)]);
        }
        console.Write(table);
        console.WriteLine($"* {compared.Rule}; +- is one standard error");
        console.WriteLine(compared.Design);
        console.WriteLine($"to train it: churn train ... {compared.Rows.Single(row => row.Name == compared.Winner).Flags}");
    }

    private static Table Columns(string first, string[] others)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(first);
        foreach (string heading in others)
            table.AddColumn(new TableColumn(heading).RightAligned());
        return table;
    }

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
