namespace ChurnEngine.Decisions;

/// <summary>Whether a customer may be contacted at all.</summary>
public enum Standing : byte
{
    /// <summary>May be.</summary>
    Open,
    /// <summary>Belongs to the random control group, who are left alone so that the effect can be measured.</summary>
    Control,
    /// <summary>Was contacted too lately or too often.</summary>
    Fatigued,
}

/// <summary>The customers to decide on. Arrays are borrowed and not changed.</summary>
public sealed record DecisionInput
{
    /// <summary>[N] calibrated probability of churn, 0..1. NaN is an error.</summary>
    public required float[] Probability { get; init; }

    /// <summary>[N] value of each customer; NaN where unknown: that customer is left alone and counted. Empty: the options' value for all.</summary>
    public double[] Value { get; init; } = [];

    /// <summary>[N] number of each customer's group, below <see cref="SaveRates"/>' count: those for whom the same offers come at the same save rates. Empty: all are of group 0.</summary>
    public int[] Group { get; init; } = [];

    /// <summary>[G][J] save rate of each offer in each group, 0..1; NaN: the group may not have that offer. Empty: one group, at the offers' own rates.</summary>
    public IReadOnlyList<double[]> SaveRates { get; init; } = [];

    /// <summary>[N] who may be contacted; empty: all.</summary>
    public Standing[] Standing { get; init; } = [];

    /// <summary>[N] whether the user's rule of thumb would contact the customer, to compare with; empty: there is no rule.</summary>
    public bool[] Rule { get; init; } = [];

    /// <summary>N.</summary>
    public int Rows => Probability.Length;

    internal int GroupOf(int row) => Group.Length == 0 ? 0 : Group[row];

    internal Standing StandingOf(int row) => Standing.Length == 0 ? Decisions.Standing.Open : Standing[row];

    internal IReadOnlyList<double[]> RatesOf(IReadOnlyList<Offer> offers) => SaveRates.Count > 0 ? SaveRates : [[.. offers.Select(offer => offer.SaveRate)]];

    internal void Check(IReadOnlyList<Offer> offers)
    {
        if (Value.Length != 0 && Value.Length != Rows)
            throw new ArgumentException($"{Rows} probabilities but {Value.Length} values");
        if (Group.Length != 0 && Group.Length != Rows)
            throw new ArgumentException($"{Rows} probabilities but {Group.Length} groups");
        if (Standing.Length != 0 && Standing.Length != Rows)
            throw new ArgumentException($"{Rows} probabilities but {Standing.Length} standings");
        if (Rule.Length != 0 && Rule.Length != Rows)
            throw new ArgumentException($"{Rows} probabilities but a rule for {Rule.Length}");
        if (SaveRates.Any(rates => rates.Length != offers.Count || rates.Any(rate => rate is < 0 or > 1)))
            throw new ArgumentException($"save rates are 0 to 1, {offers.Count} a group");
        if (Group.AsSpan().ContainsAnyExceptInRange(0, Math.Max(1, SaveRates.Count) - 1))
            throw new ArgumentException("a group has no save rates");
    }
}
