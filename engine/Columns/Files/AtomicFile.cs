using System.Text;

namespace ChurnEngine.Columns;

/// <summary>Writes a file so that its name never shows half a content: temporary name beside it, flushed to the disk, renamed.</summary>
/// <remarks>A process killed at any instant leaves the old file or the new one, and at worst a <c>.tmp</c> beside it.</remarks>
public static class AtomicFile
{
    /// <summary>Ending of the temporary name; a leftover with it may be deleted.</summary>
    public const string TemporarySuffix = ".tmp";

    /// <summary>Replaces <paramref name="path"/> by what <paramref name="write"/> puts into the stream; creates the folder.</summary>
    /// <remarks>Errors: whatever the file system or <paramref name="write"/> throws; the old file is untouched then.</remarks>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string temporary = path + TemporarySuffix;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
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
        string probe = Path.Combine(folder, $"{Path.GetFileName(full)}.{Environment.ProcessId}{TemporarySuffix}");
        using var stream = new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
    }

    // The failure that led here is the one to report, not that its leftover could not be removed.
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }
}
