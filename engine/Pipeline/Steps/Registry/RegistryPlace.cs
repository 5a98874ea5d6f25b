using ChurnEngine.Registry;

namespace ChurnEngine.Pipeline;

/// <summary>Where a registry is, the clock that dates its log, and MLflow's folder that mirrors it.</summary>
/// <param name="Folder">The registry.</param>
/// <param name="Clock">Tells the time.</param>
/// <param name="Mlflow">Folder in MLflow's layout; null for none.</param>
public sealed record RegistryPlace(string Folder, TimeProvider Clock, string? Mlflow = null)
{
    internal ModelRegistry Open() => new(Folder, Clock);

    /// <summary>Brings MLflow's folder up to the registry. What cannot be written there is a warning: the registry is what counts.</summary>
    internal void Mirror(StepContext context)
    {
        if (Mlflow is null)
            return;
        try
        {
            MlflowFiles.WriteRegistry(Mlflow, RegistryState.Read(Folder));
        }
        catch (Columns.ChurnConfigException failure)
        {
            context.Warn($"MLflow's copy of the registry is behind: {failure.Describe()}");
        }
    }
}

/// <summary>Turns what `--model` names into a file: a path, or an alias or version of the registry.</summary>
public static class RegisteredModel
{
    private const string VersionStart = "m-";

    /// <summary>True of a word that is no file and has the form of an alias or a version.</summary>
    public static bool IsMeant(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        return !Path.Exists(written) && (AliasName.All.Contains(written) || (written.StartsWith(VersionStart, StringComparison.Ordinal) && written.Length > VersionStart.Length && written.Skip(VersionStart.Length).All(char.IsAsciiHexDigitLower)));
    }

    /// <summary>The file.</summary>
    /// <param name="written">A path; "production", "staging", "champion" or "challenger"; or a version, perhaps by its first digits. A file of that name comes first.</param>
    /// <param name="registry">The registry.</param>
    /// <remarks>Errors: CE8101 without a registry, CE8105 for a version that is not there, CE8106 for a damaged one, CE8109 for an alias that stands nowhere.</remarks>
    public static string PathOf(string written, string registry) => IsMeant(written) ? RegistryState.Read(registry).ModelPath(written) : written;
}
