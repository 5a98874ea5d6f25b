using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class EvaluateVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly Option<string> _model;
    private readonly Option<string?> _asOf;
    private readonly Option<string> _backend;

    public EvaluateVerb() : base("evaluate", "Measure a model on labelled data.")
    {
        _model = Add(SharedOptions.Model());
        Add(_input.Config);
        Add(_input.Table);
        Add(_input.Grouped);
        _asOf = Add(new Option<string?>("--as-of") { Description = "Snapshot to measure on. Default: the latest whose labels are complete.", HelpName = "DATE" });
        _backend = Add(SharedOptions.Backend());
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("on the latest snapshot whose labels are complete", "churn evaluate --model world/model.onnx --config world/churn.yaml"),
        new("on a plain table that has the label column", "churn evaluate --model model.onnx --table telco.csv"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        StepContext steps = _input.TableSteps(context);
        var model = new ModelChoice(context.Require(_model), SharedOptions.OpenBackend(context.Require(_backend)));
        EvaluationReport report = _input.FindTable(context) is { } table
            ? EvaluateStep.Run(table, model, steps)
            : EvaluateStep.Run(_input.LoadProject(context), SharedOptions.Instant(_asOf.Name, context.Get(_asOf)), model, steps);
        return new VerbResult(new { report.Version, report.Design, report.Metrics, Stages = steps.Stages.Stages }, console =>
        {
            MetricTable.Print(console, report.Metrics);
            console.WriteLine(report.Design);
            StageTable.Print(console, steps.Stages);
        })
        { Warnings = steps.Warnings };
    }
}
