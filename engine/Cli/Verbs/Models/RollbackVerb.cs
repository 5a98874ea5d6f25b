using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class RollbackVerb : RegistryVerb
{
    private readonly Option<string> _alias;
    private readonly Option<string?> _to;
    private readonly Option<string?> _reason;
    private readonly Option<bool> _dryRun;
    private readonly Option<string> _backend;
    private readonly Option<string> _device;

    public RollbackVerb() : base("rollback", "Move an alias back to the version before, the latest one that is whole and proves itself. No gate is asked.")
    {
        _alias = Add(new Option<string>("--alias") { Description = "Alias to move back.", DefaultValueFactory = _ => "production", HelpName = "ALIAS" });
        _alias.AcceptOnlyFromAmong("staging", "production", "champion", "challenger");
        _to = Add(new Option<string?>("--to") { Description = "Version that it stood on before. Default: the latest.", HelpName = "VERSION" });
        _reason = Add(new Option<string?>("--reason") { Description = "Why, for the log.", HelpName = "TEXT" });
        _dryRun = Add(new Option<bool>("--dry-run") { Description = "Say where it would go, and change nothing." });
        _backend = Add(SharedOptions.Backend());
        _device = Add(SharedOptions.Device());
    }

    protected override IReadOnlyList<Example> Examples => [new("production back to the version before", "churn models rollback --registry world/registry --reason complaints"), new("where production would go", "churn models rollback --registry world/registry --dry-run")];

    protected override VerbResult Run(VerbContext context)
    {
        ProjectConfig? project = RegistryOptions.FindProject(context, Input);
        StepContext steps = InputOptions.Steps(context);
        RegistryPlace place = Registry.Place(context, project);
        (string alias, string? to) = (context.Require(_alias), context.Get(_to));
        Models.OpenModelBackend open = SharedOptions.OpenBackend(context, (_backend, _device), project?.Score, steps.Warn);
        MoveReport report = context.Get(_dryRun) ? RegistryStep.PlanRollback(place, (alias, to), open) : RegistryStep.Rollback(place, (alias, to, context.Get(_reason)), open, steps);
        return new VerbResult(report, console => RegistryTables.Print(console, report)) { Warnings = steps.Warnings };
    }
}
