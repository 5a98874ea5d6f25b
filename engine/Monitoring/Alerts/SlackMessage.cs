using System.Text.Json;

namespace ChurnEngine.Monitoring;

/// <summary>Alerts as one message of a Slack-shaped webhook, which Mattermost, Rocket.Chat and others take too.</summary>
/// <remarks>Source: Slack, "Sending messages using incoming webhooks" and "Block Kit": at most 50 blocks, 3,000 characters a section, 150 a header.</remarks>
public static class SlackMessage
{
    private const int MostAlerts = 40, LongestSection = 3_000, LongestHeader = 150;

    /// <summary>The body of the request.</summary>
    /// <param name="origin">Whence.</param>
    /// <param name="alerts">At least one, the worst first; of more than 40 the rest is counted.</param>
    public static string Write(AlertOrigin origin, IReadOnlyList<Alert> alerts)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(alerts);
        string title = Title(origin, alerts);
        List<object> blocks = [new { type = "header", text = new { type = "plain_text", text = Cut(title, LongestHeader) } }];
        blocks.AddRange(alerts.Take(MostAlerts).Select(alert => Section(Lines(alert))));
        if (alerts.Count > MostAlerts)
            blocks.Add(Section($"and {alerts.Count - MostAlerts} more: `churn monitor` lists all"));
        return JsonSerializer.Serialize(new { text = title, blocks });
    }

    private static string Title(AlertOrigin origin, IReadOnlyList<Alert> alerts)
    {
        int firing = alerts.Count(alert => alert.Status != AlertStatus.Resolved), resolved = alerts.Count - firing;
        string count = firing > 0 && resolved > 0 ? $"{Count(firing)}, {resolved} resolved" : firing > 0 ? Count(firing) : $"{Count(resolved)} resolved";
        return $"{origin.Model} ({origin.Instance}): {count}";

        static string Count(int alerts) => alerts == 1 ? "1 alert" : $"{alerts} alerts";
    }

    private static string Lines(Alert alert)
    {
        string what = Escape($"{alert.Kind} {alert.Subject}"), since = alert.AsOf is { } asOf ? $", as of {asOf}" : "";
        return alert.Status == AlertStatus.Resolved
            ? $"*resolved* {what}, {Escape(alert.Version)}: was {Escape(alert.Why)}"
            : $"*{alert.Severity.Word()}* {what}, {Escape(alert.Version)}{Escape(since)}: {Escape(alert.Why)}\n_next:_ {Escape(alert.Next)}";
    }

    private static object Section(string text) => new { type = "section", text = new { type = "mrkdwn", text = Cut(text, LongestSection) } };

    private static string Cut(string text, int longest) => text.Length <= longest ? text : $"{text[..(longest - 3)]}...";

    // The three characters that mrkdwn gives a meaning of its own, as Slack asks.
    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
