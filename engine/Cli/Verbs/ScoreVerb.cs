using System.CommandLine;
using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class ScoreVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly Option<string> _model;
    private readonly Option<string?> _asOf;
    private readonly Option<string?> _out;
    private readonly Option<string> _backend;
    private readonly Option<string> _device;
    private readonly Option<int> _reasons;
    private readonly Option<double?> _reasonsFrom;
    private readonly Option<string[]> _columns;
    private readonly Option<bool> _overwrite;
    private readonly Option<bool> _dryRun;

    public ScoreVerb() : base("score", "Score every customer, partition by partition, into a folder of Parquet parts with a manifest. A rerun does only what is missing.")
    {
        ScoreSettings defaults = ScoreSettings.Default;
        _model = Add(SharedOptions.Model());
        Add(_input.Config);
        Add(_input.Table);
        Add(_input.Grouped);
        _asOf = Add(new Option<string?>("--as-of") { Description = "Instant, ISO 8601. Default: `score.as_of` of the project, else the end of the data.", HelpName = "DATE" });
        _out = Add(new Option<string?>("--out", "-o") { Description = $"Folder for the parts. Default: `score.out` of the project, else {defaults.Out}.", HelpName = "DIR" });
        _backend = Add(SharedOptions.Backend());
        _device = Add(SharedOptions.Device());
        _reasons = Add(new Option<int>("--reasons") { Description = "Reasons a customer; 0 for none, as a model of a value has none.", DefaultValueFactory = _ => ScoreSettings.DefaultReasons, HelpName = "K" });
        _reasonsFrom = Add(new Option<double?>("--reasons-from") { Description = "Probability from which a customer gets reasons. Default: the model's threshold.", HelpName = "P" });
        _columns = Add(new Option<string[]>("--columns") { Description = "Features to copy beside the scores.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true });
        _overwrite = Add(new Option<bool>("--overwrite") { Description = "Replace the result of another job in that folder." });
        _dryRun = Add(new Option<bool>("--dry-run") { Description = "Check model, plan, inputs and output folder, and say what would be done." });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("the nightly job", "churn score --model world/model.onnx --config world/churn.yaml --as-of 2024-12-26 --out scores"),
        new("a plain table, with a feature beside each score", "churn score --model model.onnx --table telco.csv --columns Contract tenure --out scores"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        StepContext steps = _input.TableSteps(context);
        CheckRanges(context);
        string? table = _input.FindTable(context);
        ProjectConfig? project = table is null ? _input.LoadProject(context) : null;
        ScoreSettings settings = project?.Score ?? ScoreSettings.Default;
        var request = new ScoreRequest
        {
            AsOf = SharedOptions.Instant(_asOf.Name, context.Get(_asOf)) ?? settings.AsOf,
            OutputDirectory = context.Get(_out) ?? project?.Resolve(settings.Out) ?? settings.Out,
            Reasons = context.Wrote(_reasons) ? context.Require(_reasons) : settings.Reasons,
            ReasonsFrom = context.Get(_reasonsFrom) ?? settings.ReasonsFrom,
            Columns = context.Get(_columns) is { Length: > 0 } written ? written : settings.Columns,
            Overwrite = context.Get(_overwrite),
            EngineVersion = VerbHost.Version,
        };
        var model = new ModelChoice(context.Require(_model), SharedOptions.OpenBackend(context, (_backend, _device), settings, steps.Warn));
        if (context.Get(_dryRun))
            return DryRun(project is not null ? ScoreStep.Plan(project, model, request, steps) : ScoreStep.Plan(table!, model, request, steps));
        ScoreReport report = project is not null ? ScoreStep.Run(project, model, request, steps) : ScoreStep.Run(table!, model, request, steps);
        return new VerbResult(new { Scoring = report, Stages = steps.Stages.Stages }, console =>
        {
            console.WriteLine($"{report.Rows:N0} customers in {report.Parts} parts ({report.PartsKept} of them from an earlier run) in {report.Directory}");
            StageTable.Print(console, steps.Stages);
        })
        { Warnings = steps.Warnings };
    }

    private void CheckRanges(VerbContext context)
    {
        if (context.Require(_reasons) is < 0 and var reasons)
            throw CliErrors.BadOption(_reasons.Name, "a whole number, 0 and up", reasons.ToString(CultureInfo.InvariantCulture));
        if (context.Get(_reasonsFrom) is { } from and not (>= 0 and <= 1))
            throw CliErrors.BadOption(_reasonsFrom.Name, "a number from 0 to 1", from.ToString(CultureInfo.InvariantCulture));
    }

    private static VerbResult DryRun(ScorePlan plan) => new(plan, console =>
    {
        console.WriteLine($"would score with model {plan.ModelVersion} ({plan.Features} features), as of {plan.AsOf ?? "the end of the data"}");
        foreach (string input in plan.Inputs)
            console.WriteLine($"  reads  {input}");
        console.WriteLine($"  writes {plan.OutputDirectory}: {plan.OutputState}");
    });
}
