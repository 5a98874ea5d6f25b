using ChurnEngine.Evaluation;

namespace ChurnEngine.Registry;

/// <summary>Least (or most) that a metric of a model's training may be.</summary>
/// <param name="Metric">Its name, such as "roc_auc".</param>
/// <param name="Limit">The limit, itself allowed.</param>
/// <param name="IsFloor">True: at least. False: at most, of errors.</param>
public sealed record MetricLimit(string Metric, double Limit, bool IsFloor);

/// <summary>The conditions of a promotion.</summary>
public sealed record GateOptions
{
    // Of the rest more is better.
    private static readonly string[] s_errors = ["ece", "log_loss", "brier", "rmse", "mae"];

    /// <summary>Metrics that can have a limit.</summary>
    public static IReadOnlyList<string> Metrics { get; } = ["roc_auc", "pr_auc", "precision", "recall", "f1", "lift_at_10", "r2", .. s_errors];

    /// <summary>The limits, in the order written.</summary>
    public IReadOnlyList<MetricLimit> Limits { get; init; } = [];

    /// <summary>Whether the version must be better than the champion.</summary>
    public bool BetterThanChampion { get; init; }

    /// <summary>How that is judged.</summary>
    public PairedBootstrapOptions Bootstrap { get; init; } = new();

    /// <summary>The limit on a metric: a floor where more is better, a ceiling of an error.</summary>
    public static MetricLimit LimitOf(string metric, double limit) => new(metric, limit, !s_errors.Contains(metric));

    /// <summary>The gates, in the order that they judge.</summary>
    public IReadOnlyList<IGate> Gates => [.. Limits.Select(limit => (IGate)new MetricGate(limit)), .. BetterThanChampion ? [new ChampionGate(Bootstrap)] : Array.Empty<IGate>()];
}
