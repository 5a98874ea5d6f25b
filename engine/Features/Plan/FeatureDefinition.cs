namespace ChurnEngine.Features;

/// <summary>What a feature computes from its rows.</summary>
internal enum Aggregate
{
    Count,
    Sum,
    Mean,
    RecencyDays,
    TenureDays,
    /// <summary>Numeric column of the latest row.</summary>
    Latest,
    /// <summary>Text column of the latest row, as a code.</summary>
    Category,
    /// <summary>One feature divided by another.</summary>
    Ratio,
}

/// <summary>One column of the matrix, windows written out.</summary>
internal sealed record FeatureDefinition
{
    public required string Name { get; init; }
    public required Aggregate Aggregate { get; init; }
    public string Table { get; init; } = "";
    public WhereClause Where { get; init; } = WhereClause.Everything;
    public string Column { get; init; } = "";

    /// <summary>Microseconds; 0 means all history before t.</summary>
    public long Window { get; init; }

    /// <summary>Positions of the two features of a ratio, both before this one.</summary>
    public int Numerator { get; init; } = -1;
    public int Denominator { get; init; } = -1;
    public bool PerDay { get; init; }

    /// <summary>Decimals kept in sums.</summary>
    public int Scale { get; init; } = 4;
    public string Unit { get; init; } = "";
    public string Family { get; init; } = "";

    /// <summary>Frozen categories in code order; null until they are frozen.</summary>
    public IReadOnlyList<string>? Categories { get; init; }
    public Mark Mark { get; init; }

    public bool UsesWindow => Aggregate is Aggregate.Count or Aggregate.Sum or Aggregate.Mean;

    /// <summary>The `value:` of the plan.</summary>
    public string Value => Aggregate switch
    {
        Aggregate.Count => "count",
        Aggregate.Sum => $"sum({WhereClause.Quote(Column)})",
        Aggregate.Mean => $"mean({WhereClause.Quote(Column)})",
        Aggregate.RecencyDays => "recency_days",
        Aggregate.TenureDays => "tenure_days",
        Aggregate.Category => $"category({WhereClause.Quote(Column)})",
        _ => WhereClause.Quote(Column),
    };
}
