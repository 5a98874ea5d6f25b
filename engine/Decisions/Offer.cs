namespace ChurnEngine.Decisions;

/// <summary>Something that may be offered to a customer who is about to leave.</summary>
public sealed record Offer
{
    /// <summary>What the plan calls it; unique.</summary>
    public required string Name { get; init; }

    /// <summary>What it costs to offer it to one customer, 0 and up, whether or not it helps.</summary>
    public required double Cost { get; init; }

    /// <summary>Share of leaving customers whom it keeps, 0 to 1, where their group has no rate of its own.</summary>
    public required double SaveRate { get; init; }

    /// <summary>Most customers a day that can get it, 0 and up; 0 is no limit.</summary>
    public int Capacity { get; init; }
}
