using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class ShowRunVerb : RunVerb
{
    private readonly Argument<string> _run;

    public ShowRunVerb() : base("show", "Show one training in full.") =>
        _run = Add(new Argument<string>("run") { Description = "Name of the run, the first digits of its id, or latest.", DefaultValueFactory = _ => "latest", HelpName = "RUN" });

    protected override IReadOnlyList<Example> Examples => [new("the last one", "churn runs show latest --config world/churn.yaml")];

    protected override VerbResult Run(VerbContext context)
    {
        RunDetail run = RunsStep.Show(Folder(context), context.Require(_run));
        return new VerbResult(run, console => RegistryTables.Print(console, run));
    }
}
