using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>What an online store holds.</summary>
public sealed record OnlineHeader
{
    /// <summary>Hash of the plan, 64 hexadecimal digits.</summary>
    public required string PlanHash { get; init; }

    /// <summary>Name of the column with the customer's key.</summary>
    public required string Entity { get; init; }

    /// <summary>Type of the keys: Int64 or Utf8.</summary>
    public required ColumnType KeyType { get; init; }

    /// <summary>Instant of the features, microseconds since 1970 UTC.</summary>
    public required long AsOf { get; init; }

    /// <summary>Customers.</summary>
    public long Rows { get; init; }

    /// <summary>[F] the features in plan order.</summary>
    public required IReadOnlyList<StoredFeature> Features { get; init; }
}
