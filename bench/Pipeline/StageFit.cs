using System.Globalization;

namespace ChurnEngine.Bench;

/// <summary>Whether a stage of some size can be run here.</summary>
/// <remarks>The rule: rows of a whole base take <see cref="StageEntry.RowBytesACustomer"/> for each customer of twelve months, in proportion to the months. Beyond half of the memory they go to disk;
/// that half, and what a stage keeps beside it, must stay below 90% of the memory that is available now. The disk takes those rows, and 1.5 kB a customer for a world that is not in the cache yet or is written anew;
/// they must stay below 90% of what is free.</remarks>
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
    /// <param name="stage">The stage.</param>
    /// <param name="options">Its size.</param>
    /// <param name="worldIsMade">Whether the world it reads lies in the cache.</param>
    public string? Refuse(StageEntry stage, StageOptions options, bool worldIsMade)
    {
        double customers = options.Months / (double)MonthsOfTheRule * options.Customers, rows = stage.RowBytesACustomer * customers, room = AvailableMemory / 2.0;
        double memory = Math.Min(rows, room) + stage.KeptBytesACustomer * customers;
        double disk = (rows > room ? rows : 0) + (stage.WritesTheWorld || !worldIsMade ? DiskACustomer * customers : 0);
        if (memory > Share * AvailableMemory)
            return string.Create(CultureInfo.InvariantCulture, $"{stage.Name} at {options.Customers:N0} customers needs about {Gb(memory)} of memory; 90% of what is available are {Gb(Share * AvailableMemory)}");
        if (disk > Share * FreeDisk)
            return string.Create(CultureInfo.InvariantCulture, $"{stage.Name} at {options.Customers:N0} customers needs about {Gb(disk)} of disk; 90% of what is free are {Gb(Share * FreeDisk)}");
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
