using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ChurnEngine.Columns;

/// <summary>Memory taken from the system in whole pages, for large buffers: it goes back the moment it is freed, in parts too, and lies in huge pages where the system has them.</summary>
/// <remarks>The C library keeps what is freed for later, which for buffers of megabytes means a process that never shrinks. A huge page costs one fault
/// instead of 512 and one entry of the processor's page table. Linux only; elsewhere the C library serves.</remarks>
internal static unsafe partial class PageMemory
{
    /// <summary>Smallest buffer that is worth its own pages.</summary>
    public const long LeastBytes = 256L << 10;

    private const long PageBytes = 4096, HugePageBytes = 2L << 20;
    private const int ReadWrite = 3, Private = 2, Fixed = 0x10, Anonymous = 0x20, DontNeed = 4, HugePages = 14;

    /// <summary>Whether a buffer of that size is taken here.</summary>
    public static bool Serves(long bytes) => bytes >= LeastBytes && OperatingSystem.IsLinux();

    /// <summary>Zeroed memory, aligned to a page; to a huge page when it holds one.</summary>
    /// <remarks>Errors: <see cref="OutOfMemoryException"/>.</remarks>
    public static void* Allocate(long bytes)
    {
        if (bytes < HugePageBytes)
            return Map(WholePages(bytes));
        // A huge page begins at a multiple of its size: map one more, and give back what stands before and after.
        long length = WholePages(bytes), mapped = length + HugePageBytes;
        byte* start = Map(mapped);
        byte* aligned = (byte*)(((long)start + HugePageBytes - 1) / HugePageBytes * HugePageBytes);
        Unmap(start, aligned - start);
        Unmap(aligned + length, start + mapped - (aligned + length));
        _ = Advise(aligned, (nuint)length, HugePages);
        return aligned;
    }

    /// <summary>Gives back what <see cref="Allocate"/> gave, whether or not <see cref="Replace"/> put a file in its place.</summary>
    public static void Free(void* pointer, long bytes) => Unmap((byte*)pointer, WholePages(bytes));

    /// <summary>Puts a part of a file in the place of memory from <see cref="Allocate"/>: read when it is looked at, and what is written there stays in memory.</summary>
    /// <param name="pointer">The beginning of that memory.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="file">Need not stay open.</param>
    /// <param name="offset">A multiple of the page size.</param>
    public static void Replace(void* pointer, long bytes, SafeFileHandle file, long offset)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            void* start = Map(pointer, (nuint)WholePages(bytes), ReadWrite, Private | Fixed, (int)file.DangerousGetHandle(), (nint)offset);
            if ((nint)start == -1)
                throw new InsufficientMemoryException($"the system does not map {bytes:N0} bytes of a file");
        }
        finally
        {
            if (held)
                file.DangerousRelease();
        }
    }

    /// <summary>Gives the whole pages inside a part back; reading it later gives zeros, or the file that stands in its place.</summary>
    public static void Discard(void* pointer, long bytes)
    {
        long start = ((long)pointer + PageBytes - 1) / PageBytes * PageBytes, end = ((long)pointer + bytes) / PageBytes * PageBytes;
        if (end > start)
            _ = Advise((void*)start, (nuint)(end - start), DontNeed);
    }

    /// <summary>The bytes of the pages that hold so many bytes.</summary>
    public static long WholePages(long bytes) => (bytes + PageBytes - 1) / PageBytes * PageBytes;

    private static byte* Map(long bytes)
    {
        void* start = Map(null, (nuint)bytes, ReadWrite, Private | Anonymous, -1, 0);
        return (nint)start == -1 ? throw new InsufficientMemoryException($"the system has no {bytes:N0} bytes left") : (byte*)start;
    }

    private static void Unmap(byte* start, long bytes)
    {
        if (bytes > 0)
            _ = Unmap(start, (nuint)bytes);
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
