namespace ChurnEngine.Cli;

/// <summary>The records of trainings, one verb below for each thing that is asked of them.</summary>
internal sealed class RunsVerb : Verb
{
    public RunsVerb() : base("runs", "The records of trainings: options, data with their hashes, metrics of each iteration, environment, commit, model. "
        + "With `runs: { mlflow: mlruns }` in churn.yaml (or `churn train --mlflow DIR`) the same in MLflow's file-store layout. "
        + "Newer MLflow reads such a folder only with MLFLOW_ALLOW_FILE_STORE=true in its environment; `mlflow migrate-filestore` turns it into a database.")
    {
    }

    protected override IReadOnlyList<Example> Examples => [.. Subverbs.SelectMany(below => below.ExamplesBelow)];

    protected override IReadOnlyList<Verb> Subverbs => [new ListRunsVerb(), new ShowRunVerb(), new CompareRunsVerb()];

    protected override VerbResult Run(VerbContext context) => throw CliErrors.BadCommandLine($"name what to do: {string.Join(", ", Command.Subcommands.Select(below => below.Name))}");
}
