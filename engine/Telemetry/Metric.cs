namespace ChurnEngine.Telemetry;

/// <summary>How a value changes.</summary>
public enum MetricKind
{
    /// <summary>Up and down.</summary>
    Gauge,
    /// <summary>Only up, from the start of the process.</summary>
    Counter,
    /// <summary>One of the series of a histogram: counts up to a bound, their sum, or their number.</summary>
    Histogram,
}

/// <summary>One value of a job, under a name that a monitoring system keeps over many runs.</summary>
/// <param name="Name">Prometheus name with its unit, such as <c>churn_score_rows</c>.</param>
/// <param name="Help">What it counts, in one sentence.</param>
/// <param name="Value">The value; NaN where there is none.</param>
public sealed record Metric(string Name, string Help, double Value)
{
    /// <summary>How it changes; all values of one name are alike.</summary>
    public MetricKind Kind { get; init; }

    /// <summary>Which series of a histogram: <c>_bucket</c>, <c>_sum</c> or <c>_count</c>; empty of the others.</summary>
    public string Series { get; init; } = "";

    /// <summary>Labels, such as stage = "score"; none by default.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];
}
