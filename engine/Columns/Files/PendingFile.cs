using System.Buffers;
using System.Globalization;

namespace ChurnEngine.Columns;

/// <summary>A file that grows under a hidden name beside its own and takes its own name when it is whole; so the name never shows half a content.</summary>
/// <remarks>
/// A process killed at any instant leaves the old file or the new one, and at worst a <c>.NAME.PID-N.partial</c> beside it, which the next writer of that name removes:
/// the stream holds a flock, and a dead process holds none. Two writers at once both succeed; the later one's file stays.
/// The hidden name has an ending of its own, so that no folder read as a table takes it for data.
/// </remarks>
public sealed class PendingFile : IDisposable
{
    /// <summary>Ending of the hidden name.</summary>
    public const string Suffix = ".partial";

    private static readonly SearchValues<char> s_processAndCount = SearchValues.Create("0123456789-");
    private static int s_count;
    private readonly string _path;
    private bool _published;

    private PendingFile(string path, FileStream stream) => (_path, Stream) = (path, stream);

    /// <summary>What is written here is in the file.</summary>
    public FileStream Stream { get; }

    /// <summary>Where the file grows, for a writer that wants a name.</summary>
    public string HiddenPath => Stream.Name;

    /// <summary>Begins a file; makes the folders on the way.</summary>
    /// <param name="path">The name it will have.</param>
    /// <remarks>Errors: <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>; a folder of that name is an <see cref="IOException"/>.</remarks>
    public static PendingFile Create(string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new IOException($"'{full}' is a folder");
        FileChanges.CreateFolder(Path.GetDirectoryName(full)!);
        RemoveLeftovers(full);
        while (true)
        {
            try
            {
                FileStream stream = FileChanges.Create(HiddenName(full));
                if (File.Exists(stream.Name))
                    return new PendingFile(full, stream);
                stream.Dispose();
            }
            catch (IOException busy) when (FolderLock.IsHeldElsewhere(busy))
            {
                // Another process looked whether this is a leftover, between our creating it and locking it. The next name is as good.
            }
        }
    }

    /// <summary>Flushes the file to the disk and gives it its name, in one step, and closes it; a file of that name is replaced.</summary>
    public void Publish()
    {
        FileTrace.Log.Step("flush", HiddenPath);
        Stream.Flush(flushToDisk: true);
        FileChanges.Move(HiddenPath, _path);
        _published = true;
        // At once: our lock would keep readers out.
        Stream.Dispose();
    }

    /// <summary>Closes the file, and deletes it when it was not published.</summary>
    public void Dispose()
    {
        if (_published)
            return;
        // The failure that led here is the one to report, not that its leftover could not be removed or its last bytes found no room.
        // Deleted while still locked, so that nobody takes it for a leftover in between.
        Quietly(() => FileChanges.Delete(HiddenPath));
        Quietly(Stream.Dispose);
    }

    /// <summary>A hidden name for a file, which no other process and no earlier call has had while this process lives.</summary>
    internal static string HiddenName(string path) => Path.Combine(Path.GetDirectoryName(path)!,
        string.Create(CultureInfo.InvariantCulture, $".{Path.GetFileName(path)}.{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}{Suffix}"));

    /// <summary>Removes what killed writers of this name left behind.</summary>
    internal static void RemoveLeftovers(string path)
    {
        string prefix = $".{Path.GetFileName(path)}.";
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*" + Suffix))
        {
            ReadOnlySpan<char> name = Path.GetFileName(file.AsSpan());
            bool isOurs = name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length + Suffix.Length && !name[prefix.Length..^Suffix.Length].ContainsAnyExcept(s_processAndCount);
            if (isOurs)
                RemoveLeftover(file);
        }
    }

    // A leftover whose writer is alive, or that is not ours to delete, is in nobody's way.
    private static void RemoveLeftover(string file) => Quietly(() =>
    {
        using var held = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        FileChanges.Delete(file);
    });

    private static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }
}
