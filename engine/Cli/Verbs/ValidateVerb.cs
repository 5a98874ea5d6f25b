using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class ValidateVerb : Verb
{
    private readonly InputOptions _input = new();

    public ValidateVerb() : base("validate", "Read every table to its end and say which rows break its contract.")
    {
        Add(_input.Config);
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("check a project's data; exit code 1 when a table has too many bad rows", "churn validate --config world/churn.yaml"),
        new("the same, for a script", "churn validate --config world/churn.yaml --json"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        ProjectConfig project = _input.LoadProject(context);
        StepContext steps = InputOptions.Steps(context);
        ValidationReport report = ValidateStep.Run(project, steps);
        return new VerbResult(report, console => Print(console, report, steps))
        {
            ExitCode = report.Passed ? ExitCode.Done : ExitCode.GateSaidNo,
            Warnings = steps.Warnings,
        };
    }

    private static void Print(IAnsiConsole console, ValidationReport report, StepContext steps)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("table").AddColumn(new TableColumn("rows").RightAligned())
            .AddColumn(new TableColumn("refused").RightAligned()).AddColumn("verdict");
        foreach (TableVerdict verdict in report.Tables)
            table.AddRow(Markup.Escape(verdict.Table), $"{verdict.Rows:N0}", $"{verdict.Refused:N0}", verdict.Problem is null ? "good" : "not usable");
        console.Write(table);
        foreach (TableVerdict verdict in report.Tables.Where(verdict => verdict.Problem is not null))
            console.WriteLine(verdict.Problem!);
        StageTable.Print(console, steps.Stages);
    }
}
