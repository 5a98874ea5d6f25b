using System.CommandLine;
using System.Net;
using ChurnEngine.Pipeline;
using ChurnEngine.Service;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary><c>churn serve</c>: answers over HTTP until it is told to stop; and makes keys for it.</summary>
internal sealed class ServeVerb : Verb
{
    private const string None = "none";
    private readonly InputOptions _input = new();
    private readonly RegistryOptions _registry = new();
    private readonly Option<string> _model;
    private readonly Option<string> _backend;
    private readonly Option<string> _device;
    private readonly Option<string?> _listen;
    private readonly Option<string?> _online;
    private readonly Option<string?> _log;
    private readonly Option<string?> _keys;
    private readonly Option<bool> _open;
    private readonly Option<bool> _dryRun;
    private readonly Option<string?> _newKey;
    private readonly Option<string> _scope;
    private readonly Option<int> _limit;

    public ServeVerb() : base("serve", "Answer over HTTP: one customer from raw events, from features or by id, or many at once. The model follows the registry without a dropped request. /docs describes it.")
    {
        _model = Add(SharedOptions.Model());
        Add(_registry.Folder);
        Add(_input.Config);
        _backend = Add(SharedOptions.Backend());
        _device = Add(SharedOptions.Device());
        _listen = Add(new Option<string?>("--listen") { Description = $"Address and port; *:8080 for every address. Default: `serve.listen` of the project, else {ServeSettings.Default.Listen}.", HelpName = "ADDRESS:PORT" });
        _online = Add(new Option<string?>("--online") { Description = "Online feature store (`churn features publish`), asked where a request has an id alone. Default: `serve.online` of the project, else none.", HelpName = "FILE" });
        _log = Add(new Option<string?>("--log") { Description = $"Folder for the prediction log; {None} for none. Default: `serve.log.folder` of the project, else {PredictionLogSettings.DefaultFolder} beside it; without a project none.", HelpName = "DIR" });
        _keys = Add(new Option<string?>("--keys") { Description = $"File with the hashes of API keys. Default: `serve.keys` of the project, else the variable {KeyRing.Variable}.", HelpName = "FILE" });
        _open = Add(new Option<bool>("--open") { Description = "Answer without a key, on a loopback address alone." });
        _dryRun = Add(new Option<bool>("--dry-run") { Description = "Open models, keys and store, say what would be served, and write and answer nothing. With --new-key: change no file." });
        _newKey = Add(new Option<string?>("--new-key") { Description = "Make an API key of that name, print it once, put its hash into the file of --keys, and end.", HelpName = "NAME" });
        _scope = Add(new Option<string>("--scope") { Description = "With --new-key: predict, monitor (models, metrics, readiness) or admin (all, and /admin), with commas between.", DefaultValueFactory = _ => "predict", HelpName = "SCOPES" });
        _limit = Add(new Option<int>("--limit") { Description = "With --new-key: requests an hour; 0 for no limit.", DefaultValueFactory = _ => 0, HelpName = "N" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("a key for a client that may ask, 1,000 times an hour", "churn serve --new-key shop --scope predict --limit 1000 --keys api-keys.txt"),
        new("serve what the registry has in production, with the features of last night at hand", "churn serve --model production --config world/churn.yaml --keys api-keys.txt --online features.sqlite"),
        new("on this machine, without keys", "churn serve --model model.onnx --config world/churn.yaml --open --listen 127.0.0.1:8080"),
        new("ask it", "curl -H 'X-API-Key: churn_...' -H 'Content-Type: application/json' -d '{\"user_id\": \"100012\", \"reasons\": 3}' http://127.0.0.1:8080/predict"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        ProjectConfig? project = RegistryOptions.FindProject(context, _input);
        ServeSettings settings = SettingsOf(context, project);
        if (context.Get(_newKey) is { } name)
            return NewKey(context, name, settings);
        StepContext steps = InputOptions.Steps(context);
        KeyRing keys = context.Get(_open) ? KeyRing.Open() : KeyRing.Read(settings.Keys);
        bool isDry = context.Get(_dryRun);
        var request = new PredictorRequest
        {
            Model = context.Wrote(_model) ? context.Require(_model) : settings.Model ?? context.Require(_model),
            Registry = Path.GetFullPath(_registry.PathOf(context, project)),
            Open = SharedOptions.OpenBackend(context, (_backend, _device), project?.Score, steps.Warn),
            Settings = isDry ? settings with { Log = settings.Log with { Folder = null } } : settings,
            Project = project,
        };
        using var predictor = ChurnPredictor.Open(request, steps);
        ServedModelRow[] models = [.. predictor.Arms.Select(arm => new ServedModelRow(arm.Arm, arm.Slot.Word, arm.Slot.Current.Version, arm.Traffic?.Share, arm.Traffic?.Answers ?? true))];
        if (isDry)
        {
            return new VerbResult(new ServePlan(settings.Listen.ToString(), models, keys.Count, settings.Online, settings.Log.Folder, predictor.Faults), console =>
            {
                foreach (ServedModelRow model in models)
                    console.WriteLine($"would serve {model.Version} ({model.Follows}) as {model.Arm} on {settings.Listen}");
                foreach (string fault in predictor.Faults)
                    console.WriteLine($"  {fault}");
            })
            { Warnings = steps.Warnings };
        }
        long answered = Serve(context, predictor, steps, new ServiceOptions { Settings = settings, Keys = keys, EngineVersion = VerbHost.Version, MonitorFolder = project?.Monitor.Out is { } watched ? project.Resolve(watched) : null, LogsRequests = !context.Arguments.GetValue<bool>("--quiet") });
        return new VerbResult(new { Models = models, Predictions = answered }, console => console.WriteLine($"stopped after {answered:N0} predictions")) { Warnings = steps.Warnings };
    }

    // Warnings of the start are told now: the end may be weeks away.
    private static long Serve(VerbContext context, ChurnPredictor predictor, StepContext steps, ServiceOptions options)
    {
        TextWriter error = context.Arguments.InvocationConfiguration.Error;
        ChurnService service = ChurnService.Start(predictor, options).GetAwaiter().GetResult();
        try
        {
            foreach (string warning in steps.Warnings.Concat(predictor.Faults))
                error.WriteLine($"warning: {warning}");
            error.WriteLine($"listening on {service.Address}");
            error.Flush();
            context.Cancellation.WaitHandle.WaitOne();
            service.Stop().GetAwaiter().GetResult();
            return service.Predictions;
        }
        finally
        {
            service.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private ServeSettings SettingsOf(VerbContext context, ProjectConfig? project)
    {
        ServeSettings settings = project?.Serve ?? ServeSettings.Default;
        IPEndPoint listen = context.Get(_listen) is { } address
            ? ServeSettings.TryAddress(address) ?? throw CliErrors.BadOption(_listen.Name, "an address and a port, such as 127.0.0.1:8080 or *:8080", address)
            : settings.Listen;
        string? folder = context.Get(_log) is { } log ? log == None ? null : Path.GetFullPath(log) : settings.Log.Folder;
        return settings with { Listen = listen, Online = context.Get(_online) ?? settings.Online, Keys = context.Get(_keys) ?? settings.Keys, Log = settings.Log with { Folder = folder } };
    }

    private VerbResult NewKey(VerbContext context, string name, ServeSettings settings)
    {
        KeyScopes scopes = ApiKey.ScopesOf(context.Require(_scope)) ?? throw CliErrors.BadOption(_scope.Name, "predict, monitor or admin, with commas between", context.Require(_scope));
        int limit = context.Require(_limit);
        if (limit < 0)
            throw CliErrors.BadOption(_limit.Name, "a whole number, 0 and up", limit.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (string secret, ApiKey key) = ApiKey.Make(name, scopes, limit);
        if (settings.Keys is { } file && !context.Get(_dryRun))
            KeyRing.Append(file, key);
        return new VerbResult(new { key.Name, Scope = ApiKey.ScopeText(scopes), HourlyLimit = limit, Secret = secret, Line = key.ToLine(), File = settings.Keys }, console =>
        {
            // The key alone, so that it can be taken by a pipe; nobody can show it again.
            console.WriteLine(secret);
            if (settings.Keys is null)
                console.WriteLine($"# for a file of keys, or {KeyRing.Variable}: {key.ToLine()}");
        });
    }

    private sealed record ServedModelRow(string Arm, string Follows, string Version, double? Share, bool Answers);

    private sealed record ServePlan(string Listen, IReadOnlyList<ServedModelRow> Models, int Keys, string? Online, string? Log, IReadOnlyList<string> Faults);
}
