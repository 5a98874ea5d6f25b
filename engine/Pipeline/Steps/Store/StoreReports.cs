namespace ChurnEngine.Pipeline;

/// <summary>What a feature store is asked to hold.</summary>
public sealed record MaterialiseRequest
{
    /// <summary>Folder of the store; null: <c>feature-store</c> beside the project's file.</summary>
    public string? Store { get; init; }

    /// <summary>As-of instants, microseconds since 1970 UTC; empty: the project's `score.as_of`, else the end of the data.</summary>
    public IReadOnlyList<long> AsOf { get; init; } = [];

    /// <summary>Compute dates anew that are there already.</summary>
    public bool Overwrite { get; init; }
}

/// <summary>One date of a store.</summary>
/// <param name="AsOf">ISO 8601 instant.</param>
/// <param name="Rows">Customers; null where the date was there already and was not read.</param>
/// <param name="State">written, kept, empty (nobody at risk: not stored), or for a dry run: missing, there.</param>
public sealed record StoredDate(string AsOf, long? Rows, string State);

/// <summary>What filling a store did, or would do.</summary>
/// <param name="Store">Its folder.</param>
/// <param name="PlanHash">Hash of the plan.</param>
/// <param name="Features">Features a customer.</param>
/// <param name="Dates">The dates asked for, ascending.</param>
public sealed record MaterialiseReport(string Store, string PlanHash, int Features, IReadOnlyList<StoredDate> Dates)
{
    /// <summary>Dates written by this run.</summary>
    public int Written => Dates.Count(date => date.State == "written");

    /// <summary>Dates that were there already.</summary>
    public int Kept => Dates.Count(date => date.State is "kept" or "there");

    /// <summary>Customers written by this run, over all dates.</summary>
    public long Rows => Dates.Where(date => date.State == "written").Sum(date => date.Rows ?? 0);
}

/// <summary>A training set put together from a store.</summary>
public sealed record StoreJoinReport
{
    /// <summary>The file written.</summary>
    public required string Path { get; init; }

    /// <summary>Its rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Features beside each row.</summary>
    public required int Features { get; init; }

    /// <summary>Dates of the store that served.</summary>
    public required int Dates { get; init; }

    /// <summary>Rows left out, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Unmatched { get; init; }

    /// <summary>File that lists them; null when there is none.</summary>
    public string? UnmatchedFile { get; init; }

    /// <summary>Hash of the plan behind the features.</summary>
    public required string PlanHash { get; init; }

    /// <summary>How the rows were made point-in-time right, in words.</summary>
    public required string Design { get; init; }
}

/// <summary>An online store that was written, or would be.</summary>
/// <param name="Path">The SQLite file.</param>
/// <param name="AsOf">ISO 8601 instant of its features.</param>
/// <param name="Rows">Customers.</param>
/// <param name="Features">Features a customer.</param>
/// <param name="PlanHash">Hash of the plan.</param>
public sealed record PublishReport(string Path, string AsOf, long Rows, int Features, string PlanHash);

/// <summary>One customer out of an online store.</summary>
/// <param name="Customer">The key.</param>
/// <param name="AsOf">ISO 8601 instant of the features.</param>
/// <param name="PlanHash">Hash of the plan.</param>
/// <param name="Features">Values by name, in plan order: a number, a text, or null where missing.</param>
public sealed record CustomerFeatures(string Customer, string AsOf, string PlanHash, IReadOnlyDictionary<string, object?> Features);
