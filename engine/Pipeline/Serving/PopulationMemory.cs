using System.Security.Cryptography;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Pipeline;

/// <summary>The population that a job or a service worked out, for the next start of a service: reading the tables again takes as long as they are large. One file a project, in the user's cache.</summary>
/// <param name="cache">Folder of the cache; null keeps nothing.</param>
/// <param name="project">Path of its churn.yaml.</param>
/// <param name="identity">What it depends on: plan, tables, instant.</param>
internal sealed class PopulationMemory(string? cache, string project, string identity)
{
    private const int NameDigits = 16, MostFiles = 16;
    private const string FolderName = "population";

    private readonly string? _folder = cache is null ? null : Path.Combine(cache, FolderName);

    private string Project { get; } = DigitsOf(project);

    private string File => Path.Combine(_folder!, $"{Project}-{Digits(identity)}.bin");

    /// <summary>Whether something is known of just this plan, these tables and this instant, or nothing can be kept.</summary>
    public bool IsSettled => _folder is null || PathKinds.Of(File) == PathKind.File;

    /// <summary>Name and age of the newest file of a project; empty where there is none.</summary>
    public static string StampOf(string? cache, string project) =>
        Newest(cache, project) is { } file ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file.Name}@{file.LastWriteTimeUtc.Ticks}") : "";

    /// <summary>The population that was last left of a project, whatever the tables are now; null where nothing is, or what is there is of no use.</summary>
    public static PopulationReference? ReadNewest(string? cache, string project, FeaturePlan plan) => Newest(cache, project) is { } file ? Read(file.FullName, plan) : null;

    /// <summary>What is known; null where nothing is, or what is there is of no use.</summary>
    public PopulationReference? Read(FeaturePlan plan) => _folder is null ? null : Read(File, plan);

    /// <summary>Works the population out of tables that are in memory, and keeps it.</summary>
    /// <param name="featurizer">Over all customers of the project.</param>
    /// <param name="asOf">The project's scoring date; null: the end of the data.</param>
    /// <param name="context">Stage "population".</param>
    public PopulationReference Leave(Featurizer featurizer, long? asOf, StepContext context)
    {
        PopulationReference reference = context.Stages.Time("population", () => featurizer.ReferenceAt(asOf ?? DataLoad.EndOfData(featurizer.Data)), _ => 1);
        Keep(reference);
        return reference;
    }

    /// <summary>Keeps it in the place of what was known of the project. Where nobody may write, the next start reads the tables again.</summary>
    private void Keep(PopulationReference reference)
    {
        if (_folder is null)
            return;
        try
        {
            AtomicFile.Write(File, reference.Write);
            // Of other projects the newest stay: one that moved or is gone would leave its file for good.
            FileInfo[] others = [.. new DirectoryInfo(_folder).GetFiles("*.bin").Where(file => file.FullName != Path.GetFullPath(File)).OrderByDescending(file => file.LastWriteTimeUtc)];
            foreach (FileInfo old in others.Where(file => file.Name.StartsWith(Project + "-", StringComparison.Ordinal)).Union(others.Skip(MostFiles - 1)))
                FileChanges.Delete(old.FullName);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static PopulationReference? Read(string path, FeaturePlan plan)
    {
        try
        {
            return PathKinds.Of(path) == PathKind.File ? PopulationReference.TryRead(System.IO.File.ReadAllBytes(path), plan) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static FileInfo? Newest(string? cache, string project)
    {
        try
        {
            var folder = new DirectoryInfo(Path.Combine(cache ?? "", FolderName));
            return cache is null || !folder.Exists ? null : folder.GetFiles($"{DigitsOf(project)}-*.bin").MaxBy(file => file.LastWriteTimeUtc);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string DigitsOf(string project) => Digits(Path.GetFullPath(project));

    private static string Digits(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..NameDigits];
}
