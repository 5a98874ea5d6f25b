namespace ChurnEngine.Monitoring;

/// <summary>How far an alert is.</summary>
public enum AlertStatus
{
    /// <summary>Its limit is broken, not yet for as many windows as its rule asks.</summary>
    Pending,
    /// <summary>It stands.</summary>
    Firing,
    /// <summary>Its limit holds again.</summary>
    Resolved,
}

/// <summary>A limit that is broken.</summary>
/// <param name="Kind">Kind of alarm, such as feature_drift.</param>
/// <param name="Subject">Feature or metric.</param>
/// <param name="Why">Which limit, with the figures.</param>
/// <param name="Next">What to do next.</param>
public sealed record Breach(string Kind, string Subject, string Why, string Next);

/// <summary>What monitoring found in one window.</summary>
/// <param name="Version">Model that was watched.</param>
/// <param name="AsOf">Instant that was watched, as a text that sorts as time does; null where there is none: then every run is a window of its own.</param>
/// <param name="Breaches">Limits that are broken, in any order.</param>
public sealed record AlertWindow(string Version, string? AsOf, IReadOnlyList<Breach> Breaches)
{
    /// <summary>Whether a kind and a subject were looked at. What was not looked at neither fires nor resolves.</summary>
    public Func<string, string, bool> IsJudged { get; init; } = static (_, _) => true;
}

/// <summary>Something to be looked after.</summary>
/// <param name="Version">Model.</param>
/// <param name="Kind">Kind of alarm.</param>
/// <param name="Subject">Feature or metric.</param>
public sealed record Alert(string Version, string Kind, string Subject)
{
    /// <summary>Rule that made it.</summary>
    public string Rule { get; init; } = "";

    /// <summary>Severity.</summary>
    public AlertSeverity Severity { get; init; }

    /// <summary>How far it is.</summary>
    public AlertStatus Status { get; init; }

    /// <summary>Which limit was broken, with the figures; of a resolved one the last time.</summary>
    public string Why { get; init; } = "";

    /// <summary>What to do next.</summary>
    public string Next { get; init; } = "";

    /// <summary>Windows in a row that broke the limit.</summary>
    public int Windows { get; init; }

    /// <summary>The last of them; null where windows have no instant.</summary>
    public string? AsOf { get; init; }

    /// <summary>When it was first found, by the clock.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>What makes it the same from window to window.</summary>
    internal (string Version, string Kind, string Subject) Key => (Version, Kind, Subject);

    /// <summary>What makes it the same to a system that knows alerts by their labels.</summary>
    internal (string Version, string Kind, string Subject, string Rule, AlertSeverity Severity) Identity => (Version, Kind, Subject, Rule, Severity);
}
