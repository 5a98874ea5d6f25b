using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>Unit of instants that a file keeps as whole numbers.</summary>
public enum TimeUnit
{
    /// <summary>The column is a timestamp or a date.</summary>
    None,
    /// <summary>Seconds since 1970 UTC.</summary>
    Seconds,
    /// <summary>Milliseconds since 1970 UTC.</summary>
    Milliseconds,
    /// <summary>Microseconds since 1970 UTC.</summary>
    Microseconds,
}

/// <summary>One table of the plan: where it is, and which of its columns play a role.</summary>
/// <remarks>A table with <see cref="Time"/> holds events, one with <see cref="ValidFrom"/> slowly changing attributes, and one with neither
/// has one row a customer that is visible at every instant.</remarks>
public sealed record PlanTable
{
    /// <summary>Name in the plan.</summary>
    public required string Name { get; init; }

    /// <summary>Column with the customer's key.</summary>
    public required string Key { get; init; }

    /// <summary>The file; null in a plan taken from a model, which knows no paths.</summary>
    public TableSource? Source { get; init; }

    /// <summary>Column with the instant of the event, or null.</summary>
    public string? Time { get; init; }

    /// <summary>Column with the instant from which the row holds, or null.</summary>
    public string? ValidFrom { get; init; }

    /// <summary>Column with the instant at which the row became known, or null: known as it happened.</summary>
    public string? Known { get; init; }

    /// <summary>Column with the kind of event, or null.</summary>
    public string? Kind { get; init; }

    /// <summary>Unit of instants kept as whole numbers.</summary>
    public TimeUnit TimeUnit { get; init; }

    /// <summary>Column with the session of an event, or null.</summary>
    public string? Session { get; init; }

    /// <summary>Silence after which a new session begins, microseconds; 0: sessions go by <see cref="Session"/>, or there are none.</summary>
    public long SessionGapMicros { get; init; }

    /// <summary>Columns that appeared later, with the instant before which they are null, microseconds since 1970 UTC.</summary>
    public IReadOnlyDictionary<string, long> Since { get; init; } = new Dictionary<string, long>();

    /// <summary>True when no column says when a row holds.</summary>
    public bool IsStatic => Time is null && ValidFrom is null;

    internal string? Instant => Time ?? ValidFrom;

    internal Mark Mark { get; init; }
}
