using System.Text.Json.Serialization;
using ChurnEngine.Monitoring;
using ChurnEngine.Telemetry;

namespace ChurnEngine.Pipeline;

/// <summary>What a run needs to tell of alerts.</summary>
public sealed record AlertRequest
{
    /// <summary>Rules and channels.</summary>
    public AlertSettings Settings { get; init; } = AlertSettings.Default;

    /// <summary>Folder that remembers alerts from run to run, monitoring's own; null: nothing is remembered.</summary>
    public string? Folder { get; init; }

    /// <summary>Evaluates, sends nothing and writes nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Cool-down is measured by it.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long a delivery is tried.</summary>
    public DeliveryPatience Patience { get; init; } = DeliveryPatience.Default;
}

/// <summary>What a channel was sent.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="To">What it speaks.</param>
/// <param name="Address">Scheme and host; null where there is none.</param>
/// <param name="Alerts">How many alerts, resolved ones among them.</param>
/// <param name="Delivered">Whether they arrived; false of a dry run.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Fault">Why it failed; null: it did not.</param>
public sealed record ChannelReport(string Channel, ChannelKind To, string? Address, int Alerts, bool Delivered, int Attempts, string? Fault);

/// <summary>One alert.</summary>
/// <param name="Rule">Rule that made it.</param>
/// <param name="Severity">info, warning or critical.</param>
/// <param name="Status">pending (not yet for as many windows as its rule asks), firing, or resolved by this window.</param>
/// <param name="Kind">Kind of alarm.</param>
/// <param name="Subject">Feature or metric.</param>
/// <param name="Version">Model.</param>
/// <param name="Why">Which limit was broken, with the figures.</param>
/// <param name="Next">What to do next.</param>
/// <param name="Windows">Windows in a row that broke it.</param>
/// <param name="Since">When it was first found, UTC.</param>
public sealed record AlertRow(string Rule, string Severity, string Status, string Kind, string Subject, string Version, string Why, string Next, int Windows, DateTime Since)
{
    internal static AlertRow Of(Alert alert) =>
        new(alert.Rule, alert.Severity.Word(), alert.Status.ToString().ToLowerInvariant(), alert.Kind, alert.Subject, alert.Version, alert.Why, alert.Next, alert.Windows, alert.Since.UtcDateTime);
}

/// <summary>Alerts of a run, and who was told.</summary>
/// <param name="Alerts">Those that are pending, stand, or are over since this window: the worst first.</param>
/// <param name="Channels">Channels that there was something for, in the order of churn.yaml; standard output is none of them.</param>
public sealed record AlertReport(IReadOnlyList<AlertRow> Alerts, IReadOnlyList<ChannelReport> Channels)
{
    /// <summary>Those of <see cref="Alerts"/> that standard output shows.</summary>
    [JsonIgnore]
    public IReadOnlyList<AlertRow> Shown { get; init; } = [];

    /// <summary>Alerts that wait for the next run, over all channels.</summary>
    public int Undelivered => Channels.Where(channel => channel.Fault is not null).Sum(channel => channel.Alerts);

    /// <summary>True when a later window was evaluated before: alerts are of the newest alone, and this run changed none.</summary>
    public bool IsOlder { get; init; }
}
