using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints what the registry and the runs hold.</summary>
internal static class RegistryTables
{
    private static readonly string[] s_shown = ["test.roc_auc", "cv.roc_auc", "holdout.roc_auc", "test.rmse", "cv.rmse", "holdout.rmse", "roc_auc", "rmse"];

    public static void Print(IAnsiConsole console, RegistryListing listing)
    {
        Table table = Columns("version", "aliases", "registered", "trained by", "measured");
        foreach (VersionRow row in listing.Versions)
            table.AddRow(Cells(row.Version, string.Join(", ", row.Aliases), row.RegisteredAt, row.Algorithm, row.Fault is { } fault ? $"DAMAGED: {fault}" : Measured(row.Metrics)));
        console.Write(table);
        Print(console, listing.Aliases);
        if (listing.LogFault is { } log)
            console.WriteLine($"the audit log is damaged: {log}; `churn models verify` says more");
    }

    public static void Print(IAnsiConsole console, IReadOnlyList<AliasRow> aliases)
    {
        foreach (AliasRow alias in aliases)
            console.WriteLine($"{alias.Alias,-10} {alias.Version ?? "none"}{(alias.Since is { } since ? $" since {since}" : "")}{(alias.Problem is { } problem ? $"; {problem}" : "")}");
    }

    public static void Print(IAnsiConsole console, MoveReport report)
    {
        foreach (GateReport gate in report.Gates)
            console.WriteLine($"{(gate.Passed ? "passed " : "REFUSED")}  {gate.Gate}: {gate.Why}");
        console.WriteLine(report.Moved ? $"{report.Alias} stands on {report.Version} now; before on {report.From ?? "none"}" : $"{report.Alias} stands where it stood, on {report.From ?? "none"}");
        if (report.Note.Length > 0)
            console.WriteLine(report.Note);
    }

    public static void Print(IAnsiConsole console, RegistryHistory history)
    {
        Table table = Columns("line", "time", "what", "alias", "version", "from", "reason");
        foreach (HistoryRow row in history.Lines)
            table.AddRow(Cells(row.Number.ToString(CultureInfo.InvariantCulture), row.Time, $"{row.Action} {row.Kind ?? row.Decision}".TrimEnd(), row.Alias ?? "", row.Version ?? "", row.From ?? "", ReasonOf(row)));
        console.Write(table);
        console.WriteLine(history.At is { } at ? $"as of {at}:" : "now:");
        Print(console, history.Standing);
    }

    public static void Print(IAnsiConsole console, DifferenceReport report)
    {
        Table table = Columns(["", "", .. report.Compared]);
        foreach (DifferenceRow row in report.Differences)
            table.AddRow(Cells([row.Area, row.Name, .. row.Values]));
        if (report.Differences.Count > 0)
            console.Write(table);
        else
            console.WriteLine($"{string.Join(" and ", report.Compared)} say the same of themselves");
    }

    public static void Print(IAnsiConsole console, IReadOnlyList<RunRow> runs)
    {
        Table table = Columns("run", "status", "trained by", "model", "measured");
        foreach (RunRow run in runs)
            table.AddRow(Cells(run.Run, run.Status, run.Algorithm, run.ModelVersion ?? "", Measured(run.Metrics)));
        console.Write(table);
    }

    public static void Print(IAnsiConsole console, RunDetail run)
    {
        console.WriteLine($"{run.Row.Run} ({run.Row.Id}), {run.Row.Status}{(run.Row.ModelVersion is { } version ? $", model {version}" : "")}");
        if (run.Error is { } error)
            console.WriteLine(error);
        if (run.Row.Metrics.Count > 0)
            MetricTable.Print(console, run.Row.Metrics);
        if (run.Design.Length > 0)
            console.WriteLine(run.Design);
        Table options = Columns("option", "value");
        foreach ((string name, string value) in run.Options)
            options.AddRow(Cells(name, value));
        console.Write(options);
        foreach ((string what, IReadOnlyList<RunFileRow> files) in new[] { ("read", run.Inputs), ("made", run.Artifacts) })
        {
            foreach (RunFileRow file in files)
                console.WriteLine($"{what} {file.Path}, {ByteSize.Format(file.Bytes)}, sha256 {file.Sha256}");
        }
        foreach ((string name, string value) in run.Environment.Where(entry => entry.Value.Length > 0))
            console.WriteLine($"{name}: {value}");
        foreach ((string name, IReadOnlyList<double> values) in run.History.Where(metric => metric.Value.Count > 0))
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {values.Count} iterations, first {values[0]:0.####}, lowest {values.Min():0.####}, last {values[^1]:0.####}"));
    }

    private static string ReasonOf(HistoryRow row)
    {
        string gates = string.Join("; ", row.Gates.Where(gate => !gate.Passed).Select(gate => $"{gate.Gate} said no"));
        return string.Join("; ", new[] { row.Forced ? "FORCED" : "", row.Reason ?? "", gates }.Where(part => part.Length > 0));
    }

    private static string Measured(IReadOnlyDictionary<string, double> metrics) =>
        s_shown.FirstOrDefault(metrics.ContainsKey) is { } name ? $"{name} {metrics[name].ToString("F4", CultureInfo.InvariantCulture)}" : "";

    private static Table Columns(params IEnumerable<string> headings)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string heading in headings)
            table.AddColumn(Markup.Escape(heading));
        return table;
    }

    private static string[] Cells(params IEnumerable<string> texts) => [.. texts.Select(Markup.Escape)];
}
