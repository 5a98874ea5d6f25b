namespace ChurnEngine.Pipeline;

/// <summary>Whom to contact, in short.</summary>
/// <param name="Path">The action plan.</param>
/// <param name="Scored">Customers considered.</param>
/// <param name="Chosen">Customers to contact.</param>
/// <param name="ExpectedValue">Sum of their expected values.</param>
/// <param name="Spend">Cost of contacting them.</param>
/// <param name="ExpectedSaves">Customers expected to stay because of it.</param>
/// <param name="RiskLevels">Customers at each risk level, among all scored.</param>
public sealed record DecisionReport(string Path, long Scored, long Chosen, double ExpectedValue, double Spend, double ExpectedSaves, IReadOnlyDictionary<string, long> RiskLevels)
{
    /// <summary>False of a dry run: nothing was written.</summary>
    public bool Written { get; init; } = true;

    /// <summary>True when the probabilities are not calibrated, and that was allowed: expected values are not what they say then.</summary>
    public bool UncalibratedAllowed { get; init; }

    /// <summary>95% interval of the value that the plan will realise, cost taken off, if probabilities and save rates are right.</summary>
    public required Estimate RealisedInterval { get; init; }

    /// <summary>No plan within the limits is expected to earn more.</summary>
    public required double Bound { get; init; }

    /// <summary>Share of the bound by which the plan may fall short of the best, 0 and up.</summary>
    public required double Gap { get; init; }

    /// <summary>exact: there is no better plan; bounded: none is better than the bound.</summary>
    public required string Proof { get; init; }

    /// <summary>What one contact a plan more would add, of any offer; 0 where the capacity does not bind.</summary>
    public required double CapacityPrice { get; init; }

    /// <summary>What one unit of money more would add; 0 where the budget does not bind.</summary>
    public required double BudgetPrice { get; init; }

    /// <summary>The offers, in the order of churn.yaml.</summary>
    public required IReadOnlyList<OfferUse> Offers { get; init; }

    /// <summary>Customers by what was decided about them.</summary>
    public required IReadOnlyDictionary<string, long> Decisions { get; init; }

    /// <summary>Other ways to choose, this plan first.</summary>
    public required IReadOnlyList<WayToChoose> Comparison { get; init; }

    /// <summary>What is expected to be lost when nobody is contacted: probability x value over all.</summary>
    public required double ExpectedLoss { get; init; }

    /// <summary>Contacts of each day.</summary>
    public required IReadOnlyList<long> Days { get; init; }

    /// <summary>Those of the control group who would be contacted.</summary>
    public required long HeldOut { get; init; }

    /// <summary>What the best plan would be worth under other limits; empty where that was not asked for.</summary>
    public IReadOnlyList<WhatIfCurve> WhatIf { get; init; } = [];

    /// <summary>Files beside the plan: hold-out, record, listing, curves.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}

/// <summary>What the plan does with an offer.</summary>
/// <param name="Name">Of the offer.</param>
/// <param name="Contacts">Customers who get it.</param>
/// <param name="ExpectedValue">Sum of their expected values.</param>
/// <param name="Spend">Cost.</param>
/// <param name="Capacity">Most customers a day; null for no limit.</param>
/// <param name="Price">What one customer more for it would add; 0 where its capacity does not bind.</param>
public sealed record OfferUse(string Name, long Contacts, double ExpectedValue, double Spend, int? Capacity, double Price);

/// <summary>What the best plan would be worth under other limits.</summary>
/// <param name="Limit">budget or capacity.</param>
/// <param name="Points">Ascending.</param>
public sealed record WhatIfCurve(string Limit, IReadOnlyList<WhatIfPoint> Points);

/// <summary>The best plan under one limit.</summary>
/// <param name="Limit">Money, or contacts a day.</param>
/// <param name="ExpectedValue">Of the plan.</param>
/// <param name="Contacts">Customers contacted.</param>
/// <param name="Spend">Cost.</param>
public sealed record WhatIfPoint(double Limit, double ExpectedValue, long Contacts, double Spend);

/// <summary>An amount or share with its 95% interval; NaN where it cannot be told.</summary>
/// <param name="Amount">The estimate.</param>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
public sealed record Estimate(double Amount, double Lower, double Upper);

/// <summary>What a way to choose customers is expected to come to.</summary>
/// <param name="Name">Of the way.</param>
/// <param name="Contacts">Customers contacted.</param>
/// <param name="ExpectedValue">Value saved less cost.</param>
/// <param name="Spend">Cost of all contacts.</param>
/// <param name="ExpectedSaves">Customers expected to stay because of them.</param>
public sealed record WayToChoose(string Name, long Contacts, double ExpectedValue, double Spend, double ExpectedSaves);
