using System.Globalization;

namespace ChurnEngine.Bench;

/// <summary>Whether a stage of some size can be run here.</summary>
/// <remarks>The rule: a stage that holds the whole base in memory needs <see cref="StageEntry.BytesACustomer"/> for each customer of twelve months, in proportion to the months,
/// and must stay below 90% of the memory that is available now; the cache needs 1.5 kB a customer for the world, twice because `generate` writes it again, and must stay below 90% of the free disk.</remarks>
internal sealed record StageFit(long AvailableMemory, long FreeDisk)
{
    private const double Share = 0.9;
    private const long DiskACustomer = 1_500;
    private const int MonthsOfTheRule = 12;

    /// <summary>What this machine has left.</summary>
    /// <param name="folder">Where the cache lies.</param>
    public static StageFit Here(string folder)
    {
        string existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing)!;
        return new StageFit(Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, MemoryAvailable() ?? long.MaxValue), new DriveInfo(existing).AvailableFreeSpace);
    }

    /// <summary>Why a stage cannot run; null when it can.</summary>
    public string? Refuse(StageEntry stage, StageOptions options)
    {
        double months = options.Months / (double)MonthsOfTheRule;
        double memory = stage.BytesACustomer * months * options.Customers, disk = 2.0 * DiskACustomer * months * options.Customers;
        if (memory > Share * AvailableMemory)
            return string.Create(CultureInfo.InvariantCulture, $"{stage.Name} at {options.Customers:N0} customers needs about {Gb(memory)} of memory ({stage.BytesACustomer:N0} bytes a customer of 12 months); 90% of what is available are {Gb(Share * AvailableMemory)}");
        if (disk > Share * FreeDisk)
            return string.Create(CultureInfo.InvariantCulture, $"{stage.Name} at {options.Customers:N0} customers needs about {Gb(disk)} of disk (twice {DiskACustomer:N0} bytes a customer of 12 months); 90% of what is free are {Gb(Share * FreeDisk)}");
        return null;
    }

    private static string Gb(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 30):N1} GB");

    private static long? MemoryAvailable()
    {
        const string Source = "/proc/meminfo";
        if (!File.Exists(Source))
            return null;
        string? line = File.ReadLines(Source).FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line is null ? null : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
