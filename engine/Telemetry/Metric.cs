namespace ChurnEngine.Telemetry;

/// <summary>One value of a job, under a name that a monitoring system keeps over many runs.</summary>
/// <param name="Name">Prometheus name with its unit, such as <c>churn_score_rows</c>.</param>
/// <param name="Help">What it counts, in one sentence.</param>
/// <param name="Value">The value; NaN where there is none.</param>
public sealed record Metric(string Name, string Help, double Value)
{
    /// <summary>Labels, such as stage = "score"; none by default.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];
}
