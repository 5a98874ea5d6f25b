namespace ChurnEngine.Monitoring;

/// <summary>What is to be sent to a channel now, and what is remembered of it by how that ends.</summary>
/// <param name="Alerts">To be sent, the worst first; empty: nothing is.</param>
/// <param name="Otherwise">To be remembered before it was sent, and when that failed: the next run sends it.</param>
/// <param name="Delivered">To be remembered when it arrived.</param>
public sealed record ChannelPlan(IReadOnlyList<Alert> Alerts, ChannelMemory Otherwise, ChannelMemory Delivered)
{
    /// <summary>For a channel that people read: what they are to be told, and what an earlier run could not tell them.</summary>
    /// <param name="memory">What the channel was told.</param>
    /// <param name="outcome">What the window came to.</param>
    /// <param name="least">Alerts below it are not for this channel; that one is over is told to who was told of it.</param>
    public static ChannelPlan ForPeople(ChannelMemory memory, AlertOutcome outcome, AlertSeverity least)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(outcome);
        var known = outcome.Book.Entries.Select(entry => entry.Alert.Key).ToHashSet();
        var over = outcome.Notices.Where(alert => alert.Status == AlertStatus.Resolved).Select(alert => alert.Key).ToHashSet();
        Alert[] firing = [.. outcome.Notices.Where(alert => alert.Status == AlertStatus.Firing && alert.Severity >= least)];
        Alert[] resolved = [.. outcome.Notices.Where(alert => alert.Status == AlertStatus.Resolved && memory.Firing.Any(told => told.Key == alert.Key))];
        Alert[] now = [.. firing, .. resolved];
        var news = now.Select(alert => alert.Key).ToHashSet();
        // What a rule silences meanwhile is not told any more.
        Alert[] waiting = [.. AlertEvaluation.WorstFirst([.. memory.Waiting.Where(alert => !news.Contains(alert.Key) && (alert.Status == AlertStatus.Resolved || known.Contains(alert.Key))), .. now])];
        Alert[] standing = [.. InOrder([.. memory.Firing.Where(alert => !news.Contains(alert.Key) && !over.Contains(alert.Key) && known.Contains(alert.Key)), .. firing])];
        var after = new ChannelMemory(memory.Name) { Firing = standing };
        return new ChannelPlan(waiting, after with { Waiting = waiting }, after);
    }

    /// <summary>For a system that keeps alerts itself: all that stand, every time, and the end of those that do not any more. It tells people by rules of its own, so cool-down is not for it.</summary>
    /// <param name="memory">What the channel was told.</param>
    /// <param name="outcome">What the window came to.</param>
    /// <param name="least">Alerts below it are not for this channel.</param>
    public static ChannelPlan ForSystem(ChannelMemory memory, AlertOutcome outcome, AlertSeverity least)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(outcome);
        Alert[] standing = [.. InOrder(outcome.Book.Firing.Where(alert => alert.Severity >= least))];
        var identities = standing.Select(alert => alert.Identity).ToHashSet();
        // Known there by its labels: of another severity it is another alert, and the old one must end.
        Alert[] ended = [.. memory.Firing.Where(alert => !identities.Contains(alert.Identity))];
        Alert[] all = [.. AlertEvaluation.WorstFirst([.. standing, .. ended.Select(alert => alert with { Status = AlertStatus.Resolved })])];
        var after = new ChannelMemory(memory.Name) { Firing = standing };
        return new ChannelPlan(all, after with { Firing = [.. InOrder([.. standing, .. ended])], Waiting = all }, after);
    }

    /// <summary>The warning CE8204 of a delivery that failed.</summary>
    /// <param name="fault">Why; must hold no secret.</param>
    public string Warning(string fault) => MonitoringErrors.NotDelivered(Otherwise.Name, Alerts.Count, fault).Describe();

    private static IEnumerable<Alert> InOrder(IEnumerable<Alert> alerts) => alerts
        .OrderBy(alert => alert.Version, StringComparer.Ordinal).ThenBy(alert => alert.Kind, StringComparer.Ordinal).ThenBy(alert => alert.Subject, StringComparer.Ordinal).ThenBy(alert => alert.Severity).ThenBy(alert => alert.Rule, StringComparer.Ordinal);
}
