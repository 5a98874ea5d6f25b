namespace ChurnEngine.Columns;

/// <summary>Counts the unmanaged memory that is alive, so that a job can report its peak and a test can prove that nothing leaks.</summary>
public static class NativeLedger
{
    private static long s_liveBytes;
    private static long s_liveBuffers;
    private static long s_peakBytes;
    private static long s_leakedBuffers;

    /// <summary>Bytes held by buffers that are not disposed yet, padding included.</summary>
    public static long LiveBytes => Interlocked.Read(ref s_liveBytes);

    /// <summary>Buffers that are not disposed yet.</summary>
    public static long LiveBuffers => Interlocked.Read(ref s_liveBuffers);

    /// <summary>The most bytes ever alive at once in this process.</summary>
    public static long PeakBytes => Interlocked.Read(ref s_peakBytes);

    /// <summary>Buffers, borrowed ones among them, that only the finalizer freed: each is a missing Dispose.</summary>
    public static long LeakedBuffers => Interlocked.Read(ref s_leakedBuffers);

    internal static void Allocated(long bytes)
    {
        Interlocked.Increment(ref s_liveBuffers);
        long live = Interlocked.Add(ref s_liveBytes, bytes);
        long peak = Interlocked.Read(ref s_peakBytes);
        while (live > peak)
        {
            long seen = Interlocked.CompareExchange(ref s_peakBytes, live, peak);
            if (seen == peak)
                break;
            peak = seen;
        }
    }

    internal static void Freed(long bytes)
    {
        Interlocked.Decrement(ref s_liveBuffers);
        Interlocked.Add(ref s_liveBytes, -bytes);
    }

    /// <summary>Bytes that a buffer no longer holds in memory, while it lives on.</summary>
    internal static void Moved(long bytes) => Interlocked.Add(ref s_liveBytes, -bytes);

    internal static void Leaked() => Interlocked.Increment(ref s_leakedBuffers);
}
