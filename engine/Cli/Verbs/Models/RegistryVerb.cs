using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>What the verbs of the registry share: where it is, and the backend that models prove themselves in.</summary>
internal abstract class RegistryVerb : Verb
{
    protected RegistryVerb(string name, string summary) : base(name, summary)
    {
        Add(Registry.Folder);
        Add(Input.Config);
    }

    protected RegistryOptions Registry { get; } = new();

    protected InputOptions Input { get; } = new();

    protected string Folder(VerbContext context) => Registry.PathOf(context, RegistryOptions.FindProject(context, Input));

    protected RegistryPlace Place(VerbContext context) => Registry.Place(context, RegistryOptions.FindProject(context, Input));

    protected Argument<string> Version(string description = "Version, its first digits, or an alias.") => Add(new Argument<string>("version") { Description = description, HelpName = "VERSION" });
}
