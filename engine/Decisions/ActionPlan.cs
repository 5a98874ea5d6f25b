namespace ChurnEngine.Decisions;

/// <summary>Whom to contact, best first, and what it is expected to earn.</summary>
public sealed record ActionPlan
{
    /// <summary>[K] rows chosen, highest expected value first; equal ones in row order.</summary>
    public required int[] Rows { get; init; }

    /// <summary>[K] probability of each, 0..1.</summary>
    public required float[] Probability { get; init; }

    /// <summary>[K] value of each customer.</summary>
    public required double[] Value { get; init; }

    /// <summary>[K] expected value of each contact, above 0.</summary>
    public required double[] ExpectedValue { get; init; }

    /// <summary>[K] risk level of each.</summary>
    public required RiskLevel[] Risk { get; init; }

    /// <summary>Rows looked at.</summary>
    public required int Considered { get; init; }

    /// <summary>Rows with an expected value above 0, chosen or not.</summary>
    public required int Worthwhile { get; init; }

    /// <summary>Rows left alone because their value is unknown (NaN).</summary>
    public required int WithoutValue { get; init; }

    /// <summary>Sum of the expected values chosen.</summary>
    public required double TotalExpectedValue { get; init; }

    /// <summary>Customers expected to stay because of the contacts: the sum of probability x save rate.</summary>
    public required double ExpectedSaves { get; init; }

    /// <summary>Cost of all contacts.</summary>
    public required double Spend { get; init; }

    /// <summary>K, the contacts.</summary>
    public int Count => Rows.Length;
}
