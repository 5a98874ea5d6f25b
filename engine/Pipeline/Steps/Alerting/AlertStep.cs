using ChurnEngine.Monitoring;
using ChurnEngine.Telemetry;

namespace ChurnEngine.Pipeline;

/// <summary>Makes alerts of what monitoring found, and tells the channels.</summary>
/// <remarks>
/// What is to be sent is remembered before it is sent, and forgotten when it arrived. So a process that is killed in between loses no alert; at worst one is told twice.
/// Nothing that goes wrong here fails the job: it is a warning, and the next run tries again.
/// </remarks>
public static class AlertStep
{
    // Of the alert that tries a channel: long enough to be seen, short enough to be gone.
    private static readonly TimeSpan s_testExpires = TimeSpan.FromMinutes(5);

    /// <summary>Evaluates the rules on a report, and delivers.</summary>
    /// <param name="report">What monitoring found.</param>
    /// <param name="request">Rules, channels, memory.</param>
    /// <param name="context">Warnings, cancellation, the stage table.</param>
    /// <remarks>Errors: none but cancellation; CE8204 to CE8206 are warnings.</remarks>
    public static AlertReport Run(MonitorReport report, AlertRequest request, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        AlertSettings settings = request.Settings;
        if (request.Folder is null && (settings.Channels.Any(channel => channel.To != ChannelKind.Stdout) || settings.Rules.Any(rule => rule.Windows > 1)))
            context.Warn("no folder remembers alerts: every run tells all anew, none is ever resolved, and a rule with `for` above 1 never fires. Name one with `monitor.out` or --out");
        DateTimeOffset now = request.Clock.GetUtcNow();
        AlertBook before = request.Folder is { } folder ? AlertBookFile.Read(folder, request.DryRun, context.Warn) : AlertBook.Empty;
        AlertOutcome outcome = AlertEvaluation.Judge(settings.Rules, before, WindowOf(report), now);
        AlertChannel[] remote = [.. settings.Channels.Where(channel => channel.To != ChannelKind.Stdout)];
        ChannelPlan[] plans = [.. remote.Select(channel => PlanOf(channel, before.Channel(channel.Name), outcome))];
        var told = new AlertReport([.. outcome.Alerts.Select(AlertRow.Of)], []) { Shown = ShownOf(settings, outcome.Alerts), IsOlder = outcome.IsOlder };
        if (request.DryRun)
            return told with { Channels = [.. remote.Zip(plans).Where(pair => pair.Second.Alerts.Count > 0).Select(pair => new ChannelReport(pair.First.Name, pair.First.To, pair.First.Url?.ToString(), pair.Second.Alerts.Count, Delivered: false, 0, null))] };
        Remember(outcome.Book.With(plans.Select(plan => plan.Otherwise)));
        if (plans.All(plan => plan.Alerts.Count == 0))
            return told;
        var origin = new AlertOrigin(report.Model, settings.Instance);
        ChannelReport?[] sent = context.Stages.Time("alert", () => Deliver(remote, plans, (channel, alerts) => BodyOf(channel, origin, alerts, now, channel.Expires), request.Patience, context.Cancellation), ends => ends.Sum(end => end?.Alerts ?? 0));
        Remember(outcome.Book.With(plans.Select((plan, at) => sent[at] is { Fault: not null } ? plan.Otherwise : plan.Delivered)));
        context.Warn(plans.Zip(sent).Where(pair => pair.Second?.Fault is not null).Select(pair => pair.First.Warning(pair.Second!.Fault!)));
        return told with { Channels = [.. sent.OfType<ChannelReport>()] };

        void Remember(AlertBook book)
        {
            if (request.Folder is { } kept)
                AlertBookFile.Write(kept, book, context.Warn);
        }
    }

