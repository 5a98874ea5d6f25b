namespace ChurnEngine.Bench;

/// <summary>What the guard looks at, how hard, and from where on it says no.</summary>
internal sealed record GuardSettings
{
    /// <summary>Slower than this is too slow: 10%, as DuckDB's regression runner has it.</summary>
    public const double SlowestRatio = 1.10;

    /// <summary>Allocations that no round of the base reached, by this factor and this many bytes, are more beyond noise.</summary>
    public const double AllocationFactor = 1.02;

    /// <inheritdoc cref="AllocationFactor"/>
    public const long AllocationBytes = 16_384;

    /// <summary>Switches of the runtime for the processes that are timed: without profiles taken on the way, which make the compiler's choices differ from
    /// process to process, and with code compiled anew as soon as it has run thirty times, so that a short warm-up is one.</summary>
    public static IReadOnlyDictionary<string, string> Switches { get; } = new Dictionary<string, string> { ["DOTNET_TieredPGO"] = "0", ["DOTNET_TC_CallCountingDelayMs"] = "0" };

    /// <summary>Stages to compare, kernels included.</summary>
    public required IReadOnlyList<string> Stages { get; init; }

    public int Customers { get; init; } = 20_000;

    public int Trees { get; init; } = 50;

    /// <summary>The same on every machine, so that allocations can be compared.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Pairs of processes; each gives one ratio, since where code and data happen to lie differs from process to process and stays for its life.</summary>
    public int Launches { get; init; } = 6;

    /// <summary>Twice as many for a kernel: one in five processes was seen to run the histogram kernel at two thirds of its speed for all its life, and a pair costs a second only.</summary>
    public int LaunchesOf(string stage) => stage.StartsWith(KernelStage.Prefix, StringComparison.Ordinal) ? 2 * Launches : Launches;

    /// <summary>Timed rounds of each process.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Folder for prepared data.</summary>
    public string Cache { get; init; } = Path.Combine(SourceTree.ResultFolder, "guard");

    public StageOptions Options(string stage) =>
        new() { Stage = stage, Customers = Customers, Trees = Trees, Threads = Threads, Snapshots = 3, WarmUps = 2, Rounds = Rounds, Cache = Cache };
}
