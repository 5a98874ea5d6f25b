using System.Security.Cryptography;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Pipeline;

/// <summary>The population that a service worked out, for its next start: reading the tables again takes as long as they are large. One file a project, in the user's cache.</summary>
/// <param name="cache">Folder of the cache; null keeps nothing.</param>
/// <param name="project">Path of its churn.yaml.</param>
/// <param name="identity">What it depends on: plan, tables, instant.</param>
internal sealed class PopulationMemory(string? cache, string project, string identity)
{
    private const int NameDigits = 16;

    private readonly string? _folder = cache is null ? null : Path.Combine(cache, "population");

    private string Project { get; } = Digits(Path.GetFullPath(project));

    private string File => Path.Combine(_folder!, $"{Project}-{Digits(identity)}.bin");

    /// <summary>What is known; null where nothing is, or what is there is of no use.</summary>
    public PopulationReference? Read(FeaturePlan plan)
    {
        try
        {
            return _folder is not null && PathKinds.Of(File) == PathKind.File ? PopulationReference.TryRead(System.IO.File.ReadAllBytes(File), plan) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps it in the place of what was known of the project. Where nobody may write, the next start reads the tables again.</summary>
    public void Keep(PopulationReference reference)
    {
        if (_folder is null)
            return;
        try
        {
            AtomicFile.Write(File, reference.Write);
            foreach (string old in Directory.EnumerateFiles(_folder, $"{Project}-*.bin").Where(path => path != File))
                FileChanges.Delete(old);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string Digits(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..NameDigits];
}
