using System.Globalization;
using System.Text.Json;

namespace ChurnEngine.Monitoring;

/// <summary>Alerts as Alertmanager's API takes them.</summary>
/// <remarks>Source: Alertmanager, openapi.yaml of API v2, <c>postableAlerts</c>.</remarks>
public static class AlertmanagerMessage
{
    /// <summary>Path of the API below the address of an Alertmanager.</summary>
    public const string Path = "/api/v2/alerts";

    /// <summary>The body of the request.</summary>
    /// <param name="origin">Whence.</param>
    /// <param name="alerts">Alerts that stand or are over.</param>
    /// <param name="now">By the clock: when those that are over end.</param>
    /// <param name="expires">How long those that stand hold when nothing more is heard.</param>
    public static string Write(AlertOrigin origin, IReadOnlyList<Alert> alerts, DateTimeOffset now, TimeSpan expires)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(alerts);
        return JsonSerializer.Serialize(alerts.Select(alert => new
        {
            labels = new Dictionary<string, string>
            {
                ["alertname"] = alert.Rule,
                ["severity"] = alert.Severity.Word(),
                ["kind"] = alert.Kind,
                ["subject"] = alert.Subject,
                ["model"] = origin.Model,
                ["version"] = alert.Version,
                ["instance"] = origin.Instance,
            },
            annotations = new Dictionary<string, string> { ["summary"] = alert.Why, ["next"] = alert.Next },
            // An alert must not end before it began, even when the clock was set back.
            startsAt = Instant(alert.Since <= now ? alert.Since : now),
            endsAt = Instant(alert.Status == AlertStatus.Resolved ? now : now + expires),
        }));
    }

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
