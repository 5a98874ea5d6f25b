using System.Globalization;
using ChurnEngine.Telemetry;

namespace ChurnEngine.Pipeline;

/// <summary>A scoring job's metrics, as monitoring systems want them.</summary>
public static class ScoreMetrics
{
    /// <summary>Name of the job at a Pushgateway.</summary>
    public const string Job = "churn_score";

    /// <summary>The metrics of a job that has ended well.</summary>
    /// <param name="report">What it did.</param>
    /// <param name="stages">Its stage table.</param>
    /// <param name="endedAt">When it ended.</param>
    public static IReadOnlyList<Metric> Of(ScoreReport report, StageLog stages, DateTimeOffset endedAt)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(stages);
        double seconds = stages.Stages.Sum(stage => stage.Seconds);
        List<Metric> metrics =
        [
            new("churn_score_customers", "Customers of the inputs.", report.Customers),
            new("churn_score_rows", "Customers scored.", report.Rows),
            new("churn_score_not_at_risk", "Customers without a row: gone already, or not there yet.", report.NotAtRisk),
            new("churn_score_rows_refused", "Rows of the inputs that broke their contract.", report.RowsRefused),
            new("churn_score_parts", "Part files of the output.", report.Parts),
            new("churn_score_parts_kept", "Parts that an earlier run of the same job had finished.", report.PartsKept),
            new("churn_score_duration_seconds", "Wall-clock time of the whole job.", seconds),
            new("churn_score_rows_per_second", "Customers scored a second, of the whole job.", seconds > 0 ? report.Rows / seconds : 0),
            new("churn_score_peak_memory_bytes", "Most memory the process held at once.", StageLog.PeakMemoryBytes),
            new("churn_score_last_success_timestamp_seconds", "When the job last ended well, seconds since 1970.", endedAt.ToUnixTimeMilliseconds() / 1000.0),
            .. stages.Stages.Select(stage => new Metric("churn_score_stage_seconds", "Wall-clock time by stage.", stage.Seconds) { Labels = [new("stage", stage.Stage)] }),
        ];
        if (report.IdleShare is { } idle)
            metrics.Add(new("churn_score_idle_share", "Share of the computing threads' time that was neither reading nor computing.", idle));
        foreach ((string name, double value) in report.Scores.OrderBy(score => score.Value))
        {
            metrics.Add(name.StartsWith('p')
                ? new Metric("churn_score_prediction_quantile", "Prediction at that quantile.", value) { Labels = [new("quantile", (int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture) / 100.0).ToString(CultureInfo.InvariantCulture))] }
                : new Metric($"churn_score_prediction_{name}", $"The predictions' {name}.", value));
        }
        return metrics;
    }
}
