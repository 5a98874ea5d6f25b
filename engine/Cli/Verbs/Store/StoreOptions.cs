using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Options and prints that the verbs of the feature store share.</summary>
internal static class StoreOptions
{
    public static Option<string?> Store() => new("--store", "-s") { Description = $"Folder of the feature store. Default: {MaterialiseStep.DefaultFolder} beside the project's file.", HelpName = "DIR" };

    public static Option<bool> DryRun(string what) => new("--dry-run") { Description = $"Check everything that can be checked without {what}, and say what would be done." };

    /// <summary>The project that was named, or the churn.yaml of this folder; null when a store was named and no project.</summary>
    public static ProjectConfig? FindProject(VerbContext context, InputOptions input, Option<string?> store) =>
        context.Get(store) is not null && context.Get(input.Config) is null ? null : input.LoadProject(context);

    /// <summary>The folder that was named, or the project's own.</summary>
    public static string FolderOf(VerbContext context, Option<string?> store, ProjectConfig? project) =>
        context.Get(store) ?? project!.Resolve(MaterialiseStep.DefaultFolder);

    public static VerbResult Filled(MaterialiseReport report, StepContext steps) =>
        new(new { report.Store, report.PlanHash, report.Features, report.Written, report.Kept, report.Rows, report.Dates, Stages = steps.Stages.Stages }, console =>
        {
            console.WriteLine($"{report.Written} dates written ({report.Rows:N0} rows of {report.Features} features), {report.Kept} were there already, in {report.Store}");
            PrintDates(console, report);
            StageTable.Print(console, steps.Stages);
        })
        { Warnings = steps.Warnings };

    public static VerbResult Planned(MaterialiseReport plan) => new(plan, console =>
    {
        console.WriteLine($"would fill {plan.Store} with {plan.Features} features of plan {plan.PlanHash[..12]}");
        if (plan.Dates.Count == 0)
            console.WriteLine("as of the end of the data, which only reading it tells");
        PrintDates(console, plan);
    });

    private static void PrintDates(IAnsiConsole console, MaterialiseReport report)
    {
        if (report.Dates.Count == 0)
            return;
        Table table = new Table().Border(TableBorder.Simple).AddColumn("as of").AddColumn(new TableColumn("customers").RightAligned()).AddColumn("");
        foreach (StoredDate date in report.Dates)
            table.AddRow(Markup.Escape(date.AsOf), date.Rows is { } rows ? $"{rows:N0}" : "", date.State);
        console.Write(table);
    }
}
