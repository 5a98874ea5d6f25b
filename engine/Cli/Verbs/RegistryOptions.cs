using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>Where the registry is: the option, `registry` of the project, or a folder of that name here.</summary>
internal sealed class RegistryOptions
{
    public Option<string?> Folder { get; } = new("--registry") { Description = $"Folder of the model registry. Default: `registry` of the project, else {RegistrySettings.DefaultFolder}.", HelpName = "DIR" };

    /// <summary>The project that is named, or the churn.yaml of this folder, or none.</summary>
    public static ProjectConfig? FindProject(VerbContext context, InputOptions input) =>
        context.Get(input.Config) is not null || File.Exists(InputOptions.DefaultConfig) ? input.LoadProject(context) : null;

    /// <summary>The folder.</summary>
    public string PathOf(VerbContext context, ProjectConfig? project) => context.Get(Folder) ?? project?.Registry.Folder ?? RegistrySettings.DefaultFolder;

    /// <summary>The registry for a change.</summary>
    public RegistryPlace Place(VerbContext context, ProjectConfig? project) => new(PathOf(context, project), TimeProvider.System, project?.Registry.Mlflow);

    /// <summary>The file that <c>--model</c> names: a path, or an alias or a version of the registry.</summary>
    /// <param name="context">The verb's.</param>
    /// <param name="model">The option.</param>
    /// <param name="project">The project; null: that of this folder is asked where its registry is.</param>
    public string ModelPath(VerbContext context, Option<string> model, ProjectConfig? project)
    {
        string written = context.Require(model);
        if (!RegisteredModel.IsMeant(written))
            return written;
        if (project is null && context.Get(Folder) is null && File.Exists(InputOptions.DefaultConfig))
            project = ProjectConfig.Load(InputOptions.DefaultConfig);
        return RegisteredModel.PathOf(written, PathOf(context, project));
    }
}
