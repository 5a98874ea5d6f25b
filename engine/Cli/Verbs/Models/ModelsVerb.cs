namespace ChurnEngine.Cli;

/// <summary>The model registry, one verb below for each thing that is done with it.</summary>
internal sealed class ModelsVerb : Verb
{
    public ModelsVerb() : base("models", "The model registry: versions that never change, aliases (staging, production, champion, challenger) that move between them through gates, and a log of all that was done.")
    {
    }

    protected override IReadOnlyList<Example> Examples => [.. Subverbs.SelectMany(below => below.ExamplesBelow)];

    protected override IReadOnlyList<Verb> Subverbs => [new ListModelsVerb(), new ShowModelVerb(), new RegisterModelVerb(), new PromoteVerb(), new RollbackVerb(), new HistoryVerb(), new DiffVerb(), new VerifyRegistryVerb(), new BackupVerb(), new RestoreVerb()];

    protected override VerbResult Run(VerbContext context) => throw CliErrors.BadCommandLine($"name what to do: {string.Join(", ", Command.Subcommands.Select(below => below.Name))}");
}
