namespace ChurnEngine.Trainer;

/// <summary>The words for options that are one of several: ours first, then those of LightGBM and XGBoost.</summary>
public static class BoosterValues
{
    private static readonly (ObjectiveKind Kind, string[] Names)[] s_objectives =
    [
        (ObjectiveKind.Logistic, ["logistic", "binary", "binary:logistic", "reg:logistic"]),
        (ObjectiveKind.SquaredError, ["squared_error", "regression", "regression_l2", "l2", "mse", "mean_squared_error", "reg:squarederror", "reg:linear"]),
        (ObjectiveKind.Poisson, ["poisson", "count:poisson"]),
        (ObjectiveKind.Tweedie, ["tweedie", "reg:tweedie"]),
        (ObjectiveKind.Quantile, ["quantile", "reg:quantileerror"]),
        (ObjectiveKind.Focal, ["focal"]),
    ];

    private static readonly (MetricKind Kind, string[] Names)[] s_metrics =
    [
        (MetricKind.Loss, ["loss"]),
        (MetricKind.LogLoss, ["logloss", "log_loss", "binary_logloss"]),
        (MetricKind.RocAuc, ["auc", "roc_auc"]),
        (MetricKind.AveragePrecision, ["average_precision", "aucpr"]),
        (MetricKind.Brier, ["brier"]),
        (MetricKind.Rmse, ["rmse", "root_mean_squared_error", "l2_root"]),
        (MetricKind.Mae, ["mae", "mean_absolute_error", "l1"]),
        (MetricKind.PoissonDeviance, ["poisson_deviance"]),
        (MetricKind.TweedieDeviance, ["tweedie_deviance"]),
        (MetricKind.QuantileLoss, ["quantile_loss"]),
    ];

    private static readonly (GrowthPolicy Kind, string[] Names)[] s_growth =
    [
        (GrowthPolicy.LeafWise, ["leaf_wise", "lossguide"]),
        (GrowthPolicy.DepthWise, ["depth_wise", "depthwise"]),
    ];

    /// <summary>The objectives, by our names.</summary>
    public static IReadOnlyList<string> Objectives { get; } = [.. s_objectives.Select(one => one.Names[0])];

    /// <summary>The metrics, by our names.</summary>
    public static IReadOnlyList<string> Metrics { get; } = [.. s_metrics.Select(one => one.Names[0])];

    /// <summary>The ways of growing, by our names.</summary>
    public static IReadOnlyList<string> Growth { get; } = [.. s_growth.Select(one => one.Names[0])];

    /// <summary>Our name of an objective.</summary>
    public static string NameOf(ObjectiveKind objective) => s_objectives.Single(one => one.Kind == objective).Names[0];

    /// <summary>Our name of a metric.</summary>
    public static string NameOf(MetricKind metric) => s_metrics.Single(one => one.Kind == metric).Names[0];

    internal static ObjectiveKind? ObjectiveOf(string name) => Find(s_objectives, name);

    internal static MetricKind? MetricOf(string name) => Find(s_metrics, name);

    internal static GrowthPolicy? GrowthOf(string name) => Find(s_growth, name);

    private static TKind? Find<TKind>((TKind Kind, string[] Names)[] all, string name) where TKind : struct
    {
        foreach ((TKind kind, string[] names) in all)
        {
            if (names.Contains(name))
                return kind;
        }
        return null;
    }
}
