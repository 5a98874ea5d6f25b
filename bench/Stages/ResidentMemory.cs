using System.Globalization;

namespace ChurnEngine.Bench;

/// <summary>Memory of this process as the system counts it. On Linux the peak can be set back, so that preparation does not hide the stage.</summary>
internal static class ResidentMemory
{
    private const string Status = "/proc/self/status", ClearPeak = "/proc/self/clear_refs";

    public static long CurrentBytes => Read("VmRSS:") ?? Environment.WorkingSet;

    public static long PeakBytes => Read("VmHWM:") ?? Pipeline.StageLog.PeakMemoryBytes;

    /// <summary>Megabytes that the peak lies above an earlier size, never nothing: ratios are taken of it, and memory given back meanwhile may leave the peak below.</summary>
    public static double PeakAbove(long before) => Math.Max(1, PeakBytes - before) / 1e6;

    /// <summary>Starts a new peak at the present size, where the system allows it.</summary>
    public static void ResetPeak()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        try
        {
            // 5: "reset the peak resident set size", man 5 proc.
            File.WriteAllText(ClearPeak, "5");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine("peak memory includes the preparation: this system does not set it back");
        }
    }

    private static long? Read(string field)
    {
        if (!File.Exists(Status))
            return null;
        string? line = File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal));
        return line is null ? null : long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
