using System.Runtime.InteropServices;

namespace ChurnEngine.Bench;

/// <summary>The system's memory of files.</summary>
/// <remarks>Source: posix_fadvise(2).</remarks>
internal static partial class PageCache
{
    private const int DontNeed = 4;

    /// <summary>Makes the system forget the pages of a file that is written and flushed; elsewhere than on Linux, nothing.</summary>
    public static void Drop(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using FileStream file = File.OpenRead(path);
        if (posix_fadvise((int)file.SafeFileHandle.DangerousGetHandle(), 0, 0, DontNeed) is not 0 and var error)
            throw new BenchException($"the pages of '{path}' cannot be dropped (error {error})", "use a disk of this machine for the temporary folder");
    }

    [LibraryImport("libc")]
    private static partial int posix_fadvise(int file, long offset, long length, int advice);
}
