using ChurnEngine.Columns;

namespace ChurnEngine.Ingest;

/// <summary>How tables are read.</summary>
public sealed record IngestOptions
{
    /// <summary>Threads and memory that the readers may use.</summary>
    public JobBudget Budget { get; init; } = new();

    /// <summary>Folder for the quarantine files, made when needed; null: bad rows are counted and reported, not kept.</summary>
    public string? QuarantineDirectory { get; init; }

    /// <summary>Largest share of bad rows, 0..1, that a table may have.</summary>
    public double BadShareLimit { get; init; } = 0.01;

    /// <summary>Throws when a value makes no sense.</summary>
    public void Validate()
    {
        Budget.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(BadShareLimit, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BadShareLimit, 1);
    }
}
