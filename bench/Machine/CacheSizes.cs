using System.Globalization;

namespace ChurnEngine.Bench;

/// <summary>Caches of the first core, bytes.</summary>
/// <param name="L1">First-level data cache of a core.</param>
/// <param name="L2">Second-level cache of a core.</param>
/// <param name="L3">Third-level cache, shared.</param>
internal sealed record CacheSizes(long L1, long L2, long L3)
{
    private const string Folder = "/sys/devices/system/cpu/cpu0/cache";

    // Where the system does not tell: small enough for every server core of the last ten years.
    private static readonly CacheSizes s_usual = new(32 << 10, 512 << 10, 16 << 20);

    public static CacheSizes Read()
    {
        CacheSizes sizes = s_usual;
        if (!Directory.Exists(Folder))
            return sizes;
        foreach (string cache in Directory.EnumerateDirectories(Folder, "index*"))
        {
            if (Text(cache, "type") == "Instruction" || !Text(cache, "size").EndsWith('K'))
                continue;
            long bytes = long.Parse(Text(cache, "size").TrimEnd('K'), CultureInfo.InvariantCulture) << 10;
            sizes = Text(cache, "level") switch
            {
                "1" => sizes with { L1 = bytes },
                "2" => sizes with { L2 = bytes },
                "3" => sizes with { L3 = bytes },
                _ => sizes,
            };
        }
        return sizes;
    }

    /// <summary>Bytes that lie well inside a level and well outside the one below, for each of <paramref name="threads"/> that measure at once.</summary>
    public long WorkingSet(string level, int threads) => level switch
    {
        MachineLimit.L1 => L1 / 2,
        MachineLimit.L2 => L2 / 2,
        MachineLimit.L3 => Math.Max(2 * L2, L3 / 2 / threads),
        _ => Math.Max(64L << 20, 4 * L3 / threads),
    };

    private static string Text(string cache, string file) => File.Exists(Path.Combine(cache, file)) ? File.ReadAllText(Path.Combine(cache, file)).Trim() : "";
}
