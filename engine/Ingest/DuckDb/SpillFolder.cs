using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.DuckDb;

/// <summary>A folder for what does not fit into memory, below the system's temporary folder; deleted when disposed, or by a later process when this one is killed.</summary>
internal sealed class SpillFolder : IDisposable
{
    private const string Prefix = "churn-spill-";
    private static readonly Lock s_sweep = new();
    private static bool s_swept;
    private static int s_count;
    private readonly FolderLock? _lock;

    public SpillFolder()
    {
        lock (s_sweep)
        {
            if (!s_swept && Directory.Exists(System.IO.Path.GetTempPath()))
                RemoveOrphans(System.IO.Path.GetTempPath());
            s_swept = true;
        }
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
        // A temporary folder that nobody made is not ours to make, and would stay behind; `churn doctor` tells of it.
        if (!Directory.Exists(System.IO.Path.GetTempPath()))
            return;
        try
        {
            FileChanges.CreateFolder(Path);
            _lock = FolderLock.TryTake(Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Most jobs never spill; one that must is told by DuckDB.
        }
    }

    public string Path { get; }

    public void Dispose()
    {
        FileChanges.Delete(Path);
        _lock?.Dispose();
    }

    /// <summary>Deletes what killed processes left: the folders whose lock nobody holds.</summary>
    internal static void RemoveOrphans(string temporaryFolder)
    {
        foreach (string folder in Directory.GetDirectories(temporaryFolder, Prefix + "*").Where(folder => !IsOfALiveProcess(folder)))
        {
            try
            {
                using FolderLock? held = FolderLock.TryTake(folder);
                if (held is not null)
                    FileChanges.Delete(folder);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Another user's, or gone by now: nothing that this job needs.
            }
        }
    }

    // Saves the lock of a folder that is just being made. A number that another process has by now costs nothing but a later removal.
    private static bool IsOfALiveProcess(string folder) =>
        int.TryParse(System.IO.Path.GetFileName(folder)[Prefix.Length..].Split('-')[0], out int process) && Directory.Exists($"/proc/{process}");
}
