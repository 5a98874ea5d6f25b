using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class HistoryVerb : RegistryVerb
{
    private readonly Option<string?> _at;
    private readonly Option<string?> _alias;

    public HistoryVerb() : base("history", "Show the audit log; with --at, which version each alias stood on at that instant.")
    {
        _at = Add(new Option<string?>("--at") { Description = "Instant, ISO 8601, UTC where no zone is given.", HelpName = "INSTANT" });
        _alias = Add(new Option<string?>("--alias") { Description = "Only this alias.", HelpName = "ALIAS" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("all that was done", "churn models history --registry world/registry"),
        new("which version was production on the first of July at noon?", "churn models history --at 2024-07-01T12:00Z --alias production --registry world/registry"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        RegistryHistory history = RegistryStep.History(Folder(context), SharedOptions.Instant(_at.Name, context.Get(_at)), context.Get(_alias));
        return new VerbResult(history, console => RegistryTables.Print(console, history));
    }
}
