using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class ShowModelVerb : RegistryVerb
{
    private readonly Argument<string> _version;

    public ShowModelVerb() : base("show", "Show one version: its files, where it came from, and its card.") => _version = Version();

    protected override IReadOnlyList<Example> Examples => [new("the model that serves", "churn models show production --registry world/registry")];

    protected override VerbResult Run(VerbContext context)
    {
        VersionDetail detail = RegistryStep.Show(Folder(context), context.Require(_version));
        return new VerbResult(detail, console =>
        {
            console.WriteLine($"{detail.Row.Version}{(detail.Row.Aliases.Count == 0 ? "" : $" ({string.Join(", ", detail.Row.Aliases)})")}, registered {detail.Row.RegisteredAt} from {detail.Source}");
            console.WriteLine($"model {detail.Model}");
            console.WriteLine($"card  {detail.Card}");
            if (detail.Row.Fault is { } fault)
                console.WriteLine($"damaged: {fault}");
            console.WriteLine("");
            console.WriteLine(detail.CardText);
        });
    }
}
