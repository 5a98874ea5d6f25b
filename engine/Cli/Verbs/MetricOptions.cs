using System.CommandLine;
using ChurnEngine.Pipeline;
using ChurnEngine.Telemetry;

namespace ChurnEngine.Cli;

/// <summary>Where a job's metrics go, by the command line or the project.</summary>
/// <param name="mark">Ending that the name of the project's file gets: of two jobs that write one file, the later would take the metrics of the earlier away. Empty: none.</param>
internal sealed class MetricOptions(string mark = "")
{
    public Option<string?> File { get; } = new("--metrics-file") { Description = $"File for the job's metrics, for node_exporter's textfile collector. Default: `metrics.file` of the project{(mark.Length == 0 ? "" : $", with {mark} at the end of its name")}.", HelpName = "FILE" };

    public Option<string?> PushGateway { get; } = new("--push-gateway") { Description = "Pushgateway for the job's metrics. Default: `metrics.push_gateway` of the project.", HelpName = "URL" };

    /// <summary>Sends what a job measured; what does not arrive is a warning.</summary>
    /// <param name="metrics">What.</param>
    /// <param name="job">Name of the job at a Pushgateway, and further labels there.</param>
    /// <param name="project">The project, whose settings hold where no option is written; null for none.</param>
    /// <param name="steps">Told of warnings.</param>
    /// <param name="context">The verb's.</param>
    public void Send(IReadOnlyList<Metric> metrics, (string Name, IReadOnlyList<KeyValuePair<string, string>> Labels) job, ProjectConfig? project, StepContext steps, VerbContext context)
    {
        var targets = new MetricTargets(context.Get(File) ?? (project?.Metrics.File is { } file ? Marked(file) : null), context.Get(PushGateway) ?? project?.Metrics.PushGateway);
        context.Traces?.Record(metrics);
        foreach (string failure in MetricExport.Send(metrics, targets, job.Name, job.Labels, context.Cancellation))
            steps.Warn(failure);
    }

    private string Marked(string file) => Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileNameWithoutExtension(file) + mark + Path.GetExtension(file));
}
