using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class ExplainVerb : Verb
{
    private readonly Option<string> _model;
    private readonly Option<int?> _top;
    private readonly RegistryOptions _registry = new();

    public ExplainVerb() : base("explain", "Say what a model has learnt: gain and splits of each feature of trees, coefficients of logistic regression. Reads no data.")
    {
        _model = Add(SharedOptions.Model());
        Add(_registry.Folder);
        _top = Add(new Option<int?>("--top") { Description = "Only so many lines, the largest first. Default: all.", HelpName = "N" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("the model in this folder", "churn explain"),
        new("its ten largest, for a program", "churn explain --model world/model.onnx --top 10 --json"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        int most = context.Get(_top) ?? int.MaxValue;
        if (most < 1)
            throw CliErrors.BadOption("--top", "1 and up", $"{most}");
        ModelExplanation learnt = ExplainModelStep.Run(_registry.ModelPath(context, _model, null));
        ModelExplanation shown = learnt with { Importance = [.. learnt.Importance.Take(most)], Coefficients = [.. learnt.Coefficients.Take(most)] };
        return new VerbResult(shown, console =>
        {
            console.WriteLine($"{learnt.Version}: {(learnt.Algorithm.Length == 0 ? "" : $"{learnt.Algorithm}, ")}{learnt.Features} features");
            if (learnt.Importance.Count == 0 && learnt.Coefficients.Count == 0)
                console.WriteLine("the model was trained by an engine that kept neither importance nor coefficients");
            LearntTable.Print(console, learnt, most);
            if (learnt.Coefficients.Count > 0)
                console.WriteLine("coefficient: log-odds for one unit more, or for that level; per deviation: for one standard deviation more, by which they are ordered");
        });
    }
}
