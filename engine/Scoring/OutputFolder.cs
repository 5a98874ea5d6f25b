using System.Diagnostics;
using System.Security.Cryptography;
using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>The folder a job writes into: knows what is there already, and seals it at the end. One process at a time has it open, or one a slice.</summary>
/// <remarks>
/// <code>
/// job.json            the job's identity, written first: parts beside it belong to this job and no other
/// part-00000.parquet  each renamed into place when whole (.arrow, .csv; none where the rows go to a database)
/// .parts/00000.json   what that part holds, written after it; gone when the job is finished
/// manifest.json       identity, and rows and hash of each part
/// run.json            timings of the last run (written by the pipeline); of a slice run-3-of-8.json
/// _SUCCESS            last of all
/// .next/              the same files of a job that replaces this one: moved up when all are there (<see cref="Replacement"/>)
/// .lock               held while a process writes here; by a slice only while it claims the folder
/// .slice-3-of-8.lock  held while the process of a slice writes here
/// </code></remarks>
internal sealed class OutputFolder : IDisposable
{
    internal const string RecordFolder = ".parts";

    private const string JobFile = "job.json", SlicePrefix = ".slice-", LockSuffix = ".lock";
    // A slice holds the folder's own lock for the moment of claiming it: as many as start at once have their turn.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly string _directory;
    private readonly Replacement _replacement;
    private readonly FolderLock? _sliceLock;
    private FolderLock? _lock;

    private OutputFolder(string directory, FolderLock held, FolderLock? slice) =>
        (_directory, _lock, _sliceLock, WorkDirectory, _replacement) = (directory, held, slice, directory, new Replacement(directory));

    /// <summary>Where the claimed job's files go until it is sealed: the folder itself, or, while that holds another job's good result, one inside it.</summary>
    public string WorkDirectory { get; private set; }

