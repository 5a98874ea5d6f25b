namespace ChurnEngine.Cli;

/// <summary>The audits, one verb below for each.</summary>
internal sealed class AuditVerb : Verb
{
    public AuditVerb() : base("audit", "Look for what would make a model better on paper than it is, or unfair to a group. Exit code 1 when a gate says no.")
    {
    }

    protected override IReadOnlyList<Example> Examples => [.. Subverbs.SelectMany(below => below.ExamplesBelow)];

    protected override IReadOnlyList<Verb> Subverbs => [new AuditLeakageVerb(), new AuditFairnessVerb()];

    protected override VerbResult Run(VerbContext context) => throw CliErrors.BadCommandLine($"name what to audit: {string.Join(", ", Command.Subcommands.Select(below => below.Name))}");
}
