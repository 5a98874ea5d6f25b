using System.Globalization;

namespace ChurnEngine.Bench.Peers;

/// <summary>Memory of this process as the kernel counts it.</summary>
internal static class ProcessMemory
{
    /// <summary>Forgets the peak so far, so that <see cref="PeakBytes"/> tells of what comes.</summary>
    public static void ResetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    /// <summary>Bytes resident now.</summary>
    public static long ResidentBytes() => Read("VmRSS:");

    /// <summary>Most bytes resident since the start, or since <see cref="ResetPeak"/>.</summary>
    public static long PeakBytes() => Read("VmHWM:");

    private static long Read(string field)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
