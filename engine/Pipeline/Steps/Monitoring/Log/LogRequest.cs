namespace ChurnEngine.Pipeline;

/// <summary>Which part of a prediction log to watch.</summary>
public sealed record LogRequest
{
    /// <summary>Folder that a service writes to.</summary>
    public required string Folder { get; init; }

    /// <summary>Predictions from this instant on, microseconds since 1970 UTC; null: from the first.</summary>
    public long? Since { get; init; }

    /// <summary>Predictions before this instant; null: to the last.</summary>
    public long? Until { get; init; }

    /// <summary>Table of outcomes: customer, as_of, churned; null: those of the project, where labels are asked for.</summary>
    public string? Outcomes { get; init; }

    /// <summary>The present, microseconds since 1970 UTC: an outcome of a table counts once its horizon is over.</summary>
    public long Now { get; init; }
}
