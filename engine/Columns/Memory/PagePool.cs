namespace ChurnEngine.Columns;

/// <summary>Keeps whole buffers of <see cref="PageMemory"/> that were freed, for the next of about that size: the system clears every page it hands out, and a virtual machine
/// may have given it to another guest meanwhile, which costs up to 2 s a gigabyte.</summary>
/// <remarks>What is kept and what is in use together never exceed what was once in use at the same time, so the pool raises no peak; and the system may take kept pages back
/// when it runs short (MADV_FREE). Thread-safe.</remarks>
internal static class PagePool
{
    private static readonly Lock s_lock = new();
    private static readonly SortedDictionary<long, Stack<nint>> s_kept = [];
    private static readonly long s_mostKept = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8;
    private static long s_keptBytes;
    private static long s_usedBytes;
    private static long s_mostUsed;

    /// <summary>Bytes kept for later.</summary>
    public static long KeptBytes
    {
        get
        {
            lock (s_lock)
                return s_keptBytes;
        }
    }

    /// <summary>The size of the buffer that is taken for so many bytes: three leading bits are kept, so at most an eighth is never touched.</summary>
    public static long SizeFor(long bytes)
    {
        long pages = PageMemory.WholePages(bytes);
        int shift = Math.Max(PageMemory.PageShift, 63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)pages) - 3);
        long unit = 1L << shift;
        return (pages + unit - 1) / unit * unit;
    }

    /// <summary>Takes a kept buffer of that size; null when there is none, and the caller then asks the system for it.</summary>
    public static unsafe void* Take(long size)
    {
        lock (s_lock)
        {
            s_usedBytes += size;
            s_mostUsed = Math.Max(s_mostUsed, s_usedBytes);
            if (s_kept.TryGetValue(size, out Stack<nint>? kept) && kept.TryPop(out nint pointer))
            {
                s_keptBytes -= size;
                return (void*)pointer;
            }
            Shrink(s_mostUsed - s_usedBytes);
            return null;
        }
    }

    /// <summary>Takes a buffer back, to keep or to return to the system.</summary>
    /// <param name="pointer">Its beginning.</param>
    /// <param name="size">As taken.</param>
    /// <param name="isWhole">False when parts of it are gone already: it is not worth keeping.</param>
    public static unsafe void Return(void* pointer, long size, bool isWhole)
    {
        lock (s_lock)
        {
            s_usedBytes -= size;
            if (isWhole && s_keptBytes + size <= s_mostKept)
            {
                if (!s_kept.TryGetValue(size, out Stack<nint>? kept))
                    s_kept.Add(size, kept = []);
                PageMemory.MayTake(pointer, size);
                kept.Push((nint)pointer);
                s_keptBytes += size;
                return;
            }
        }
        PageMemory.Unmap(pointer, size);
    }

    /// <summary>Says that a buffer in use takes no memory any more: a file stands in its place.</summary>
    public static void Leave(long size)
    {
        lock (s_lock)
            s_usedBytes -= size;
    }

    /// <summary>Gives everything kept back to the system.</summary>
    public static void Clear()
    {
        lock (s_lock)
            Shrink(0);
    }

    private static unsafe void Shrink(long mostKept)
    {
        foreach ((long size, Stack<nint> kept) in s_kept)
        {
            while (s_keptBytes > mostKept && kept.TryPop(out nint pointer))
            {
                PageMemory.Unmap((void*)pointer, size);
                s_keptBytes -= size;
            }
        }
    }
}
