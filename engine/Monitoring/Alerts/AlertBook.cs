namespace ChurnEngine.Monitoring;

/// <summary>An alert, and when people were told of it.</summary>
/// <param name="Alert">As of the last window.</param>
public sealed record AlertEntry(Alert Alert)
{
    /// <summary>When people were told last, by the clock; null: never.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>With which severity.</summary>
    public AlertSeverity ToldSeverity { get; init; }

    /// <summary>Whether they believe that it stands.</summary>
    public bool IsTold { get; init; }
}

/// <summary>What a channel was told, and what it was not yet.</summary>
/// <param name="Name">Channel.</param>
public sealed record ChannelMemory(string Name)
{
    /// <summary>Alerts that it takes to stand.</summary>
    public IReadOnlyList<Alert> Firing { get; init; } = [];

    /// <summary>Alerts to be told, that stand or are over; an alert has one at most, the newest.</summary>
    public IReadOnlyList<Alert> Waiting { get; init; } = [];
}

/// <summary>What is remembered of alerts from one run to the next.</summary>
public sealed record AlertBook
{
    /// <summary>Nothing yet.</summary>
    public static AlertBook Empty { get; } = new();

    /// <summary>The newest window that was judged; null for none, or where windows have no instant.</summary>
    public string? AsOf { get; init; }

    /// <summary>Alerts, in the order of version, kind and subject.</summary>
    public IReadOnlyList<AlertEntry> Entries { get; init; } = [];

    /// <summary>Channels, in the order of their names.</summary>
    public IReadOnlyList<ChannelMemory> Channels { get; init; } = [];

    /// <summary>Alerts that stand.</summary>
    public IEnumerable<Alert> Firing => Entries.Select(entry => entry.Alert).Where(alert => alert.Status == AlertStatus.Firing);

    /// <summary>What a channel was told; nothing, where it is new.</summary>
    public ChannelMemory Channel(string name) => Channels.FirstOrDefault(channel => channel.Name == name) ?? new ChannelMemory(name);

    /// <summary>The book with other memories of channels; those that are not named are forgotten.</summary>
    public AlertBook With(IEnumerable<ChannelMemory> channels) => this with { Channels = [.. channels.OrderBy(channel => channel.Name, StringComparer.Ordinal)] };
}
