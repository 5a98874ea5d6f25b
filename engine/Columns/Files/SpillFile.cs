using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ChurnEngine.Columns;

/// <summary>A file without a name, in the system's temporary folder, for what does not fit into memory: <see cref="NativeBuffer{T}.MoveTo"/> writes to it.</summary>
/// <remarks>It has lost its name before the first byte is written, so it is gone with the process, however that ends. Thread-safe.
/// Memory: buffers moved here stay readable after Dispose; the disk is freed with the last of them.</remarks>
public sealed partial class SpillFile : IDisposable
{
    // Of fallocate: the file keeps its length, and what lies in the range reads as zeros.
    private const int KeepSize = 1, PunchHole = 2;
    private const long LongestWrite = 1L << 30;
    private readonly FileStream _stream;
    private long _length;

    private SpillFile(FileStream stream) => _stream = stream;

    /// <summary>Whether this system has files in the place of memory: Linux has.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Bytes written so far.</summary>
    public long Length => Interlocked.Read(ref _length);

    internal SafeFileHandle Handle => _stream.SafeFileHandle;

    /// <summary>Begins a file.</summary>
    /// <remarks>Errors: <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/> when the temporary folder (TMPDIR) takes no file.</remarks>
    public static SpillFile Create()
    {
        FileStream stream = FileChanges.Create(Path.Combine(Path.GetTempPath(), $"churn-spill-{Environment.ProcessId}-{Guid.NewGuid():N}"));
        FileChanges.Delete(stream.Name);
        return new SpillFile(stream);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>Writes bytes at the end and says where they begin: at the beginning of a page.</summary>
    /// <remarks>Errors: <see cref="IOException"/> when the disk is full.</remarks>
    internal unsafe long Append(void* values, long bytes)
    {
        long room = PageMemory.WholePages(bytes), start = Interlocked.Add(ref _length, room) - room;
        for (long done = 0; done < bytes; done += LongestWrite)
            RandomAccess.Write(Handle, new ReadOnlySpan<byte>((byte*)values + done, (int)Math.Min(LongestWrite, bytes - done)), start + done);
        return start;
    }

    /// <summary>Gives the disk below some bytes back, whole pages of them, where the file system can.</summary>
    internal void Release(long start, long bytes)
    {
        if (_stream.SafeFileHandle.IsClosed || bytes <= 0)
            return;
        bool held = false;
        try
        {
            Handle.DangerousAddRef(ref held);
            _ = Allocate((int)Handle.DangerousGetHandle(), KeepSize | PunchHole, start, bytes);
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile: its disk is free once the last mapping is.
        }
        finally
        {
            if (held)
                Handle.DangerousRelease();
        }
    }

    [LibraryImport("libc", EntryPoint = "fallocate")]
    private static partial int Allocate(int file, int mode, long offset, long length);
}
