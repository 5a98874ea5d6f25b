using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class DiffVerb : RegistryVerb
{
    private readonly Argument<string> _first;
    private readonly Argument<string> _second;

    public DiffVerb() : base("diff", "Say in what two models differ: plan, training window, options, features, metrics, threshold.")
    {
        _first = Add(new Argument<string>("first") { Description = "Version, alias or file.", HelpName = "FIRST" });
        _second = Add(new Argument<string>("second") { Description = "The other.", HelpName = "SECOND" });
    }

    protected override IReadOnlyList<Example> Examples => [new("what would change if staging went into production?", "churn models diff production staging --registry world/registry")];

    protected override VerbResult Run(VerbContext context)
    {
        DifferenceReport report = RegistryStep.Diff(Folder(context), context.Require(_first), context.Require(_second));
        return new VerbResult(report, console => RegistryTables.Print(console, report));
    }
}
