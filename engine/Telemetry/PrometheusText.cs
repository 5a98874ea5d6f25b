using System.Globalization;
using System.Text;

namespace ChurnEngine.Telemetry;

/// <summary>Metrics in Prometheus' text format 0.0.4: what Prometheus scrapes, and node_exporter's textfile collector and a Pushgateway read. A job's are gauges: one that has ended counts nothing up.</summary>
public static class PrometheusText
{
    /// <summary>Writes metrics, those of one name together, in the order of their first appearance.</summary>
    public static string Write(IEnumerable<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var text = new StringBuilder();
        foreach (IGrouping<string, Metric> named in metrics.GroupBy(metric => metric.Name))
        {
            text.Append("# HELP ").Append(named.Key).Append(' ').Append(Escape(named.First().Help, quotes: false)).Append('\n');
            text.Append("# TYPE ").Append(named.Key).Append(' ').Append(TypeOf(named.First().Kind)).Append('\n');
            foreach (Metric metric in named)
            {
                text.Append(metric.Name).Append(metric.Series);
                if (metric.Labels.Count > 0)
                    text.Append('{').AppendJoin(',', metric.Labels.Select(label => $"{label.Key}=\"{Escape(label.Value, quotes: true)}\"")).Append('}');
                text.Append(' ').Append(Number(metric.Value)).Append('\n');
            }
        }
        return text.ToString();
    }

    private static string TypeOf(MetricKind kind) => kind switch { MetricKind.Counter => "counter", MetricKind.Histogram => "histogram", _ => "gauge" };

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : double.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string text, bool quotes)
    {
        string escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
