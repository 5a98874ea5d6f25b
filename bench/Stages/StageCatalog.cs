namespace ChurnEngine.Bench;

/// <summary>A stage that can be timed alone.</summary>
internal sealed record StageEntry(string Name, string Does, Func<StageOptions, StageCache, StageWorkload> Open);

/// <summary>Every stage that can be timed, in flow order. A new stage adds its line here, and pipeline, guard and budgets see it.</summary>
internal static class StageCatalog
{
    public static IReadOnlyList<StageEntry> All { get; } =
    [
        new("generate", "make the world, Parquet out", (options, cache) => new GenerateStage(options, cache)),
        new("ingest", "read and validate every table", (options, cache) => new IngestStage(options, cache)),
        new("group", "read all tables and group them by customer", (options, cache) => new GroupStage(options, cache)),
        new("featurize", "features and labels at all as-of dates", (options, cache) => new FeaturizeStage(options, cache)),
        new("train", "bin and boost", (options, cache) => new TrainStage(options, cache)),
        new("score", "score everybody left, Parquet out", (options, cache) => new ScoreStage(options, cache, reasons: 0)),
        new("explain", "the same with three reasons for those flagged", (options, cache) => new ScoreStage(options, cache, reasons: 3)),
        new("decide", "choose whom to contact, CSV out", (options, cache) => new DecideStage(options, cache)),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(stage => stage.Name)];

    /// <summary>The stage of a name; "kernel:NAME" is a kernel alone.</summary>
    public static StageEntry Find(string name) =>
        name.StartsWith(KernelStage.Prefix, StringComparison.Ordinal) ? new StageEntry(name, "one kernel", (options, cache) => KernelStage.Open(name, options, cache))
        : All.FirstOrDefault(stage => stage.Name == name) ?? throw new BenchException($"there is no stage '{name}'", $"the stages are {string.Join(", ", Names)}, and kernel:NAME");
}
