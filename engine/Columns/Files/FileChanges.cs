namespace ChurnEngine.Columns;

/// <summary>The one place where the engine creates, moves and deletes files and folders by name, so that every such step is announced (<see cref="FileTrace"/>) and can be tested to be the last.</summary>
/// <remarks>Errors of every member: <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>, as the file system gives them.</remarks>
public static class FileChanges
{
    /// <summary>Makes a folder and those on the way to it; one that is there stays as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        FileTrace.Log.Step("create-folder", path);
        Directory.CreateDirectory(path);
    }

    /// <summary>Gives a file or folder another name on the same disk, in one step. A file of that name is replaced; a folder is not.</summary>
    public static void Move(string from, string to)
    {
        FileTrace.Log.Step("move", to);
        if (Directory.Exists(from))
            Directory.Move(from, to);
        else
            File.Move(from, to, overwrite: true);
    }

    /// <summary>Deletes a file, or a folder with all that is in it; what is not there is no error.</summary>
    public static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            FileTrace.Log.Step("delete-folder", path);
            Directory.Delete(path, recursive: true);
        }
        else if (File.Exists(path))
        {
            FileTrace.Log.Step("delete", path);
            File.Delete(path);
        }
    }

    /// <summary>Puts bytes at the end of a file, made when absent, and flushes them to the disk; a process killed meanwhile may leave a part of them.</summary>
    public static void Append(string path, ReadOnlySpan<byte> bytes)
    {
        FileTrace.Log.Step("append", path);
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 1);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Says that a database is about to commit: it writes its files itself, and the step is announced like any other.</summary>
    /// <param name="database">Path or name, without a password.</param>
    public static void AnnounceCommit(string database) => FileTrace.Log.Step("commit", database);

    /// <summary>Creates a file, or empties one, to be read and written by nobody else for as long as the stream is open.</summary>
    public static FileStream Create(string path)
    {
        FileTrace.Log.Step("create", path);
        return new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>Opens a file to add to its end, and makes it where there is none; nobody else may open it for as long as the stream is open.</summary>
    /// <remarks>What it holds already can be read through the stream, which stands at its beginning.</remarks>
    public static FileStream Append(string path)
    {
        CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        FileTrace.Log.Step("append", path);
        return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }
}
