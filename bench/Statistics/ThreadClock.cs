using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ChurnEngine.Bench;

/// <summary>Time that the calling thread has run: for work on one thread the wall clock without the time in which others had the core.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Seconds from some fixed point on; the wall clock where the system is not Linux.</summary>
    public static double Seconds =>
        OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out TimeSpec time) == 0 ? time.Seconds + time.Nanoseconds * 1e-9 : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
