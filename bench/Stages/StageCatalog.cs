using ChurnEngine.Models;
using ChurnEngine.OnnxBackend;

namespace ChurnEngine.Bench;

/// <summary>A stage that can be timed alone.</summary>
internal sealed record StageEntry(string Name, string Does, Func<StageOptions, StageCache, StageWorkload> Open)
{
    /// <summary>Bytes of rows, grouped by customer, that a stage works on for each customer of twelve months; 0 where chunks bound it.</summary>
    /// <remarks>4.4 kB were seen, a tenth more to be sure.</remarks>
    public long RowBytesACustomer { get; init; } = 4_800;

    /// <summary>Same, for what is kept in memory beside them: names, numbers, a matrix at eight as-of dates.</summary>
    public long KeptBytesACustomer { get; init; } = 600;

    /// <summary>Whether the stage writes a world of its own.</summary>
    public bool WritesTheWorld { get; init; }

    /// <summary>About how long a million customers of twelve months take on two cores, preparation that others share left out: for estimates only.</summary>
    public double SecondsAMillion { get; init; } = 15;

    /// <summary>Same, for what this stage loads before its first round.</summary>
    public double PreparationAMillion { get; init; } = 20;
}

/// <summary>Every stage that can be timed, in flow order. A new stage adds its line here, and pipeline, guard and budgets see it.</summary>
internal static class StageCatalog
{
    public static IReadOnlyList<StageEntry> All { get; } =
    [
        new("generate", "make the world, Parquet out", (options, cache) => new GenerateStage(options, cache)) { RowBytesACustomer = 0, KeptBytesACustomer = 0, WritesTheWorld = true, SecondsAMillion = 30, PreparationAMillion = 0 },
        new("ingest", "read and validate every table", (options, cache) => new IngestStage(options, cache)) { RowBytesACustomer = 0, KeptBytesACustomer = 0, SecondsAMillion = 7, PreparationAMillion = 0 },
        new("group", "read all tables and group them by customer", (options, cache) => new GroupStage(options, cache)) { SecondsAMillion = 13, PreparationAMillion = 0 },
        new("featurize", "features and labels at all as-of dates", (options, cache) => new FeaturizeStage(options, cache)) { SecondsAMillion = 5, PreparationAMillion = 13 },
        new("train", "bin and boost", (options, cache) => new TrainStage(options, cache)) { SecondsAMillion = 18, PreparationAMillion = 20 },
        new("score", "score everybody left, Parquet out", (options, cache) => new ScoreStage(options, cache, reasons: 0)) { SecondsAMillion = 4, PreparationAMillion = 13 },
        new("score-store", "score everybody in a feature store, Parquet out", (options, cache) => new ScoreStoreStage(options, cache, OnnxModelBackend.Open)) { RowBytesACustomer = 0, KeptBytesACustomer = 0, SecondsAMillion = 6, PreparationAMillion = 5 },
        new("score-store-simd", "the same with --backend simd", (options, cache) => new ScoreStoreStage(options, cache, SimdBackend.Open)) { RowBytesACustomer = 0, KeptBytesACustomer = 0, SecondsAMillion = 2, PreparationAMillion = 5 },
        new("explain", "score with three reasons for those flagged", (options, cache) => new ScoreStage(options, cache, reasons: 3)) { SecondsAMillion = 55, PreparationAMillion = 13 },
        new("decide", "choose whom to contact, CSV out", (options, cache) => new DecideStage(options, cache)) { SecondsAMillion = 0.2, PreparationAMillion = 18 },
        new("monitor", "watch everybody in a feature store: drift, scores, what to expect", (options, cache) => new MonitorStage(options, cache, SimdBackend.Open)) { RowBytesACustomer = 0, KeptBytesACustomer = 40, SecondsAMillion = 2, PreparationAMillion = 5 },
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(stage => stage.Name)];

    /// <summary>The stage of a name; "kernel:NAME" is a kernel alone.</summary>
    public static StageEntry Find(string name) =>
        name.StartsWith(KernelStage.Prefix, StringComparison.Ordinal) ? new StageEntry(name, "one kernel", (options, cache) => KernelStage.Open(name, options, cache))
        : All.FirstOrDefault(stage => stage.Name == name) ?? throw new BenchException($"there is no stage '{name}'", $"the stages are {string.Join(", ", Names)}, and kernel:NAME");
}
