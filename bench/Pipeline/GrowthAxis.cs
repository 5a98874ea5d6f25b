namespace ChurnEngine.Bench;

/// <summary>One thing that grows while all else stays as it is.</summary>
/// <param name="Name">As in <c>--grow</c>.</param>
/// <param name="Grows">What it is, in words for a chart.</param>
/// <param name="Values">Sizes, ascending.</param>
/// <param name="Apply">Sets a size.</param>
/// <param name="Size">What a cost is fitted over: the size as the stage saw it.</param>
internal sealed record GrowthAxis(string Name, string Grows, IReadOnlyList<int> Values, Func<StageOptions, int, StageOptions> Apply, Func<StageOutcome, double> Size)
{
    /// <summary>Stages that see it; null for every one.</summary>
    public IReadOnlyList<string>? Stages { get; init; }

    public bool Concerns(string stage) => Stages?.Contains(stage) ?? true;

    /// <summary>Every axis, with sizes that finish in minutes.</summary>
    /// <param name="quick">Sizes that finish in seconds and support no claim.</param>
    public static IReadOnlyList<GrowthAxis> All(bool quick) =>
    [
        new("rows", "rows (customers in the world)", quick ? [1000, 2000, 4000] : [5_000, 10_000, 20_000, 40_000, 80_000], (options, value) => options with { Customers = value }, outcome => outcome.Rows),
        new("features", "features of the plan", quick ? [27, 54] : [27, 54, 108, 216], (options, value) => options with { Features = value }, outcome => outcome.Features) { Stages = ["featurize", "train"] },
        new("trees", "trees of the model", quick ? [10, 20] : [25, 50, 100, 200], (options, value) => options with { Trees = value }, outcome => outcome.Trees) { Stages = ["train", "score"] },
        // More dates are more rows of the same customers; features are computed at three dates more than are trained on.
        new("snapshots", "as-of dates, by the rows they make", quick ? [1, 2] : [1, 2, 4, 8], (options, value) => options with { Snapshots = value }, outcome => outcome.Rows) { Stages = ["featurize", "train"] },
        new("threads", "threads; -1 would be perfect", Threads(), (options, value) => options with { Threads = value }, outcome => outcome.Threads),
    ];

    /// <summary>Customers of the world where rows are not what grows.</summary>
    public static int BaseCustomers(bool quick) => quick ? 2000 : 20_000;

    private static int[] Threads() => [.. Enumerable.Range(0, 10).Select(power => 1 << power).Where(threads => threads < Environment.ProcessorCount).Append(Environment.ProcessorCount)];
}
