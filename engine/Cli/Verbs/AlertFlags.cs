using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>What <c>churn monitor</c> does about alerts, and the metrics that it leaves.</summary>
internal sealed class AlertFlags
{
    private readonly MetricOptions _metrics = new("-monitor");
    private readonly Option<bool> _none = new("--no-alerts") { Description = "Evaluate no rule of `alerts:` in churn.yaml and send nothing." };
    private readonly Option<bool> _test = new("--test-alerts") { Description = "Watch nobody: send one test alert to every channel of `alerts:`, and say which got it. Exit code 1 when one did not." };
    private readonly Option<string?> _write = new("--write-rules") { Description = "Watch nobody: write alert rules for Prometheus and a dashboard for Grafana into that folder.", HelpName = "DIR" };

    /// <summary>All of them, for the verb.</summary>
    public IReadOnlyList<Option> All => [_metrics.File, _metrics.PushGateway, _none, _test, _write];

    /// <summary>Does what was asked for in the place of watching; null when nothing was.</summary>
    /// <param name="context">The verb's.</param>
    /// <param name="input">Names the project.</param>
    /// <param name="isDry">Whether nothing may be written or sent.</param>
    public VerbResult? Instead(VerbContext context, InputOptions input, bool isDry)
    {
        if (new[] { context.Get(_none), context.Get(_test), context.Get(_write) is not null }.Count(isAsked => isAsked) > 1)
            throw CliErrors.BadCommandLine($"{_none.Name}, {_test.Name} and {_write.Name} exclude each other");
        if (context.Get(_write) is { } folder)
            return WriteRules(folder, isDry);
        return context.Get(_test) ? SendTest(context, RegistryOptions.FindProject(context, input)?.Alerts ?? AlertSettings.Default, isDry) : null;
    }

    /// <summary>Tells the channels what a run found, and hands out its metrics; what does not arrive is a warning.</summary>
    /// <returns>Null where alerts were not wanted.</returns>
    public AlertReport? Tell(MonitorReport report, AlertRequest request, ProjectConfig? project, StepContext steps, VerbContext context)
    {
        AlertReport? alerts = context.Get(_none) ? null : AlertStep.Run(report, request with { Settings = project?.Alerts ?? AlertSettings.Default }, steps);
        if (!request.DryRun)
            _metrics.Send(MonitorMetrics.Of(report, alerts, request.Clock.GetUtcNow()), (MonitorMetrics.Job, []), project, steps, context);
        return alerts;
    }

    private static VerbResult SendTest(VerbContext context, AlertSettings settings, bool isDry)
    {
        if (isDry)
        {
            string[] channels = [.. settings.Channels.Select(channel => channel.Name)];
            return new VerbResult(new { Channels = channels }, console => console.WriteLine($"would send a test alert to {string.Join(", ", channels)}"));
        }
        AlertReport report = AlertStep.Test(new AlertRequest { Settings = settings }, InputOptions.Steps(context));
        return new VerbResult(new { Alerts = report }, console =>
        {
            AlertLines.Print(console, report);
            if (report.Channels.Count == 0)
                console.WriteLine("`alerts.channels` in churn.yaml names no channel beside standard output");
        })
        { ExitCode = report.Channels.Any(channel => !channel.Delivered) ? ExitCode.GateSaidNo : ExitCode.Done };
    }

    private static VerbResult WriteRules(string folder, bool isDry)
    {
        IReadOnlyList<string> files = AlertStep.WriteRules(folder, isDry);
        return new VerbResult(new { Files = files }, console =>
        {
            foreach (string file in files)
                console.WriteLine($"{(isDry ? "would write" : "written")}: {file}");
        });
    }
}
