using ChurnEngine.Columns;

namespace ChurnEngine.Cli;

/// <summary>The folder of a demo: an earlier demo in it is replaced, anything else is left alone. No other process writes there until it is disposed.</summary>
internal sealed class DemoFolder : IDisposable
{
    private static readonly string[] s_own = ["data", "model.onnx", "model-card.md", "scores", "action_plan.csv", "action_plan.record.json", "quarantine"];
    private const string GroupedName = ".grouped";
    private readonly FolderLock _lock;

    private DemoFolder(string directory, FolderLock held) => (Grouped, _lock) = (Path.Combine(directory, GroupedName), held);

    /// <summary>Keeps the tables grouped from one step to the next; goes when this is disposed.</summary>
    public string Grouped { get; }

    /// <summary>Makes the folder, or empties it of an earlier demo.</summary>
    public static DemoFolder Open(string directory)
    {
        try
        {
            FileChanges.CreateFolder(directory);
            string[] entries = [.. Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path))];
            if (entries.FirstOrDefault(name => !s_own.Contains(name) && !IsLeftover(name)) is { } stranger)
                throw CliErrors.FolderHoldsOther(directory, stranger);
            FolderLock held = FolderLock.TryTake(directory) ?? throw CliErrors.FolderInUse(directory);
            foreach (string name in entries.Where(name => name != FolderLock.FileName))
                FileChanges.Delete(Path.Combine(directory, name));
            return new DemoFolder(directory, held);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CliErrors.FolderNotWritable(directory, failure);
        }
    }

    public void Dispose()
    {
        FileChanges.Delete(Grouped);
        _lock.Dispose();
    }

    // Of a demo that was killed.
    private static bool IsLeftover(string name) => name is FolderLock.FileName or GroupedName || (name.EndsWith(PendingFile.Suffix, StringComparison.Ordinal) && s_own.Any(own => name.StartsWith($".{own}.", StringComparison.Ordinal)));
}
