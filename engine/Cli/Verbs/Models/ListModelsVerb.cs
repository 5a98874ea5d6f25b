using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class ListModelsVerb : RegistryVerb
{
    public ListModelsVerb() : base("list", "List the versions of the registry, the latest first, and where the aliases stand. Every file is hashed.")
    {
    }

    protected override IReadOnlyList<Example> Examples => [new("versions and aliases", "churn models list --registry world/registry")];

    protected override VerbResult Run(VerbContext context)
    {
        RegistryListing listing = RegistryStep.List(Folder(context));
        return new VerbResult(listing, console => RegistryTables.Print(console, listing));
    }
}
