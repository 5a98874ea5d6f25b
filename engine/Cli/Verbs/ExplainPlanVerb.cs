using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class ExplainPlanVerb : Verb
{
    private readonly Argument<string?> _plan;
    private readonly Option<string?> _feature;

    public ExplainPlanVerb() : base("explain", "Say in words what each feature of a plan computes, what it reads, and what it may see at an instant t. Reads no data.")
    {
        _plan = new Argument<string?>("plan") { Description = $"A churn.yaml, or a model.onnx, which has its plan inside. Default: {InputOptions.DefaultConfig} in this folder.", Arity = ArgumentArity.ZeroOrOne };
        Command.Arguments.Add(_plan);
        _feature = Add(new Option<string?>("--feature", "-f") { Description = "Only features with this in their name.", HelpName = "TEXT" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("every feature of this folder's plan", "churn features explain"),
        new("what the model that is in service looks at, spending alone", "churn features explain model.onnx --feature spend"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        PlanReport plan = ExplainPlanStep.Run(context.Arguments.GetValue(_plan) ?? InputOptions.DefaultConfig, context.Get(_feature));
        return new VerbResult(plan, console =>
        {
            console.WriteLine($"{plan.Source}: {plan.Features.Count} {(plan.Features.Count == 1 ? "feature" : "features")} of '{plan.Entity}', plan {plan.PlanHash[..12]}");
            foreach (ExplainedTable part in plan.Tables)
                console.WriteLine($"table '{part.Name}': {part.Holds}{(part.Source.Length > 0 ? $"; {part.Source}" : "")}");
            console.WriteLine($"label: {plan.Label ?? "none: this plan can score and not train"}");
            Table table = new Table().Border(TableBorder.Simple).AddColumn("feature").AddColumn("computes").AddColumn("from").AddColumn("sees at t");
            foreach (ExplainedFeature feature in plan.Features)
            {
                string name = feature.Unit.Length > 0 ? $"{feature.Name}, {feature.Unit}" : feature.Name;
                table.AddRow(Markup.Escape(name), Markup.Escape(feature.Says), Markup.Escape(feature.From), Markup.Escape(feature.Sees));
            }
            console.Write(table);
        })
        { Warnings = plan.Warnings };
    }
}
