using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class ListRunsVerb : RunVerb
{
    public ListRunsVerb() : base("list", "List the trainings, the latest first.")
    {
    }

    protected override IReadOnlyList<Example> Examples => [new("what was trained", "churn runs list --config world/churn.yaml")];

    protected override VerbResult Run(VerbContext context)
    {
        IReadOnlyList<RunRow> runs = RunsStep.List(Folder(context));
        return new VerbResult(new { Runs = runs }, console => RegistryTables.Print(console, runs));
    }
}
