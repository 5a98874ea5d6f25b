namespace ChurnEngine.Cli.Doctor;

/// <summary>Memory of the machine, of the control group, and free now; limits on addresses and open files.</summary>
/// <param name="budgetBytes">What a job would aim to stay below.</param>
internal sealed class MemoryProbe(long budgetBytes) : IProbe
{
    /// <summary>Below this nothing useful runs.</summary>
    public const long LeastBytes = 512L << 20;

    private const long FewFiles = 256;

    public string Topic => "memory and limits";

    public Need Serves => Need.Machine;

    /// <summary>What the runtime may use: the machine's memory, or the control group's share of it.</summary>
    public static long OfferedBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>What is free now, in the machine and in the control group.</summary>
    public static long FreeBytes
    {
        get
        {
            long free = SystemFile.MemoryBytes("MemAvailable") ?? OfferedBytes;
            return GroupLimit() is { } limit && GroupUse() is { } used ? Math.Clamp(limit - used, 0, free) : free;
        }
    }

    public IEnumerable<Finding> Look()
    {
        long offered = OfferedBytes, free = FreeBytes;
        long machine = SystemFile.MemoryBytes("MemTotal") ?? offered;
        string group = GroupLimit() is { } limit ? $", control group's limit {ByteSize.Format(limit)}" : "";
        yield return new Finding("memory.offered", "memory", offered >= LeastBytes ? Standing.Good : Standing.Missing,
            $"{ByteSize.Format(offered)} offered (machine {ByteSize.Format(machine)}{group}); jobs stay below {ByteSize.Format(budgetBytes)}")
        {
            Needs = Need.Machine,
            Hint = offered >= LeastBytes ? "" : $"give the container or the runtime at least {ByteSize.Format(LeastBytes)}",
            Details = new Dictionary<string, object> { ["offered_bytes"] = offered, ["machine_bytes"] = machine, ["budget_bytes"] = budgetBytes },
        };
        bool isShort = free < Math.Min(budgetBytes, LeastBytes);
        string swap = SystemFile.MemoryBytes("SwapTotal") is > 0 and var bytes ? $"{ByteSize.Format(bytes)} of swap" : "no swap";
        yield return new Finding("memory.free", "memory free now", isShort ? Standing.Warning : Standing.Good, $"{ByteSize.Format(free)}, {swap}")
        {
            Needs = Need.Machine,
            Hint = isShort ? "a job may be ended for lack of memory: wait for others to end, or give less with --memory" : "",
            Details = new Dictionary<string, object> { ["bytes"] = free },
        };
        yield return Limit("memory.address_space", "address space", "Max address space", long.MaxValue, "`ulimit -v unlimited`: native libraries reserve more than they use");
        yield return Limit("limits.open_files", "open files", "Max open files", FewFiles, $"`ulimit -n 1024`: a table of many files needs them");
    }

    private static Finding Limit(string id, string what, string line, long least, string hint)
    {
        string[] parts = (SystemFile.Read("/proc/self/limits")?.Split('\n').FirstOrDefault(row => row.StartsWith(line, StringComparison.Ordinal)) ?? line)[line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string soft = parts.Length > 0 ? parts[0] : "unknown";
        bool isLow = SystemFile.Number(soft) is { } value && value < least;
        return new Finding(id, what, isLow ? Standing.Warning : Standing.Good, parts.Length > 1 && parts[1] != soft ? $"{soft}, at most {parts[1]}" : soft) { Needs = Need.Machine, Hint = isLow ? hint : "" };
    }

    // "No limit" is written as max, or as a number beyond all memory.
    private static long? GroupLimit() => SystemFile.Number(SystemFile.ControlGroup("memory", "memory.max", "memory.limit_in_bytes")) is { } limit and < 1L << 60 ? limit : null;

    private static long? GroupUse() => SystemFile.Number(SystemFile.ControlGroup("memory", "memory.current", "memory.usage_in_bytes"));
}
