using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>Where a training is recorded, and whether its model comes into the registry.</summary>
internal sealed class TrackingOptions
{
    private const string None = "none";
    private readonly RegistryOptions _registry = new();
    private readonly Option<string?> _runs = new("--runs") { Description = $"Folder for the record of this run; {None} writes no record. Default: `runs` of the project, else {RegistrySettings.DefaultRuns} beside the model.", HelpName = "DIR" };
    private readonly Option<string?> _mlflow = new("--mlflow") { Description = "Folder for the same record in MLflow's layout. Default: `runs.mlflow` of the project, else none. `churn runs --help` says how MLflow reads it.", HelpName = "DIR" };
    private readonly Option<bool> _register = new("--register") { Description = "Take the model into the registry. So does `registry` in the project." };

    public IReadOnlyList<Option> All => [_runs, _mlflow, _register, _registry.Folder];

    /// <summary>Null: no record is wanted.</summary>
    public Tracking? Read(VerbContext context, ProjectConfig? project, TrainRequest request)
    {
        string? written = context.Get(_runs);
        bool registers = context.Get(_register) || context.Wrote(_registry.Folder) || project?.Registry.IsConfigured == true;
        if (written == None)
            return context.Get(_register) || context.Wrote(_registry.Folder) || context.Wrote(_mlflow) ? throw CliErrors.BadCommandLine($"--runs {None} leaves no record that --register and --mlflow could be of") : null;
        string beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(request.ModelPath ?? TrainSettings.Default.Model))!, RegistrySettings.DefaultRuns);
        return new Tracking(TimeProvider.System, Guid.NewGuid().ToString("N"), written ?? project?.Registry.Runs ?? beside)
        {
            Mlflow = context.Get(_mlflow) ?? project?.Registry.Mlflow,
            Registry = registers ? Path.GetFullPath(_registry.PathOf(context, project)) : null,
        };
    }
}
