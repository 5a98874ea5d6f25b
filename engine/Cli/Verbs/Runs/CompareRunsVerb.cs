using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class CompareRunsVerb : RunVerb
{
    private readonly Argument<string[]> _compared;

    public CompareRunsVerb() : base("compare", "Say in what trainings differ: options, data, environment and metrics, side by side.") =>
        _compared = Add(new Argument<string[]>("runs") { Description = "Two runs or more, as of `churn runs show`.", Arity = new ArgumentArity(2, 20), HelpName = "RUN" });

    protected override IReadOnlyList<Example> Examples => [new("why is the last one better?", "churn runs compare 1a2b3c4d latest --config world/churn.yaml")];

    protected override VerbResult Run(VerbContext context)
    {
        DifferenceReport report = RunsStep.Compare(Folder(context), context.Require(_compared));
        return new VerbResult(report, console => RegistryTables.Print(console, report));
    }
}
