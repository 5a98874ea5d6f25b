using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>The folder that a world is written into. Everything grows in a folder of its own inside it and moves up at the end, the project file last:
/// a killed run leaves nothing that looks like a world, and the next run clears up after it.</summary>
internal sealed class WorldFolder : IDisposable
{
    public const string ProjectFileName = "churn.yaml";
    private const string WorkFolder = "_partial";

    // What any world consists of, and so all that may be removed here: the killed run may have been one of another scenario.
    private static readonly string[] s_own = [.. Scenario.All.SelectMany(scenario => scenario.Files).Select(file => file.TopName).Distinct(), ProjectFileName];

    private readonly string _directory;
    private readonly bool _existed;
    private readonly FolderLock _lock;
    private bool _published;

    private WorldFolder(string directory, bool existed, FolderLock held) => (_directory, _existed, _lock) = (directory, existed, held);

    private string Work => Path.Combine(_directory, WorkFolder);

    /// <summary>Opens an empty folder, or what a killed run left of one; keeps other processes out until disposed.</summary>
    /// <param name="directory">The folder; made when absent.</param>
    /// <param name="files">What will grow in it.</param>
    public static WorldFolder Open(string directory, IReadOnlyList<WorldFile> files)
    {
        try
        {
            bool existed = Directory.Exists(directory);
            FileChanges.CreateFolder(directory);
            // A folder that is refused stays as it was: not even a lock is put in, unless there is something to clear up.
            bool wasKilled = Directory.Exists(Path.Combine(directory, WorkFolder)) || File.Exists(Path.Combine(directory, FolderLock.FileName));
            if (!wasKilled)
                RefuseOthers(directory);
            FolderLock held = FolderLock.TryTake(directory) ?? throw DataGenErrors.DirectoryInUse(directory);
            var folder = new WorldFolder(directory, existed, held);
            try
            {
                folder.ClearUp();
                RefuseOthers(directory);
                foreach (WorldFile file in files)
                    FileChanges.CreateFolder(Path.GetDirectoryName(folder.PathOf(file.Path))!);
                return folder;
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataGenErrors.DirectoryNotWritable(directory, e);
        }
    }

    /// <summary>Where a file grows that will be at <paramref name="path"/> in the world.</summary>
    public string PathOf(string path) => Path.Combine(Work, path);

    /// <summary>Moves up what the sinks made; one may keep its batches elsewhere. The project file comes last: with it the world is whole.</summary>
    public void Publish()
    {
        foreach (string name in s_own.Where(name => Path.Exists(Path.Combine(Work, name))))
            FileChanges.Move(Path.Combine(Work, name), Path.Combine(_directory, name));
        _published = true;
    }

    /// <summary>Removes all of an unpublished world, and the folder when it was made here.</summary>
    public void Dispose()
    {
        if (_published)
            FileChanges.Delete(Work);
        else
            ClearUp();
        _lock.Dispose();
        if (!_existed && !Directory.EnumerateFileSystemEntries(_directory).Any())
            FileChanges.Delete(_directory);
    }

    // A run that was killed while it moved the world up: what had moved is gone from the work folder, the project file was not yet there.
    private void ClearUp()
    {
        if (!Directory.Exists(Work))
            return;
        bool wasMoving = File.Exists(Path.Combine(Work, ProjectFileName));
        foreach (string name in s_own.Where(name => wasMoving && !Path.Exists(Path.Combine(Work, name))))
            FileChanges.Delete(Path.Combine(_directory, name));
        FileChanges.Delete(Work);
    }

    private static void RefuseOthers(string directory)
    {
        string? other = Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .FirstOrDefault(name => name is not WorkFolder and not FolderLock.FileName);
        if (other is not null)
            throw DataGenErrors.DirectoryNotEmpty(directory, other);
    }
}
