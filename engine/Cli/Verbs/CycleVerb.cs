using System.CommandLine;
using ChurnEngine.Pipeline;
using ChurnEngine.Telemetry;

namespace ChurnEngine.Cli;

/// <summary>The whole cycle of a project by one command.</summary>
internal sealed class CycleVerb : Verb
{
    private readonly Option<string?> _asOf;
    private readonly Option<string?> _from;
    private readonly Option<string?> _until;
    private readonly Option<string?> _only;
    private readonly Option<bool> _force;
    private readonly Option<bool> _dryRun;
    private readonly Option<string> _backend;
    private readonly Option<string> _device;
    private readonly InputOptions _input = new();
    private readonly MetricOptions _metrics = new();

    public CycleVerb() : base("run", $"The whole cycle of a project by one command: {string.Join(", ", CycleStages.All)}. Trains and promotes the first model through `gates`, scores with production, and trains a challenger as `monitor.retrain` says. Run again, it does only what is missing, also after a kill; when nothing changed, nothing is done. "
        + "Exit code: that of the first stage that failed, else 1 when monitoring broke a limit, else 0.")
    {
        Add(_input.Config);
        Add(_input.Grouped);
        _asOf = Add(new Option<string?>("--as-of") { Description = "Instant to score and watch at. Default: `score.as_of` of the project, else the end of the data.", HelpName = "DATE" });
        _from = Add(StageOption("--from", "First stage to do; those before it are left as they are."));
        _until = Add(StageOption("--until", "Last stage to do."));
        _only = Add(StageOption("--only", "The one stage to do."));
        _force = Add(new Option<bool>("--force") { Description = "Do the stages again, though nothing changed; score with the model that is in production now." });
        _dryRun = Add(new Option<bool>("--dry-run") { Description = "Say which stages would run, and why; write nothing." });
        _backend = Add(SharedOptions.Backend());
        _device = Add(SharedOptions.Device());
        Add(_metrics.File);
        Add(_metrics.PushGateway);
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("every night, or every week: what a scheduler calls (engine/Cli/Schedules has files for cron, systemd and Kubernetes)", "churn run --config world/churn.yaml"),
        new("what would it do tonight?", "churn run --config world/churn.yaml --dry-run"),
        new("production was rolled back, or a challenger promoted: score and decide with that model now", "churn run --config world/churn.yaml --from score --until decide --force"),
        new("only look", "churn run --config world/churn.yaml --only monitor --json"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        if (context.Get(_only) is not null && ((Option[])[_from, _until]).FirstOrDefault(context.Wrote) is { } beside)
            throw CliErrors.BadCommandLine($"{beside.Name} and --only exclude each other");
        string from = context.Get(_only) ?? context.Get(_from) ?? CycleStages.All[0], until = context.Get(_only) ?? context.Get(_until) ?? CycleStages.All[^1];
        if (CycleStages.IndexOf(from) > CycleStages.IndexOf(until))
            throw CliErrors.BadCommandLine($"--from {from} comes after --until {until}: the order is {string.Join(", ", CycleStages.All)}");
        ProjectConfig project = _input.LoadProject(context);
        StepContext steps = _input.TableSteps(context);
        var request = new CycleRequest
        {
            AsOf = SharedOptions.Instant(_asOf.Name, context.Get(_asOf)),
            From = from,
            Until = until,
            Force = context.Get(_force),
            DryRun = context.Get(_dryRun),
            Backend = context.Require(_backend),
            EngineVersion = VerbHost.Version,
            NewRunId = () => Guid.NewGuid().ToString("N"),
        };
        CycleReport report = CycleStep.Run(project, new RegistryPlace(project.Registry.Folder, TimeProvider.System, project.Registry.Mlflow), request, SharedOptions.OpenBackend(context, (_backend, _device), project.Score, steps.Warn), steps);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Metric[] metrics = [.. report.Scoring is { } scored ? ScoreMetrics.Of(scored, steps.Stages, now) : [], .. report.Monitor is { } seen ? MonitorMetrics.Of(seen, report.Alerts, now) : []];
        if (metrics.Length > 0)
            _metrics.Send(metrics, ("churn_run", []), project, steps, context);
        Exception? failure = report.FirstFailure?.Failure;
        foreach (CycleStageReport failed in report.Stages.Where(stage => stage.Failure is not null && stage.Failure != failure))
            steps.Warn($"{failed.Stage} failed too: {failed.Error}");
        return new VerbResult(new { Cycle = report, Stages = steps.Stages.Stages }, console =>
        {
            CycleTables.Print(console, report);
            StageTable.Print(console, steps.Stages);
        })
        {
            ExitCode = failure is not null ? ExitCode.Of(failure) : report.BreaksLimits ? ExitCode.GateSaidNo : ExitCode.Done,
            Failure = failure,
            Warnings = steps.Warnings,
        };
    }

    private static Option<string?> StageOption(string name, string description)
    {
        var option = new Option<string?>(name) { Description = $"{description} One of {string.Join(", ", CycleStages.All)}.", HelpName = "STAGE" };
        option.AcceptOnlyFromAmong([.. CycleStages.All]);
        return option;
    }
}
