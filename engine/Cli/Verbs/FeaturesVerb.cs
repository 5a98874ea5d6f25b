using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class FeaturesVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly Option<string?> _asOf;
    private readonly Option<string> _out;

    public FeaturesVerb() : base("features", "Compute the features of every customer as of one instant and write them as Parquet; below it, the feature stores.")
    {
        Add(_input.Config);
        Add(_input.Grouped);
        _asOf = Add(new Option<string?>("--as-of") { Description = "Instant, ISO 8601, UTC where no zone is given. Default: `score.as_of` of the project, else the end of the data.", HelpName = "DATE" });
        _out = Add(new Option<string>("--out", "-o") { Description = "File to write.", DefaultValueFactory = _ => "features.parquet", HelpName = "FILE" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("what was known of each customer on the first of July", "churn features --config world/churn.yaml --as-of 2024-07-01 --out july.parquet"),
    ];

    protected override IReadOnlyList<Verb> Subverbs => [new ExplainPlanVerb(), new MaterialiseVerb(), new BackfillVerb(), new JoinVerb(), new PublishVerb(), new GetVerb()];

    protected override VerbResult Run(VerbContext context)
    {
        ProjectConfig project = _input.LoadProject(context);
        StepContext steps = _input.TableSteps(context);
        FeaturesReport report = FeaturesStep.Run(project, SharedOptions.Instant(_asOf.Name, context.Get(_asOf)), context.Require(_out), steps);
        return new VerbResult(new { report.Path, report.AsOf, report.Rows, report.Features, report.PlanHash, Stages = steps.Stages.Stages }, console =>
        {
            console.WriteLine($"{report.Rows:N0} customers x {report.Features} features as of {report.AsOf} in {report.Path}");
            StageTable.Print(console, steps.Stages);
        })
        { Warnings = steps.Warnings };
    }
}
