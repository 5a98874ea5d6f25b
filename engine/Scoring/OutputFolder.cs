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
/// </code></remarks>
internal sealed class OutputFolder
{
    private const string JobFile = "job.json";
    private readonly string _directory;

    public OutputFolder(string directory) => _directory = directory;

    public string SuccessPath => Path.Combine(_directory, "_SUCCESS");

    public static string PartName(int partition) => $"part-{partition:D5}.parquet";

    public string PartPath(int partition) => Path.Combine(_directory, PartName(partition));

    /// <summary>Claims the folder for a job. Parts of an interrupted run of the same job stay; another job's result is refused or removed.</summary>
    public void Claim(Manifest job, bool overwrite)
    {
        Create();
        string jobPath = Path.Combine(_directory, JobFile);
        string identity = job.ToJson();
        if (File.Exists(jobPath) && File.ReadAllText(jobPath) == identity)
        {
            foreach (string leftover in Directory.GetFiles(_directory, "*.partial").Concat(Directory.GetFiles(_directory, "*" + AtomicFile.TemporarySuffix)))
                File.Delete(leftover);
            return;
        }
        string[] existing = Directory.GetFileSystemEntries(_directory);
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
