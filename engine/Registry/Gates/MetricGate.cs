using System.Globalization;

namespace ChurnEngine.Registry;

/// <summary>A limit on a metric that the model's training measured on rows it had not seen.</summary>
public sealed class MetricGate(MetricLimit limit) : IGate
{
    // How the rows were kept apart, the strictest first.
    private static readonly string[] s_designs = ["test.", "holdout.", "cv."];

    /// <inheritdoc/>
    public string Name => limit.Metric;

    /// <inheritdoc/>
    public GateVerdict Check(GateEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        IReadOnlyDictionary<string, double> metrics = evidence.Candidate.Metadata.Metrics;
        string? name = s_designs.Select(design => design + limit.Metric).FirstOrDefault(metrics.ContainsKey);
        if (name is null)
            return new GateVerdict(Name, false, $"the model does not say its {limit.Metric}, and {Wanted} is asked for");
        double value = metrics[name];
        // Written so that a NaN fails.
        bool passed = limit.IsFloor ? value >= limit.Limit : value <= limit.Limit;
        return new GateVerdict(Name, passed, string.Create(CultureInfo.InvariantCulture, $"{name} is {value:F4}{Interval(metrics, name)}, {Wanted} is asked for"));
    }

    private string Wanted => string.Create(CultureInfo.InvariantCulture, $"{(limit.IsFloor ? "at least" : "at most")} {limit.Limit}");

    private static string Interval(IReadOnlyDictionary<string, double> metrics, string name) =>
        metrics.TryGetValue(name + "_low", out double low) && metrics.TryGetValue(name + "_high", out double high) ? string.Create(CultureInfo.InvariantCulture, $" ({low:F4} to {high:F4})") : "";
}
