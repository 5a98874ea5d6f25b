using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>What the verbs of the runs share: where they are.</summary>
internal abstract class RunVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly Option<string?> _runs;

    protected RunVerb(string name, string summary) : base(name, summary)
    {
        Add(_input.Config);
        _runs = Add(new Option<string?>("--runs") { Description = $"Folder of the runs. Default: `runs` of the project, else {RegistrySettings.DefaultRuns}.", HelpName = "DIR" });
    }

    protected string Folder(VerbContext context) => context.Get(_runs) ?? RegistryOptions.FindProject(context, _input)?.Registry.Runs ?? RegistrySettings.DefaultRuns;
}
