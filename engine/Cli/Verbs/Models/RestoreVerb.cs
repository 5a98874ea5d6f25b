using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class RestoreVerb : RegistryVerb
{
    private readonly Option<string> _from;

    public RestoreVerb() : base("restore", "Bring back from a backup what is gone or damaged: versions, and the audit log with its aliases where they are not ahead of it.") =>
        _from = Add(new Option<string>("--from") { Description = "A backup; it is looked at as a whole first.", Required = true, HelpName = "DIR" });

    protected override IReadOnlyList<Example> Examples => [new("after a disk failed", "churn models restore --registry world/registry --from backups/2024-07-01")];

    protected override VerbResult Run(VerbContext context)
    {
        StepContext steps = InputOptions.Steps(context);
        RestoreReport report = RegistryStep.Restore(Place(context), context.Require(_from), steps);
        return new VerbResult(report, console =>
        {
            console.WriteLine($"{report.Versions.Count} versions brought back{(report.Versions.Count == 0 ? "" : $": {string.Join(", ", report.Versions)}")}; the audit log {(report.LogReplaced ? "is that of the backup" : "was ahead of the backup, or the same, and stays")}");
            RegistryTables.Print(console, report.Aliases);
        })
        { Warnings = steps.Warnings };
    }
}
