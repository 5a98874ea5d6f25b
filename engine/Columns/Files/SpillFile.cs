using Microsoft.Win32.SafeHandles;

namespace ChurnEngine.Columns;

/// <summary>A file without a name, in the system's temporary folder, for what does not fit into memory: <see cref="NativeBuffer{T}.MoveTo"/> writes to it.</summary>
/// <remarks>It has lost its name before the first byte is written, so it is gone with the process, however that ends. Thread-safe.
/// Memory: buffers moved here stay readable after Dispose; the disk is freed with the last of them.</remarks>
public sealed class SpillFile : IDisposable
{
    private const long LongestWrite = 1L << 30;
    private readonly FileStream _stream;
    private long _length;

    private SpillFile(FileStream stream) => _stream = stream;

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
}
