using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Endurance.Tests;

/// <summary>What this process holds at an instant, once everything that can be collected is.</summary>
/// <param name="ResidentMegabytes">Of the whole process, native libraries among it.</param>
/// <param name="ManagedMegabytes">Of the managed heap.</param>
/// <param name="Handles">Open files, pipes, sockets.</param>
/// <param name="Threads">Of the system.</param>
/// <param name="LiveBuffers">Native buffers not disposed.</param>
/// <param name="LeakedBuffers">Native buffers that only a finalizer freed, ever.</param>
internal sealed record ProcessHoldings(double ResidentMegabytes, double ManagedMegabytes, int Handles, int Threads, long LiveBuffers, long LeakedBuffers)
{
    public static ProcessHoldings Take()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return new ProcessHoldings(Resident(), GC.GetTotalMemory(false) / 1e6, Directory.GetFiles("/proc/self/fd").Length, Directory.GetDirectories("/proc/self/task").Length, NativeLedger.LiveBuffers, NativeLedger.LeakedBuffers);
    }

    private static double Resident()
    {
        string line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1000;
    }
}
