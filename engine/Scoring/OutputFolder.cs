using System.Security.Cryptography;
using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>The folder a job writes into: knows what is there already, and seals it at the end.</summary>
/// <remarks>
/// <code>
/// job.json            the job's identity, written first: parts beside it belong to this job and no other
/// part-00000.parquet  each renamed into place when whole
/// manifest.json       identity, and rows and hash of each part
/// run.json            timings of the last run (written by the pipeline)
/// _SUCCESS            last of all
/// .lock               held while a process writes here; the system lets go of it when that process dies
/// </code></remarks>
internal sealed class OutputFolder
{
    private const string JobFile = "job.json";
    private const string LockFile = ".lock";

    // EWOULDBLOCK: how flock says that somebody else holds it.
    private const int WouldBlock = 11;
    private readonly string _directory;

    public OutputFolder(string directory) => _directory = directory;

    public string SuccessPath => Path.Combine(_directory, "_SUCCESS");

    public static string PartName(int partition) => $"part-{partition:D5}.parquet";

    public string PartPath(int partition) => Path.Combine(_directory, PartName(partition));

    /// <summary>Keeps other processes out until disposed.</summary>
    /// <remarks>The runtime takes an advisory flock for <see cref="FileShare.None"/>. The file stays: to delete it would let two processes lock two files of one name.</remarks>
    public IDisposable Lock()
    {
        Create();
        RefuseStrangers();
        try
        {
            return new FileStream(Path.Combine(_directory, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException busy) when (busy.HResult == WouldBlock)
        {
            throw ScoringErrors.InUse(_directory, busy);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ScoringErrors.CannotWrite(_directory, failure);
        }
    }

    /// <summary>Claims the folder for a job. Parts of an interrupted run of the same job stay; another job's result is refused or removed.</summary>
    public void Claim(Manifest job, bool overwrite)
    {
        string jobPath = Path.Combine(_directory, JobFile);
        string identity = job.ToJson();
        foreach (string leftover in Directory.GetFiles(_directory, ".part-*.partial").Concat(Directory.GetFiles(_directory, "*.json" + AtomicFile.TemporarySuffix)))
            File.Delete(leftover);
        if (File.Exists(jobPath) && File.ReadAllText(jobPath) == identity)
            return;
        string[] existing = [.. Directory.GetFileSystemEntries(_directory).Where(entry => Path.GetFileName(entry) != LockFile)];
        if (existing.Length > 0)
        {
            bool isOutput = File.Exists(jobPath);
            if (!isOutput || !overwrite)
                throw isOutput ? ScoringErrors.OutputHoldsOther(_directory) : ScoringErrors.OutputHoldsStranger(_directory, Path.GetFileName(existing.Min(StringComparer.Ordinal)!));
            RemoveOutput();
        }
        AtomicFile.WriteText(jobPath, identity);
    }

    /// <summary>The finished manifest when this job is complete already and every part is as it was written; else null.</summary>
    public Manifest? FindComplete(Manifest job)
    {
        if (!File.Exists(SuccessPath) || Manifest.TryRead(_directory) is not { } done || done.JobKey != job.JobKey)
            return null;
        foreach (ManifestPart part in done.Parts)
        {
            string path = Path.Combine(_directory, part.Name);
            if (!File.Exists(path) || HashFile(path) != part.Sha256)
            {
                File.Delete(SuccessPath);
                File.Delete(path);
                return null;
            }
        }
        return done;
    }

    public void WriteManifest(Manifest manifest) => AtomicFile.WriteText(Path.Combine(_directory, Manifest.FileName), manifest.ToJson());

    public void Seal() => AtomicFile.WriteText(SuccessPath, "");

    public static string HashFile(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    // Before the lock, which stays: a folder that is refused stays as it was.
    private void RefuseStrangers()
    {
        bool isOurs = File.Exists(Path.Combine(_directory, LockFile)) || File.Exists(Path.Combine(_directory, JobFile));
        if (!isOurs && Directory.EnumerateFileSystemEntries(_directory).Min(StringComparer.Ordinal) is { } stranger)
            throw ScoringErrors.OutputHoldsStranger(_directory, Path.GetFileName(stranger));
    }

    private void Create()
    {
        try
        {
            Directory.CreateDirectory(_directory);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ScoringErrors.CannotWrite(_directory, failure);
        }
    }

    // Only files that a job writes: a stranger's file in the folder survives even --overwrite.
    private void RemoveOutput()
    {
        File.Delete(SuccessPath);
        foreach (string part in Directory.GetFiles(_directory, "part-*.parquet"))
            File.Delete(part);
        foreach (string name in new[] { Manifest.FileName, "run.json", JobFile })
            File.Delete(Path.Combine(_directory, name));
    }
}
