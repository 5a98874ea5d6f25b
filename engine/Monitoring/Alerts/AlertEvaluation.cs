namespace ChurnEngine.Monitoring;

/// <summary>What a window came to.</summary>
/// <param name="Book">What to remember.</param>
/// <param name="Alerts">Alerts that are pending, stand, or were resolved by this window: the worst first.</param>
/// <param name="Notices">Those of them that people are to be told of now.</param>
public sealed record AlertOutcome(AlertBook Book, IReadOnlyList<Alert> Alerts, IReadOnlyList<Alert> Notices)
{
    /// <summary>True when a later window was judged before: then nothing was evaluated.</summary>
    public bool IsOlder { get; init; }
}

/// <summary>Makes alerts of what broke a limit: rules, windows in a row, cool-down.</summary>
/// <remarks>
/// An alert is told when it begins to stand, again when its cool-down has passed or its severity rose, and once when it is over. One that is over and begins anew within its cool-down is not told again.
/// The outcome depends on the set of breaches, not on their order.
/// <code>
///            breached N windows in a row          not breached
/// (none) --------- Pending ---------> Firing -------------------> Resolved --(cool-down passed)--> (none)
///                     |                  ^                            |
///                     '-- not breached   '-- breached N in a row -----'
/// </code></remarks>
public static class AlertEvaluation
{
    /// <summary>Judges one window.</summary>
    /// <param name="rules">The first that matches decides.</param>
    /// <param name="before">What is remembered.</param>
    /// <param name="window">What was found. Judged again, it counts once.</param>
    /// <param name="now">By the clock: cool-down is for people, and they live by it.</param>
    /// <remarks>Memory: that of breaches and entries. Errors: none.</remarks>
    public static AlertOutcome Judge(IReadOnlyList<AlertRule> rules, AlertBook before, AlertWindow window, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(window);
        if (window.AsOf is { } asOf && before.AsOf is { } last && string.CompareOrdinal(asOf, last) < 0)
            return new AlertOutcome(before, [], []) { IsOlder = true };
        List<AlertEntry> entries = [];
        List<Alert> alerts = [], notices = [];
        var known = before.Entries.ToDictionary(entry => entry.Alert.Key);
        foreach (Breach breach in Distinct(window.Breaches))
        {
            known.Remove((window.Version, breach.Kind, breach.Subject), out AlertEntry? entry);
            if (AlertRule.Find(rules, breach.Kind, breach.Subject) is not { Severity: not AlertSeverity.None } rule)
                continue;
            entry = Breached(entry, breach, rule, window, now);
            if (IsToTell(entry, rule, now))
            {
                notices.Add(entry.Alert);
                entry = entry with { IsTold = true, ToldAt = now, ToldSeverity = entry.Alert.Severity };
            }
            entries.Add(entry);
            alerts.Add(entry.Alert);
        }
        foreach (AlertEntry entry in known.Values)
        {
            bool isOver = entry.Alert.Version != window.Version || window.IsJudged(entry.Alert.Kind, entry.Alert.Subject);
            AlertRule? rule = AlertRule.Find(rules, entry.Alert.Kind, entry.Alert.Subject);
            if (rule is not { Severity: not AlertSeverity.None })
                continue;
            AlertEntry after = isOver ? Held(entry, alerts, notices) : entry;
            if (!isOver && after.Alert.Status != AlertStatus.Resolved)
                alerts.Add(after.Alert);
            if (after.Alert.Status != AlertStatus.Resolved || IsQuiet(after, rule, now))
                entries.Add(after);
        }
        AlertEntry[] sorted = [.. entries.OrderBy(entry => entry.Alert.Version, StringComparer.Ordinal).ThenBy(entry => entry.Alert.Kind, StringComparer.Ordinal).ThenBy(entry => entry.Alert.Subject, StringComparer.Ordinal)];
        return new AlertOutcome(before with { AsOf = window.AsOf ?? before.AsOf, Entries = sorted }, [.. WorstFirst(alerts)], [.. WorstFirst(notices)]);
    }

    /// <summary>In the order in which people should read them.</summary>
    internal static IEnumerable<Alert> WorstFirst(IEnumerable<Alert> alerts) => alerts
        .OrderBy(alert => alert.Status == AlertStatus.Resolved).ThenByDescending(alert => alert.Severity).ThenByDescending(alert => alert.Status)
        .ThenBy(alert => alert.Kind, StringComparer.Ordinal).ThenBy(alert => alert.Subject, StringComparer.Ordinal).ThenBy(alert => alert.Version, StringComparer.Ordinal);

    // A metric may be below its floor and below its training: that is one alert with two reasons.
    private static IEnumerable<Breach> Distinct(IReadOnlyList<Breach> breaches) => breaches.GroupBy(breach => (breach.Kind, breach.Subject)).Select(same => same.First() with
    {
        Why = string.Join("; ", same.Select(breach => breach.Why).Distinct().Order(StringComparer.Ordinal)),
        Next = same.Select(breach => breach.Next).Min(StringComparer.Ordinal)!,
    });

    private static AlertEntry Breached(AlertEntry? entry, Breach breach, AlertRule rule, AlertWindow window, DateTimeOffset now)
    {
        // Over, it begins anew.
        Alert? before = entry?.Alert is { Status: not AlertStatus.Resolved } standing ? standing : null;
        bool isSameWindow = before is not null && window.AsOf is not null && before.AsOf == window.AsOf;
        int windows = before is null ? 1 : before.Windows + (isSameWindow ? 0 : 1);
        var alert = new Alert(window.Version, breach.Kind, breach.Subject)
        {
            Rule = rule.Name,
            Severity = rule.Severity,
            Status = before?.Status == AlertStatus.Firing || windows >= rule.Windows ? AlertStatus.Firing : AlertStatus.Pending,
            Why = breach.Why,
            Next = rule.Next ?? breach.Next,
            Windows = windows,
            AsOf = window.AsOf,
            Since = before?.Since ?? now,
        };
        return (entry ?? new AlertEntry(alert)) with { Alert = alert };
    }

    private static AlertEntry Held(AlertEntry entry, List<Alert> alerts, List<Alert> notices)
    {
        if (entry.Alert.Status == AlertStatus.Resolved)
            return entry;
        // Nobody heard of one that never stood; but it may have stood before, and its cool-down goes on.
        if (entry.Alert.Status == AlertStatus.Pending)
            return entry with { Alert = entry.Alert with { Status = AlertStatus.Resolved } };
        Alert over = entry.Alert with { Status = AlertStatus.Resolved };
        alerts.Add(over);
        if (entry.IsTold)
            notices.Add(over);
        return entry with { Alert = over, IsTold = false };
    }

    private static bool IsToTell(AlertEntry entry, AlertRule rule, DateTimeOffset now) =>
        entry.Alert.Status == AlertStatus.Firing && (!IsQuiet(entry, rule, now) || entry.Alert.Severity > entry.ToldSeverity);

    // An instant ahead of the clock is a clock that was set back: better told twice than never.
    private static bool IsQuiet(AlertEntry entry, AlertRule rule, DateTimeOffset now) => entry.ToldAt is { } told && told <= now && now - told < rule.Cooldown;
}
