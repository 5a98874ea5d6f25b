namespace ChurnEngine.Bench;

/// <summary>Names of the machine's limits, as `bench machine` measures them: what, where the data lies, how many cores.</summary>
internal static class MachineLimit
{
    public const string Read = "read", Copy = "copy", ScatterAdd = "scatter-add", RandomRead = "random read", ChainedRead = "chained read";

    /// <summary>Where data of some size lies.</summary>
    public const string L1 = "L1", L2 = "L2", L3 = "L3", Dram = "DRAM";

    public static string Of(string operation, string level, bool allCores) => $"{operation}, {level}, {(allCores ? "all cores" : "1 core")}";

    /// <summary>Bytes a second for reading and copying (bytes read and bytes written both count), else operations a second.</summary>
    public static bool IsInBytes(string limit) => limit.StartsWith(Read + ",", StringComparison.Ordinal) || limit.StartsWith(Copy + ",", StringComparison.Ordinal);
}

/// <summary>The least that a piece of work asks of the part of the machine that binds it.</summary>
/// <param name="Limit">Name of the limit, from <see cref="MachineLimit.Of"/>.</param>
/// <param name="Units">Bytes or operations, as the limit counts.</param>
internal sealed record LimitedWork(string Limit, double Units);
