using System.Globalization;
using Spectre.Console;

namespace ChurnEngine.Bench;

/// <summary>The results as tables on standard output.</summary>
internal static class PipelineReport
{
    public static void WritePlan(IReadOnlyList<PlannedStage> plan)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("run", "rounds").AddColumn(new TableColumn("about").RightAligned());
        foreach (PlannedStage planned in plan)
            table.AddRow(Markup.Escape(planned.Describe()), $"{planned.Options.Rounds}", $"{planned.Estimate:N0} s");
        BenchConsole.Out.Write(table);
        BenchConsole.Out.WriteLine($"together about {plan.Sum(planned => planned.Estimate) / 60:N0} minutes on two quiet cores, more where worlds have to be generated first");
    }

    public static void Write(SuiteRun run)
    {
        Table table = Columns("customers", "stage", "rows", "seconds", "rows/s", "allocated", "peak memory", "of its limit", "limit");
        foreach (ResultEntry entry in run.Entries.Where(IsStage))
        {
            table.AddRow(Customers(entry), entry.Name, $"{entry.Rows:N0}", Number(entry.Seconds!.Value), Number(entry.Value),
                Bytes(entry.AllocatedBytes!.Value), Bytes(entry.PeakMemoryBytes!.Value), Share(entry.LimitShare), entry.Limit!);
        }
        BenchConsole.Out.Write(table);
        Table growth = Columns("stage", "grows with", "from", "to", "exponent", "95% interval");
        foreach (ResultEntry entry in run.Entries.Where(entry => entry.Unit == PipelineResults.Exponent))
        {
            string[] parts = entry.Name.Split(PipelineResults.By);
            growth.AddRow(parts[0], parts[1], Parameter(entry, "from"), Parameter(entry, "to"), Number(entry.Value), Range(entry.Interval));
        }
        if (growth.Rows.Count > 0)
            BenchConsole.Out.Write(growth);
        BenchConsole.Out.WriteLine("seconds grow as size to the exponent: 1 is linear; for threads, -1 is perfect" + (run.Quick ? "; quick sizes support no claim" : ""));
    }

    /// <summary>True for a row of the table, false for growth.</summary>
    public static bool IsStage(ResultEntry entry) => entry.Unit == "rows/s";

    public static string Customers(ResultEntry entry) => Parameter(entry, "customers");

    public static string Share(double? share) => share is { } value ? value < 0.0995 ? $"{100 * value:N1}%" : $"{100 * value:N0}%" : "";

    /// <summary>Three digits that matter.</summary>
    public static string Number(double value)
    {
        double size = Math.Abs(value);
        double unit = size >= 1000 ? Math.Pow(10, Math.Floor(Math.Log10(size)) - 2) : 1;
        return (Math.Round(value / unit) * unit is var rounded && size >= 100 ? rounded : value).ToString(size >= 100 ? "N0" : size >= 10 ? "N1" : "N2", CultureInfo.InvariantCulture);
    }

    public static string Bytes(double bytes) => bytes switch
    {
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:N2} GB"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:N0} kB"),
    };

    public static string Range(Interval? range) => range is null ? "two sizes give none" : $"{Number(range.Low)} to {Number(range.High)}";

    private static string Parameter(ResultEntry entry, string name) => double.Parse(entry.Parameters[name], CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);

    private static Table Columns(params string[] names)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string name in names)
            table.AddColumn(name is "stage" or "limit" or "grows with" ? new TableColumn(name) : new TableColumn(name).RightAligned());
        return table;
    }
}
