namespace ChurnEngine.Columns;

/// <summary>Keeps other processes from writing into a folder, until disposed or until this process is dead.</summary>
/// <remarks>An advisory flock on a file <c>.lock</c> in the folder, taken by the runtime for <see cref="FileShare.None"/>; the file goes with the lock.</remarks>
public sealed class FolderLock : IDisposable
{
    /// <summary>Name of the file in the folder.</summary>
    public const string FileName = ".lock";

    // EWOULDBLOCK: how flock says that somebody else holds it. Windows: ERROR_SHARING_VIOLATION.
    private const int WouldBlock = 11, SharingViolation = unchecked((int)0x80070020);
    private readonly FileStream _stream;
    private bool _released;

    private FolderLock(FileStream stream) => _stream = stream;

    /// <summary>The file.</summary>
    public string Path => _stream.Name;

    /// <summary>Takes the lock of a folder, which must exist; null when another process has it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">Name of the file, for a lock on a part of what the folder holds.</param>
    /// <remarks>Errors: <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/> when the file cannot be made.</remarks>
    public static FolderLock? TryTake(string folder, string name = FileName)
    {
        string path = System.IO.Path.Combine(folder, name);
        while (true)
        {
            FileStream stream;
            try
            {
                FileTrace.Log.Step("create", path);
                stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            }
            catch (IOException held) when (IsHeldElsewhere(held))
            {
                return null;
            }
            if (IsStillNamed(stream))
                return new FolderLock(stream);
            stream.Dispose();
        }
    }

    /// <summary>Whether an open failed because another process holds the file.</summary>
    public static bool IsHeldElsewhere(IOException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.HResult is WouldBlock or SharingViolation;
    }

    /// <summary>Deletes the file and lets go, in this order: whoever opened it in between finds that it is no longer the folder's.</summary>
    public void Dispose()
    {
        // By the second call the file may be another process's.
        if (_released)
            return;
        _released = true;
        FileChanges.Delete(_stream.Name);
        _stream.Dispose();
    }

    // We may have opened the file of a holder who deleted it before our flock: a lock that nobody else will ever meet.
    private static bool IsStillNamed(FileStream stream)
    {
        if (!OperatingSystem.IsLinux())
            return File.Exists(stream.Name);
        string? target = new FileInfo($"/proc/self/fd/{stream.SafeFileHandle.DangerousGetHandle()}").LinkTarget;
        return target is null ? File.Exists(stream.Name) : !target.EndsWith(" (deleted)", StringComparison.Ordinal);
    }
}