    /// <summary>Sends one alert to every channel, to see whether it arrives; remembers nothing.</summary>
    /// <param name="request">Channels.</param>
    /// <param name="context">Cancellation.</param>
    public static AlertReport Test(AlertRequest request, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        DateTimeOffset now = request.Clock.GetUtcNow();
        var alert = new Alert("none", "test", "alerts") { Rule = "churn_test", Severity = AlertSeverity.Info, Status = AlertStatus.Firing, Why = "a test that somebody asked for: nothing is wrong", Next = "nothing", Windows = 1, Since = now };
        AlertChannel[] remote = [.. request.Settings.Channels.Where(channel => channel.To != ChannelKind.Stdout)];
        ChannelPlan[] plans = [.. remote.Select(channel => new ChannelPlan([alert], new ChannelMemory(channel.Name), new ChannelMemory(channel.Name)))];
        var origin = new AlertOrigin("churn", request.Settings.Instance);
        ChannelReport?[] sent = Deliver(remote, plans, (channel, alerts) => BodyOf(channel, origin, alerts, now, s_testExpires), request.Patience, context.Cancellation);
        return new AlertReport([AlertRow.Of(alert)], [.. sent.OfType<ChannelReport>()]) { Shown = ShownOf(request.Settings, [alert]) };
    }

    /// <summary>Writes rules for Prometheus and a dashboard for Grafana.</summary>
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="isDry">True writes nothing.</param>
    /// <returns>Paths of the files.</returns>
    /// <remarks>Errors: <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>.</remarks>
    public static IReadOnlyList<string> WriteRules(string folder, bool isDry) => PrometheusFiles.Write(folder, isDry);

    private static AlertRow[] ShownOf(AlertSettings settings, IEnumerable<Alert> alerts) =>
        [.. alerts.Where(alert => settings.Channels.Any(channel => channel.To == ChannelKind.Stdout && alert.Severity >= channel.Least)).Select(AlertRow.Of)];

    private static AlertWindow WindowOf(MonitorReport report) => new(report.Version, report.AsOf, [.. report.Alarms.Select(alarm => new Breach(alarm.Kind, alarm.Subject, alarm.Why, alarm.Next))])
    {
        IsJudged = (kind, subject) => AlarmKind.IsJudged(report, kind, subject),
    };

    private static ChannelPlan PlanOf(AlertChannel channel, ChannelMemory memory, AlertOutcome outcome) => channel.To == ChannelKind.Alertmanager
        ? ChannelPlan.ForSystem(memory, outcome, channel.Least)
        : ChannelPlan.ForPeople(memory, outcome, channel.Least);

    private static string BodyOf(AlertChannel channel, AlertOrigin origin, IReadOnlyList<Alert> alerts, DateTimeOffset now, TimeSpan expires) => channel.To == ChannelKind.Alertmanager
        ? AlertmanagerMessage.Write(origin, alerts, now, expires)
        : SlackMessage.Write(origin, alerts);

    // Side by side: one that does not answer costs its own patience, not that of all.
    private static ChannelReport?[] Deliver(AlertChannel[] channels, ChannelPlan[] plans, Func<AlertChannel, IReadOnlyList<Alert>, string> write, DeliveryPatience patience, CancellationToken cancellation) => [.. channels.Zip(plans)
        .AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Clamp(channels.Length, 1, 64)).WithExecutionMode(ParallelExecutionMode.ForceParallelism)
        .Select(pair => pair.Second.Alerts.Count == 0 ? null : Deliver(pair.First, pair.Second, write(pair.First, pair.Second.Alerts), patience, cancellation))];

    private static ChannelReport Deliver(AlertChannel channel, ChannelPlan plan, string body, DeliveryPatience patience, CancellationToken cancellation)
    {
        string? written = channel.UrlVariable is { } variable ? Environment.GetEnvironmentVariable(variable) : null;
        SecretAddress? address = channel.UrlVariable is null ? channel.Url : SecretAddress.TryParse(written ?? "");
        if (address is null)
            return Report(new DeliveryEnd(0, $"the variable {channel.UrlVariable} {(string.IsNullOrEmpty(written) ? "is not set" : "holds no http or https address")}"));
        SecretAddress target = channel.To == ChannelKind.Alertmanager ? address.Below(AlertmanagerMessage.Path) : address;
        return Report(HttpDelivery.Send(HttpMethod.Post, target, body, "application/json", patience, cancellation));

        ChannelReport Report(DeliveryEnd end) => new(channel.Name, channel.To, address?.ToString(), plan.Alerts.Count, end.Fault is null, end.Attempts, end.Fault);
    }
}
