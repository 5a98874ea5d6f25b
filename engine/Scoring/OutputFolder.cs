using System.Security.Cryptography;
using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>The folder a job writes into: knows what is there already, and seals it at the end. One process at a time has it open.</summary>
/// <remarks>
/// <code>
/// job.json            the job's identity, written first: parts beside it belong to this job and no other
/// part-00000.parquet  each renamed into place when whole (.arrow, .csv; none where the rows go to a database)
/// manifest.json       identity, and rows and hash of each part
/// run.json            timings of the last run (written by the pipeline)
/// _SUCCESS            last of all
/// .next/              the same files of a job that replaces this one: moved up when all are there (<see cref="Replacement"/>)
/// .lock               held while a process writes here
/// </code></remarks>
internal sealed class OutputFolder : IDisposable
{
    private const string JobFile = "job.json";
    private readonly string _directory;
    private readonly FolderLock _lock;
    private readonly Replacement _replacement;

    private OutputFolder(string directory, FolderLock held) => (_directory, _lock, WorkDirectory, _replacement) = (directory, held, directory, new Replacement(directory));

    /// <summary>Where the claimed job's files go until it is sealed: the folder itself, or, while that holds another job's good result, one inside it.</summary>
    public string WorkDirectory { get; private set; }

    /// <summary>Opens the folder, made when absent, and keeps other processes out until disposed. A replacement that was cut short is finished first.</summary>
    public static OutputFolder Open(string directory)
    {
        try
        {
            FileChanges.CreateFolder(directory);
            RefuseStrangers(directory);
            FolderLock held = FolderLock.TryTake(directory) ?? throw ScoringErrors.InUse(directory);
            var folder = new OutputFolder(directory, held);
            try
            {
                folder._replacement.Finish();
                return folder;
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ScoringErrors.CannotWrite(directory, failure);
        }
    }

    /// <summary>Claims the folder for a job. Parts of an interrupted run of the same job stay; another job's result is refused, or stays until this job's is whole.</summary>
    public void Claim(Manifest job, bool overwrite)
    {
        string identity = job.ToJson();
        bool isSameJob = Holds(_directory, identity);
        if (!isSameJob && FindOther() is { } other)
        {
            if (other != JobFile || !overwrite)
                throw other == JobFile ? ScoringErrors.OutputHoldsOther(_directory) : ScoringErrors.OutputHoldsStranger(_directory, other);
            if (File.Exists(Path.Combine(_directory, Replacement.Success)))
            {
                WorkDirectory = _replacement.Directory;
                isSameJob = Holds(WorkDirectory, identity);
            }
            else
            {
                RemoveUnfinished();
            }
        }
        if (!isSameJob)
        {
            FileChanges.Delete(_replacement.Directory);
            FileChanges.CreateFolder(WorkDirectory);
        }
        // Nobody else writes here: whatever has a hidden name was left by a killed run.
        foreach (string leftover in Directory.GetFiles(WorkDirectory, ".*" + PendingFile.Suffix))
            FileChanges.Delete(leftover);
        if (!isSameJob)
            AtomicFile.WriteText(Path.Combine(WorkDirectory, JobFile), identity);
    }

    /// <summary>The finished manifest when this job is complete already and every part is as it was written; else null.</summary>
    public Manifest? FindComplete(Manifest job, IPartOutput output)
    {
        if (!File.Exists(Path.Combine(_directory, Replacement.Success)) || Manifest.TryRead(_directory) is not { } done || done.JobKey != job.JobKey)
            return null;
        string[] damaged = [.. done.Parts.Where(part => output.Hash(_directory, part.Name) != part.Sha256).Select(part => part.Name)];
        if (damaged.Length == 0)
            return done;
        FileChanges.Delete(Path.Combine(_directory, Replacement.Success));
        // Every one of them: a part that is there is taken as it is.
        foreach (string part in damaged)
            output.Remove(_directory, part);
        return null;
    }

    public void WriteManifest(Manifest manifest) => AtomicFile.WriteText(Path.Combine(WorkDirectory, Manifest.FileName), manifest.ToJson());

    /// <summary>Declares the claimed job's result whole, and puts it in the place of the one before.</summary>
    public void Seal()
    {
        AtomicFile.WriteText(Path.Combine(WorkDirectory, Replacement.Success), "");
        _replacement.Finish();
    }

    public static string HashFile(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    public void Dispose() => _lock.Dispose();

    private static bool Holds(string directory, string identity)
    {
        string path = Path.Combine(directory, JobFile);
        return File.Exists(path) && File.ReadAllText(path) == identity;
    }

    // A folder that is refused stays as it was: not even a lock file is put in.
    private static void RefuseStrangers(string directory)
    {
        if (!File.Exists(Path.Combine(directory, JobFile)) && FindStranger(directory) is { } stranger)
            throw ScoringErrors.OutputHoldsStranger(directory, stranger);
    }

    // The job file, when there is one, stands for all that is beside it.
    private string? FindOther() => File.Exists(Path.Combine(_directory, JobFile)) ? JobFile : FindStranger(_directory);

    private static string? FindStranger(string directory) => Directory.EnumerateFileSystemEntries(directory).Select(entry => Path.GetFileName(entry))
        .Where(name => name != FolderLock.FileName && name != Replacement.FolderName && !(name.StartsWith('.') && name.EndsWith(PendingFile.Suffix, StringComparison.Ordinal)))
        .Min(StringComparer.Ordinal);

    // Only files that a job writes: a stranger's file in the folder survives even --overwrite. The job file last, since it says that the rest is ours.
    private void RemoveUnfinished()
    {
        foreach (string part in FilePartOutput.In(_directory))
            FileChanges.Delete(part);
        foreach (string name in new[] { Manifest.FileName, "run.json", JobFile })
            FileChanges.Delete(Path.Combine(_directory, name));
    }
}