    /// <summary>Opens the folder, made when absent, and keeps other processes out until disposed: all of them, or those of the same slice. A replacement that was cut short is finished first.</summary>
    public static OutputFolder Open(string directory, Slice slice)
    {
        try
        {
            FileChanges.CreateFolder(directory);
            RefuseStrangers(directory);
            // The folder's lock first: a slice that holds its own has claimed the folder, or is about to while nobody else can.
            FolderLock held = TakeLock(directory, slice.IsWhole ? TimeSpan.Zero : s_patience) ?? throw ScoringErrors.InUse(directory);
            FolderLock? sliceLock = null;
            try
            {
                if (!slice.IsWhole)
                    sliceLock = FolderLock.TryTake(directory, SliceLockName(slice)) ?? throw ScoringErrors.SliceInUse(directory, slice);
                var folder = new OutputFolder(directory, held, sliceLock);
                folder.TidyUp();
                return folder;
            }
            catch
            {
                sliceLock?.Dispose();
                held.Dispose();
                throw;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ScoringErrors.CannotWrite(directory, failure);
        }
    }

    /// <summary>Opens a folder to finish the job that slices have computed in it; null when it holds none that is unfinished.</summary>
    /// <returns>The folder, with the job that it holds.</returns>
    public static (OutputFolder Folder, Manifest Job)? OpenUnfinished(string directory)
    {
        OutputFolder folder = Open(directory, Slice.Whole);
        foreach (string work in new[] { folder._replacement.Directory, directory })
        {
            if (Manifest.TryRead(work, JobFile) is { } job && !File.Exists(Path.Combine(work, Replacement.Success)))
            {
                folder.WorkDirectory = work;
                return (folder, job);
            }
        }
        folder.Dispose();
        return null;
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
                RefuseWhileSlicesRun();
                RemoveUnfinished();
            }
        }
        if (!isSameJob)
        {
            RefuseWhileSlicesRun();
            FileChanges.Delete(_replacement.Directory);
            FileChanges.CreateFolder(WorkDirectory);
        }
        // Where nobody else writes, whatever has a hidden name was left by a killed run.
        if (!RunsSlice(except: _sliceLock))
        {
            foreach (string folder in new[] { WorkDirectory, Path.Combine(WorkDirectory, RecordFolder) }.Where(Directory.Exists))
            {
                foreach (string leftover in Directory.GetFiles(folder, ".*" + PendingFile.Suffix))
                    FileChanges.Delete(leftover);
            }
        }
        if (!isSameJob)
            Write(Path.Combine(WorkDirectory, JobFile), identity);
    }

    /// <summary>What an earlier run noted of a partition whose part is still as it was written; null when there is none, or another.</summary>
    public PartRecord? FindRecord(int partition, IPartOutput output)
    {
        if (PartRecord.TryRead(RecordPath(partition)) is not { } record)
            return null;
        return record.Part is null || IsWhole(record.Part, output) ? record : null;
    }

    /// <summary>Notes what became of a partition; its part must be in place.</summary>
    public void WriteRecord(int partition, PartRecord record) => Write(RecordPath(partition), record.ToJson());

    /// <summary>The manifest of the claimed job where an earlier run has written it, and those of its parts that are no longer as they were then; null when there is none.</summary>
    public (Manifest Done, ManifestPart[] Damaged)? FindManifest(Manifest job, IPartOutput output)
    {
        if (Manifest.TryRead(WorkDirectory) is not { } done || done.JobKey != job.JobKey)
            return null;
        ManifestPart[] damaged = [.. done.Parts.AsParallel().AsOrdered().Where(part => !IsWhole(part, output))];
        if (damaged.Length > 0)
            FileChanges.Delete(Path.Combine(WorkDirectory, Replacement.Success));
        return (done, damaged);
    }

    /// <summary>Forgets what an earlier run of the claimed job has declared.</summary>
    public void DropManifest() => FileChanges.Delete(Path.Combine(WorkDirectory, Manifest.FileName));

    /// <summary>Whether the claimed job was declared whole.</summary>
    public bool IsSealed => File.Exists(Path.Combine(WorkDirectory, Replacement.Success));

    /// <summary>Lets the processes of other slices claim the folder too, where this is a slice: from here on each writes its own parts.</summary>
    public void ShareWithSlices()
    {
        if (_sliceLock is not null)
            Release();
    }

    private bool IsWhole(ManifestPart part, IPartOutput output) => output.Hash(WorkDirectory, part.Name) == part.Sha256;

    public void WriteManifest(Manifest manifest) => Write(Path.Combine(WorkDirectory, Manifest.FileName), manifest.ToJson());

    /// <summary>Declares the claimed job's result whole, and puts it in the place of the one before.</summary>
    public void Seal()
    {
        Write(Path.Combine(WorkDirectory, Replacement.Success), "");
        TidyUp();
    }

    public static string HashFile(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    public void Dispose()
    {
        Release();
        _sliceLock?.Dispose();
    }

    private void Release()
    {
        _lock?.Dispose();
        _lock = null;
    }

    private string RecordPath(int partition) => Path.Combine(WorkDirectory, RecordFolder, $"{partition:D5}.json");

    private static string SliceLockName(Slice slice) => $"{SlicePrefix}{slice.Index}-of-{slice.Count}{LockSuffix}";

    // A disk may run full at any of a job's files: the same error whichever it is.
    private static void Write(string path, string text)
    {
        try
        {
            AtomicFile.WriteText(path, text);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ScoringErrors.CannotWritePart(path, failure);
        }
    }

    private static FolderLock? TakeLock(string directory, TimeSpan patience)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (FolderLock.TryTake(directory) is { } held)
                return held;
            if (Stopwatch.GetElapsedTime(started) >= patience)
                return null;
            Thread.Sleep(20);
        }
    }

    // What a kill between two steps may have left: a replacement half moved up, records of a job that is sealed, locks of dead slices.
    private void TidyUp()
    {
        bool isAlone = !RunsSlice(except: _sliceLock);
        if (_sliceLock is null && !isAlone)
            throw ScoringErrors.InUse(_directory);
        if (!isAlone)
            return;
        _replacement.Finish();
        if (File.Exists(Path.Combine(_directory, Replacement.Success)))
            FileChanges.Delete(Path.Combine(_directory, RecordFolder));
    }

    private void RefuseWhileSlicesRun()
    {
        if (RunsSlice(except: _sliceLock))
            throw ScoringErrors.InUse(_directory);
    }

    // A lock that can be taken was left by a killed process, and goes when it is let go.
    private bool RunsSlice(FolderLock? except)
    {
        bool runs = false;
        foreach (string file in Directory.GetFiles(_directory, SlicePrefix + "*" + LockSuffix))
        {
            if (except?.Path == file)
                continue;
            using FolderLock? left = FolderLock.TryTake(_directory, Path.GetFileName(file));
            runs |= left is null;
        }
        return runs;
    }

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
        .Where(name => name != FolderLock.FileName && name != Replacement.FolderName && !(name.StartsWith(SlicePrefix, StringComparison.Ordinal) && name.EndsWith(LockSuffix, StringComparison.Ordinal)) && !(name.StartsWith('.') && name.EndsWith(PendingFile.Suffix, StringComparison.Ordinal)))
        .Min(StringComparer.Ordinal);

    // Only files that a job writes: a stranger's file in the folder survives even --overwrite. The job file last, since it says that the rest is ours.
    private void RemoveUnfinished()
    {
        foreach (string part in FilePartOutput.In(_directory))
            FileChanges.Delete(part);
        FileChanges.Delete(Path.Combine(_directory, RecordFolder));
        foreach (string run in Directory.GetFiles(_directory, "run*.json"))
            FileChanges.Delete(run);
        foreach (string name in new[] { Manifest.FileName, JobFile })
            FileChanges.Delete(Path.Combine(_directory, name));
    }
}
