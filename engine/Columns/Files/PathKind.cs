using System.Runtime.InteropServices;

namespace ChurnEngine.Columns;

/// <summary>What stands at a path.</summary>
public enum PathKind
{
    /// <summary>Nothing, or a link to nothing.</summary>
    Absent,
    /// <summary>A regular file.</summary>
    File,
    /// <summary>A folder.</summary>
    Folder,
    /// <summary>A named pipe; opening it waits for a writer, perhaps for ever.</summary>
    Pipe,
    /// <summary>A device or a socket; reading one may never end.</summary>
    Device,
    /// <summary>A link that leads back to itself.</summary>
    Loop,
    /// <summary>A folder on the way may not be entered.</summary>
    Forbidden,
}

/// <summary>Looks at a path without opening it, since opening a pipe can hang a job for a night.</summary>
/// <remarks>Source: statx(2), whose record is laid out alike on every Linux.</remarks>
public static unsafe partial class PathKinds
{
    private const int CurrentFolder = -100;
    private const uint TypeMask = 1;
    private const int RecordBytes = 256;
    private const int ModeOffset = 28;
    private const int NotPermitted = 1, AccessDenied = 13, LinkLoop = 40;

    /// <summary>What stands there; links are followed.</summary>
    public static PathKind Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0)
            return PathKind.Absent;
        if (!OperatingSystem.IsLinux())
            return Directory.Exists(path) ? PathKind.Folder : File.Exists(path) ? PathKind.File : PathKind.Absent;
        byte* record = stackalloc byte[RecordBytes];
        if (statx(CurrentFolder, path, 0, TypeMask, record) != 0)
            return Marshal.GetLastPInvokeError() switch { LinkLoop => PathKind.Loop, AccessDenied or NotPermitted => PathKind.Forbidden, _ => PathKind.Absent };
        return (*(ushort*)(record + ModeOffset) & 0xF000) switch
        {
            0x8000 => PathKind.File,
            0x4000 => PathKind.Folder,
            0x1000 => PathKind.Pipe,
            _ => PathKind.Device,
        };
    }

    /// <summary>The kind in words, as in "it is a named pipe".</summary>
    public static string InWords(this PathKind kind) => kind switch
    {
        PathKind.Absent => "nothing",
        PathKind.File => "a file",
        PathKind.Folder => "a folder",
        PathKind.Pipe => "a named pipe",
        PathKind.Device => "a device",
        PathKind.Loop => "a link that leads back to itself",
        _ => "in a folder that may not be entered",
    };

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* record);
}
