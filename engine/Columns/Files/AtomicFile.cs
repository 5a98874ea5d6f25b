using System.Text;

namespace ChurnEngine.Columns;

/// <summary>Writes a file so that its name never shows half a content: by a <see cref="PendingFile"/>.</summary>
public static class AtomicFile
{
    /// <summary>Replaces <paramref name="path"/> by what <paramref name="write"/> puts into the stream; creates the folder.</summary>
    /// <remarks>Errors: whatever the file system or <paramref name="write"/> throws; the old file is untouched then.</remarks>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var file = PendingFile.Create(path);
        write(file.Stream);
        file.Publish();
    }

    /// <summary>Replaces <paramref name="path"/> by a text in UTF-8 without a byte-order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Throws what <see cref="Write"/> would throw, before there is anything to write: long work should not find out at its end. Leaves nothing behind.</summary>
    /// <param name="path">File to be written; folders on the way need not exist.</param>
    /// <remarks>Errors: <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>.</remarks>
    public static void Probe(string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new IOException($"'{full}' is a folder");
        string folder = Path.GetDirectoryName(full)!;
        while (!Path.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        if (File.Exists(folder))
            throw new IOException($"'{folder}' is a file, not a folder");
        string here = Path.Combine(folder, Path.GetFileName(full));
        PendingFile.RemoveLeftovers(here);
        using FileStream probe = FileChanges.Create(PendingFile.HiddenName(here));
        FileChanges.Delete(probe.Name);
    }
}
