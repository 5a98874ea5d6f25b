using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class EvaluateVerb : Verb
{
    private const int FirstFeatures = 10;
    private const int MostPermutations = 100, PermutationsOfAReport = 2;
    private readonly InputOptions _input = new();
    private readonly RegistryOptions _registry = new();
    private readonly Option<string> _model;
    private readonly Option<string?> _asOf;
    private readonly Option<string> _backend;
    private readonly Option<string> _device;
    private readonly Option<int> _permutations;
    private readonly Option<string?> _metric;
    private readonly Option<long> _seed;
    private readonly ReportFlags _report;

    public EvaluateVerb() : base("evaluate", "Measure a model on labelled data.")
    {
        _model = Add(SharedOptions.Model());
        Add(_registry.Folder);
        Add(_input.Config);
        Add(_input.Table);
        Add(_input.Grouped);
        _asOf = Add(new Option<string?>("--as-of") { Description = "Snapshot to measure on. Default: the latest whose labels are complete.", HelpName = "DATE" });
        _backend = Add(SharedOptions.Backend());
        _device = Add(SharedOptions.Device());
        _permutations = Add(new Option<int>("--permutations") { Description = "Measure what each feature is worth to the model: shuffle it so many times, 2 to 100, and see what the metric loses. 0 does not; with --report 2 where nothing is said.", DefaultValueFactory = _ => 0, HelpName = "N" });
        _metric = Add(new Option<string?>("--metric") { Description = "With --permutations: roc_auc, pr_auc, log_loss or brier; of a value rmse, mae or r2. Default: the first.", HelpName = "NAME" });
        _seed = Add(new Option<long>("--seed") { Description = "With --permutations or --report: key of the shuffles and resamples.", DefaultValueFactory = _ => 0, HelpName = "S" });
        _report = new ReportFlags(option => Command.Options.Add(option));
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("on the latest snapshot whose labels are complete", "churn evaluate --model world/model.onnx --config world/churn.yaml"),
        new("what each feature is worth to it, with its spread", "churn evaluate --model world/model.onnx --config world/churn.yaml --permutations 5"),
        new("the model that serves, by the registry", "churn evaluate --model production --config world/churn.yaml"),
        new("a report to look at, beside the model before it", "churn evaluate --model world/model.onnx --config world/churn.yaml --report report --segment plan --compare-with old.onnx"),
        new("on a plain table that has the label column", "churn evaluate --model model.onnx --table telco.csv"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        StepContext steps = _input.TableSteps(context);
        string? table = _input.FindTable(context);
        ProjectConfig? project = table is null ? _input.LoadProject(context) : null;
        var model = new ModelChoice(_registry.ModelPath(context, _model, project), SharedOptions.OpenBackend(context, (_backend, _device), project?.Score, steps.Warn));
        ReportRequest? wanted = _report.Read(context, project, model.Open, context.Require(_seed));
        var extras = new EvaluationExtras(Permutation(context, wanted is not null), wanted);
        if (_report.IsDryRun(context))
            return DryRun(EvaluateStep.Plan(project, table, model, steps, extras));
        EvaluationReport report = project is null
            ? EvaluateStep.Run(table!, model, steps, extras)
            : EvaluateStep.Run(project, SharedOptions.Instant(_asOf.Name, context.Get(_asOf)), model, steps, extras);
        return new VerbResult(new { report.Version, report.Design, report.Metrics, report.Learnt.Importance, report.Learnt.Coefficients, report.Permutation, report.Files, Stages = steps.Stages.Stages }, console =>
        {
            MetricTable.Print(console, report.Metrics);
            console.WriteLine(report.Design);
            LearntTable.Print(console, report.Learnt, FirstFeatures);
            if (report.Permutation is { } measured)
                LearntTable.Print(console, measured);
            if (report.Files.Count > 0)
                console.WriteLine($"report: {report.Files[0]} and {report.Files.Count - 1} files beside it");
            StageTable.Print(console, steps.Stages);
        })
        { Warnings = steps.Warnings };
    }

    private static VerbResult DryRun(EvaluationPlan plan) => new(new { Plan = plan }, console =>
        console.WriteLine(plan.Directory is null ? $"would measure {plan.Version}, and write nothing" : $"would measure {plan.Version} and write a report to {plan.Directory}{(plan.Replaces.Count > 0 ? $", replacing {string.Join(", ", plan.Replaces)}" : "")}"));

    private PermutationRequest? Permutation(VerbContext context, bool hasReport)
    {
        int repeats = hasReport && !context.Wrote(_permutations) ? PermutationsOfAReport : context.Require(_permutations);
        if (repeats is 0 && (context.Wrote(_metric) || context.Wrote(_seed) && !hasReport))
            throw CliErrors.BadCommandLine($"{(context.Wrote(_metric) ? "--metric" : "--seed")} belongs to --permutations");
        if (repeats is not 0 and (< 2 or > MostPermutations))
            throw CliErrors.BadOption("--permutations", $"0, or 2 to {MostPermutations}", $"{repeats}");
        return repeats == 0 ? null : new PermutationRequest(repeats, context.Require(_seed), context.Get(_metric));
    }
}
