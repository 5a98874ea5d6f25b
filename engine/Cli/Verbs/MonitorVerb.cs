using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class MonitorVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly RegistryOptions _registry = new();
    private readonly LogFlags _log = new();
    private readonly Option<string> _model;
    private readonly Option<string?> _store;
    private readonly Option<string?> _asOf;
    private readonly Option<bool> _labels;
    private readonly Option<string?> _labelsAsOf;
    private readonly Option<string?> _out;
    private readonly Option<long> _seed;
    private readonly Option<string> _backend;
    private readonly Option<string> _device;
    private readonly Option<bool> _dryRun;
    private readonly AlertFlags _alerts = new();
    private readonly RetrainFlags _retrain;

    public MonitorVerb() : base("monitor", "Are the customers still those that the model was trained on, and is it still as good? Drift of every feature and of the scores, and performance once outcomes are known. Exit code 1 when a limit of `monitor:` in churn.yaml is broken, whatever --retrain comes to; a training that fails ends with its own.")
    {
        _model = Add(SharedOptions.Model());
        Add(_registry.Folder);
        Add(_input.Config);
        Add(_input.Table);
        Add(_input.Grouped);
        _store = Add(new Option<string?>("--store") { Description = "Offline store to read features from, in the place of tables.", HelpName = "DIR" });
        _asOf = Add(new Option<string?>("--as-of") { Description = "Instant to watch. Default: the project's, else the end of the data; of a store its latest date.", HelpName = "DATE" });
        Add(_log.Log);
        Add(_log.Since);
        Add(_log.Until);
        Add(_log.Outcomes);
        _labels = Add(new Option<bool>("--labels") { Description = "Measure performance too, on the latest snapshot whose outcomes are known: against training, against `monitor.floors`, by `monitor.segments`, and against what was expected before." });
        _labelsAsOf = Add(new Option<string?>("--labels-as-of") { Description = "With --labels: another snapshot.", HelpName = "DATE" });
        _out = Add(new Option<string?>("--out", "-o") { Description = $"Folder for {MonitorStep.FileName}, {MonitorStep.PageName} and a report of each instant watched, which the page draws together. Default: `monitor.out` of the project, else none.", HelpName = "DIR" });
        _seed = Add(new Option<long>("--seed") { Description = "Key of the draws that expected performance is worked out by.", DefaultValueFactory = _ => 0, HelpName = "S" });
        _backend = Add(SharedOptions.Backend());
        _device = Add(SharedOptions.Device());
        _dryRun = Add(new Option<bool>("--dry-run") { Description = "Watch, say what alerts and --retrain would come to, and write and send nothing." });
        foreach (Option option in _alerts.All)
            Add(option);
        _retrain = new RetrainFlags(option => Command.Options.Add(option));
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("the customers of today, against training", "churn monitor --model world/model.onnx --config world/churn.yaml"),
        new("with performance on outcomes that are known, kept with a page to look at", "churn monitor --model production --config world/churn.yaml --labels --out monitor"),
        new("the latest date of an offline store", "churn monitor --model world/model.onnx --store world/store"),
        new("the channels of `alerts:` in churn.yaml, tried", "churn monitor --config world/churn.yaml --test-alerts"),
        new("metrics for node_exporter to collect, and rules and a dashboard for them", "churn monitor --config world/churn.yaml --metrics-file churn.prom && churn monitor --write-rules prometheus"),
        new("a challenger when a limit is broken, in charge when the gates let it pass", "churn monitor --model production --config world/churn.yaml --labels --retrain --promote"),
        new("would one be trained, were the champion to be at most a month behind?", "churn monitor --model production --config world/churn.yaml --retrain --if age:30d --dry-run"),
        new("what a service was asked and answered in June, against outcomes that are known by now", "churn monitor --model production --log predictions --since 2024-06-01 --until 2024-07-01 --config world/churn.yaml --labels --out monitor"),
        new("a plain table of new customers", "churn monitor --model model.onnx --table june.csv"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        if (context.Wrote(_labelsAsOf) && !context.Get(_labels))
            throw CliErrors.BadCommandLine("--labels-as-of belongs to --labels");
        bool isDry = context.Get(_dryRun);
        if (_alerts.Instead(context, _input, isDry) is { } instead)
            return instead;
        LogRequest? log = _log.Read(context, _input.Table, _input.Grouped, _store, _asOf, _labelsAsOf);
        (ScoreInput? input, ProjectConfig? project) = log is null ? _input.FindScored(context, _store) : (null, _input.FindProject(context));
        bool withLabels = context.Get(_labels);
        if (log is null && withLabels && (project is null || context.Get(_store) is not null))
            throw CliErrors.BadCommandLine("--labels needs a project: its plan says what the outcome is, and its tables hold it");
        _retrain.Check(context, project is not null && context.Get(_store) is null);
        StepContext steps = _input.TableSteps(context);
        MonitorSettings settings = project?.Monitor ?? MonitorSettings.Default;
        string? folder = context.Get(_out) ?? (settings.Out is { } written ? project!.Resolve(written) : null);
        var request = new MonitorRequest
        {
            AsOf = SharedOptions.Instant(_asOf.Name, context.Get(_asOf)) ?? project?.Score.AsOf,
            WithLabels = withLabels,
            LabelsAsOf = SharedOptions.Instant(_labelsAsOf.Name, context.Get(_labelsAsOf)),
            Settings = settings,
            Out = isDry ? null : folder,
            Seed = context.Require(_seed),
        };
        var model = new ModelChoice(_registry.ModelPath(context, _model, project), SharedOptions.OpenBackend(context, (_backend, _device), project?.Score, steps.Warn));
        MonitorReport report = log is null ? MonitorStep.Run(input!, project, request, model, steps) : LogMonitorStep.Run(log, project, request, model, steps);
        AlertReport? alerts = _alerts.Tell(report, new AlertRequest { Folder = folder, DryRun = isDry }, project, steps, context);
        RetrainReport? retrain = _retrain.Run(context, project, report, (project is null ? null : _registry.Place(context, project), isDry), model.Open, steps);
        return new VerbResult(new { Monitor = report, Alerts = alerts, Retrain = retrain, Stages = steps.Stages.Stages }, console =>
        {
            MonitorTables.Print(console, report);
            if (alerts is not null)
                AlertLines.Print(console, alerts);
            if (retrain is not null)
                CycleTables.Print(console, retrain);
            StageTable.Print(console, steps.Stages);
        })
        {
            ExitCode = report.Alarms.Count > 0 ? ExitCode.GateSaidNo : ExitCode.Done,
            Warnings = steps.Warnings,
        };
    }
}
