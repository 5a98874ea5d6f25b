namespace ChurnEngine.Decisions;

/// <summary>What was decided about a customer, and why.</summary>
public enum Decision : byte
{
    /// <summary>To be contacted.</summary>
    Contact,
    /// <summary>Would be contacted, but belongs to the control group: left alone, to measure the effect against.</summary>
    HoldOut,
    /// <summary>Of the control group, and would not be contacted anyway.</summary>
    Control,
    /// <summary>Was contacted too lately or too often.</summary>
    Fatigue,
    /// <summary>No offer is expected to earn anything.</summary>
    NotWorthIt,
    /// <summary>May have none of the offers.</summary>
    NotEligible,
    /// <summary>What the customer is worth is not known.</summary>
    NoValue,
    /// <summary>Others earn more within the capacity.</summary>
    Capacity,
    /// <summary>Others earn more within the budget.</summary>
    Budget,
    /// <summary>Others earn more within capacity and budget, both of which are used up.</summary>
    CapacityAndBudget,
}

/// <summary>Contacts, or hold-outs, in rank order.</summary>
public sealed record PlanLines
{
    /// <summary>[K] rows, highest expected value first; equal ones in row order.</summary>
    public required int[] Rows { get; init; }

    /// <summary>[K] number of the offer of each.</summary>
    public required int[] Offer { get; init; }

    /// <summary>[K] save rate of that offer in the customer's group.</summary>
    public required double[] SaveRate { get; init; }

    /// <summary>[K] expected value of each contact, above 0; of hold-outs what it would be.</summary>
    public required double[] ExpectedValue { get; init; }

    /// <summary>[K] day of each contact, 1 and up; 0 of hold-outs.</summary>
    public required int[] Day { get; init; }

    /// <summary>K.</summary>
    public int Count => Rows.Length;
}

/// <summary>What a way to choose customers is expected to come to.</summary>
/// <param name="Name">Of the way.</param>
/// <param name="Contacts">Customers contacted.</param>
/// <param name="ExpectedValue">Value saved less cost.</param>
/// <param name="Spend">Cost of all contacts.</param>
/// <param name="ExpectedSaves">Customers expected to stay because of them.</param>
public sealed record PlanTotals(string Name, long Contacts, double ExpectedValue, double Spend, double ExpectedSaves);

/// <summary>What one more of something limited would add to the plan's value.</summary>
/// <param name="Capacity">A contact more of any offer.</param>
/// <param name="Budget">A unit of money more.</param>
/// <param name="Offers">[J] a customer more for an offer.</param>
public sealed record ShadowPrices(double Capacity, double Budget, IReadOnlyList<double> Offers);

/// <summary>Whom to contact with what, and what it is expected to earn.</summary>
public sealed record ActionPlan
{
    /// <summary>The J offers.</summary>
    public required IReadOnlyList<Offer> Offers { get; init; }

    /// <summary>The contacts.</summary>
    public required PlanLines Contacts { get; init; }

    /// <summary>Those of the control group who would be contacted.</summary>
    public required PlanLines HoldOut { get; init; }

    /// <summary>[N] what was decided about each row.</summary>
    public required Decision[] Decisions { get; init; }

    /// <summary>Rows that may be contacted, with an expected value above 0, chosen or not.</summary>
    public required int Worthwhile { get; init; }

    /// <summary>What the contacts come to.</summary>
    public required PlanTotals Totals { get; init; }

    /// <summary>Half the width of the 95% interval of the value that the plan will realise, if the probabilities and save rates are right.</summary>
    /// <remarks>Each contact saves its value with probability x save rate, independently of the others: normal approximation.</remarks>
    public required double HalfInterval { get; init; }

    /// <summary>No plan within the limits earns more.</summary>
    public required double Bound { get; init; }

    /// <summary>Whether the plan is known to be the best.</summary>
    public required AllocationProof Proof { get; init; }

    /// <summary>What more capacity and budget would add.</summary>
    public required ShadowPrices Prices { get; init; }

    /// <summary>Other ways to choose, under the same offers.</summary>
    public required IReadOnlyList<PlanTotals> Baselines { get; init; }

    /// <summary>How far the plan may be from the best, as a share of <see cref="Bound"/>; 0 and up.</summary>
    public double Gap => Bound > 0 ? Math.Max(0, (Bound - Totals.ExpectedValue) / Bound) : 0;

    /// <summary>Rows looked at.</summary>
    public int Considered => Decisions.Length;

    /// <summary>Rows of a decision.</summary>
    public int CountOf(Decision decision) => Decisions.AsSpan().Count(decision);
}
