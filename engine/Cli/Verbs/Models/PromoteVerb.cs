using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class PromoteVerb : RegistryVerb
{
    private readonly Argument<string> _version;
    private readonly Option<string> _to;
    private readonly Option<string?> _asOf;
    private readonly Option<string?> _force;
    private readonly Option<bool> _dryRun;
    private readonly Option<string> _backend;
    private readonly Option<string> _device;

    public PromoteVerb() : base("promote", "Move an alias to a version that passes the gates of the project (`gates` of churn.yaml) and proves itself in the backend. Exit code 1 when a gate says no; the log has that too.")
    {
        _version = Version();
        _to = Add(new Option<string>("--to") { Description = "Alias to move.", DefaultValueFactory = _ => "production", HelpName = "ALIAS" });
        _to.AcceptOnlyFromAmong("staging", "production", "champion", "challenger");
        _asOf = Add(new Option<string?>("--as-of") { Description = "With `gates.better_than_champion`: snapshot to compare on. Default: the latest whose labels are complete.", HelpName = "DATE" });
        _force = Add(new Option<string?>("--force") { Description = "Promote in spite of a gate that says no; the reason is kept in the log. Golden rows that do not reproduce are never overruled.", HelpName = "REASON" });
        _dryRun = Add(new Option<bool>("--dry-run") { Description = "Let the gates judge, and change nothing." });
        Add(Input.Grouped);
        _backend = Add(SharedOptions.Backend());
        _device = Add(SharedOptions.Device());
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("put a version in charge", "churn models promote m-0123456789ab --to production --config world/churn.yaml"),
        new("what the gates would say", "churn models promote staging --to production --config world/churn.yaml --dry-run"),
        new("in spite of a gate, with the reason for the log", "churn models promote m-0123456789ab --force champion-is-broken --config world/churn.yaml"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        ProjectConfig? project = RegistryOptions.FindProject(context, Input);
        if ((context.Wrote(_asOf) || context.Wrote(Input.Grouped)) && project?.Registry.ComparesFor(context.Require(_to)) != true)
            throw CliErrors.BadCommandLine($"{(context.Wrote(_asOf) ? _asOf.Name : Input.Grouped.Name)} says nothing: only `gates.better_than_champion` reads data, and the project does not ask for it");
        StepContext steps = Input.TableSteps(context);
        var request = new PromoteRequest(context.Require(_version), context.Require(_to))
        {
            AsOf = SharedOptions.Instant(_asOf.Name, context.Get(_asOf)),
            Force = context.Get(_force) is { } reason ? reason.Trim().Length > 0 ? reason : throw CliErrors.BadOption(_force.Name, "a reason", reason) : null,
            DryRun = context.Get(_dryRun),
        };
        MoveReport report = PromoteStep.Run(Registry.Place(context, project), project, request, SharedOptions.OpenBackend(context, (_backend, _device), project?.Score, steps.Warn), steps);
        return new VerbResult(report, console => RegistryTables.Print(console, report))
        {
            ExitCode = report.Refused ? ExitCode.GateSaidNo : ExitCode.Done,
            Warnings = steps.Warnings,
        };
    }
}
