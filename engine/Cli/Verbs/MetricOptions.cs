using System.CommandLine;
using ChurnEngine.Pipeline;
using ChurnEngine.Telemetry;

namespace ChurnEngine.Cli;

/// <summary>Where a job's metrics go, by the command line or the project.</summary>
internal sealed class MetricOptions
{
    public Option<string?> File { get; } = new("--metrics-file") { Description = "File for the job's metrics, for node_exporter's textfile collector. Default: `metrics.file` of the project.", HelpName = "FILE" };

    public Option<string?> PushGateway { get; } = new("--push-gateway") { Description = "Pushgateway for the job's metrics. Default: `metrics.push_gateway` of the project.", HelpName = "URL" };

    /// <summary>Sends what a scoring job measured; what does not arrive is a warning.</summary>
    public void Send(ScoreReport report, ProjectConfig? project, StepContext steps, VerbContext context)
    {
        var targets = new MetricTargets(context.Get(File) ?? project?.Metrics.File, context.Get(PushGateway) ?? project?.Metrics.PushGateway);
        IReadOnlyList<Metric> metrics = ScoreMetrics.Of(report, steps.Stages, TimeProvider.System.GetUtcNow());
        context.Traces?.Record(metrics);
        foreach (string failure in MetricExport.Send(metrics, targets, ScoreMetrics.Job, report.Slice is { } slice ? [new("slice", slice)] : []))
            steps.Warn(failure);
    }
}
