using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>A job's whole result, put in the place of another's. Every step may be the last before a kill, and the next run goes on from there:
/// there is always one whole result on the disk, and a folder with <c>_SUCCESS</c> holds the parts of one job.</summary>
internal sealed class Replacement(string outputDirectory)
{
    public const string FolderName = ".next";
    public const string Success = "_SUCCESS";

    /// <summary>Where the new result grows.</summary>
    public string Directory { get; } = Path.Combine(outputDirectory, FolderName);

    /// <summary>Moves a sealed new result up, or the rest of it; does nothing when there is none.</summary>
    public void Finish()
    {
        if (!File.Exists(Path.Combine(Directory, Success)))
        {
            if (System.IO.Directory.Exists(Directory) && IsSpent())
                FileChanges.Delete(Directory);
            return;
        }
        FileChanges.Delete(Path.Combine(outputDirectory, Success));
        foreach (string part in FilePartOutput.In(Directory))
            FileChanges.Move(part, Path.Combine(outputDirectory, Path.GetFileName(part)));
        if (Manifest.TryRead(Directory) is { } manifest)
            RemoveOthers(manifest);
        // The manifest stays below until the parts beside it are the only ones.
        foreach (string file in System.IO.Directory.GetFiles(Directory).OrderBy(file => Path.GetFileName(file) == Success).ThenBy(file => file, StringComparer.Ordinal))
            FileChanges.Move(file, Path.Combine(outputDirectory, Path.GetFileName(file)));
        FileChanges.Delete(Directory);
    }

    // All was moved up and the last step is missing: records of parts without the job they are of. A job that begins writes its name before any record.
    private bool IsSpent() => System.IO.Directory.EnumerateFileSystemEntries(Directory).All(entry => Path.GetFileName(entry) == OutputFolder.RecordFolder) && File.Exists(Path.Combine(outputDirectory, Success))
        || !System.IO.Directory.EnumerateFileSystemEntries(Directory).Any();

    private void RemoveOthers(Manifest manifest)
    {
        var ours = manifest.Parts.Select(part => part.Name).ToHashSet(StringComparer.Ordinal);
        foreach (string part in FilePartOutput.In(outputDirectory).Where(part => !ours.Contains(Path.GetFileName(part))))
            FileChanges.Delete(part);
    }
}
