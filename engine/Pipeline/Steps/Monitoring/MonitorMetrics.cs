using ChurnEngine.Columns;
using ChurnEngine.Monitoring;
using ChurnEngine.Telemetry;

namespace ChurnEngine.Pipeline;

/// <summary>What monitoring found, as monitoring systems want it. A value that cannot be told has no line.</summary>
public static class MonitorMetrics
{
    /// <summary>Name of the job at a Pushgateway.</summary>
    public const string Job = "churn_monitor";

    private const string Firing = "firing";

    /// <summary>The metrics of a run.</summary>
    /// <param name="report">What it found.</param>
    /// <param name="alerts">What became of its alarms; null where rules were not evaluated.</param>
    /// <param name="endedAt">When it ended.</param>
    public static IReadOnlyList<Metric> Of(MonitorReport report, AlertReport? alerts, DateTimeOffset endedAt) =>
        Of(report, alerts?.Alerts.Where(alert => alert.Status == Firing).Select(alert => alert.Severity), alerts?.Undelivered ?? 0, endedAt);

    /// <summary>The metrics of a run whose alerts are known by the severities of those that stand; null: nothing is known of alerts.</summary>
    internal static IReadOnlyList<Metric> Of(MonitorReport report, IEnumerable<string>? firing, int undelivered, DateTimeOffset endedAt)
    {
        ArgumentNullException.ThrowIfNull(report);
        List<Metric> metrics =
        [
            new("churn_monitor_last_run_timestamp_seconds", "When customers were last watched, seconds since 1970.", endedAt.ToUnixTimeMilliseconds() / 1000.0),
            new("churn_monitor_customers", "Customers watched.", report.Customers),
            new("churn_monitor_model_info", "1 for the version that was watched.", 1) { Labels = [new("model", report.Model), new("version", report.Version)] },
            .. AlarmKind.All.Select(kind => new Metric("churn_monitor_alarms", "Limits that are broken, by kind.", report.Alarms.Count(alarm => alarm.Kind == kind)) { Labels = [new("kind", kind)] }),
            .. report.Features.Select(feature => Of("psi", "Population stability index of a feature against training.", feature, feature.Psi)),
            .. report.Features.Select(feature => Of("ks", "Kolmogorov-Smirnov distance of a number against training.", feature, feature.KolmogorovSmirnov)).OfType<Metric>(),
            .. report.Features.Select(feature => Of("missing_ratio", "Share of customers without a value.", feature, feature.Missing)),
            .. report.Features.Select(feature => Of("missing_ratio_at_training", "The same at training.", feature, feature.MissingAtTraining)),
            .. report.Features.Select(feature => Of("drifted", "1 where a limit of drift is broken, else 0.", feature, feature.Verdict == MonitorStep.Drifted ? 1 : 0)),
        ];
        Add("churn_monitor_as_of_timestamp_seconds", "Instant that the customers are as of, seconds since 1970.", report.AsOf is { } text && InstantText.TryParse(text, out long micros) ? micros / 1e6 : null);
        Add("churn_monitor_score_mean", "Mean probability, or value.", report.Scores.Mean.Value);
        Add("churn_monitor_score_mean_at_training", "The same when the model was calibrated.", report.Scores.MeanAtTraining);
        Add("churn_monitor_score_psi", "Population stability index of the scores.", report.Scores.Psi);
        Add("churn_monitor_expected_roc_auc", "ROC-AUC to be expected, if the probabilities are right.", report.Expected?.RocAuc?.Value);
        Add("churn_monitor_expected_positive_ratio", "Share that will leave, if the probabilities are right.", report.Expected?.PositiveRate?.Value);
        Add("churn_monitor_measured_roc_auc", "ROC-AUC where outcomes are known.", report.Measured is { } measured && measured.Metrics.TryGetValue("roc_auc", out double auc) ? auc : null);
        Add("churn_monitor_roc_auc_at_training", "The same on the training's test snapshot.", report.Measured?.AucAtTraining);
        if (firing is not null)
        {
            string[] standing = [.. firing];
            metrics.AddRange(AlertSeverities.Words.Skip(1).Select(severity => new Metric("churn_monitor_alerts", "Alerts that stand, by severity.", standing.Count(word => word == severity)) { Labels = [new("severity", severity)] }));
            metrics.Add(new Metric("churn_monitor_alerts_undelivered", "Alerts that wait to be told to a channel.", undelivered));
        }
        return metrics;

        void Add(string name, string help, double? value)
        {
            if (value is { } known && double.IsFinite(known))
                metrics.Add(new Metric(name, help, known));
        }
    }

    private static Metric Of(string name, string help, DriftRow feature, double value) => new($"churn_monitor_feature_{name}", help, value) { Labels = [new("feature", feature.Feature)] };

    private static Metric? Of(string name, string help, DriftRow feature, double? value) => value is { } known ? Of(name, help, feature, known) : null;
}
