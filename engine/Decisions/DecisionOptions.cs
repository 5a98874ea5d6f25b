namespace ChurnEngine.Decisions;

/// <summary>The economics of the offers, and what limits them. Money is in one currency, whichever the user means.</summary>
public sealed record DecisionOptions
{
    private const double MostMoney = 1e15, LeastCost = 1e-6;

    /// <summary>Most offers.</summary>
    public const int MostOffers = 32;

    /// <summary>Most days.</summary>
    public const int MostDays = 3660;

    /// <summary>What a customer who stays is worth, above 0; used where no value per customer is given.</summary>
    public double Value { get; init; } = 600;

    /// <summary>Share of leaving customers whom the one offer keeps, above 0, at most 1.</summary>
    public double SaveRate { get; init; } = 0.4;

    /// <summary>What one contact costs, 0 and up, whether or not it helps.</summary>
    public double Cost { get; init; } = 10;

    /// <summary>The offers; empty: one, "contact", of <see cref="Cost"/> and <see cref="SaveRate"/>.</summary>
    public IReadOnlyList<Offer> Offers { get; init; } = [];

    /// <summary>The most contacts a day, 0 and up; 0 is no limit.</summary>
    public int Capacity { get; init; }

    /// <summary>The most that all contacts of all days may cost; null is no limit.</summary>
    public double? Budget { get; init; }

    /// <summary>Days that the contacts are spread over, 1 and up.</summary>
    public int Days { get; init; } = 1;

    /// <summary>Cuts of the risk levels.</summary>
    public RiskCuts RiskCuts { get; init; } = new();

    /// <summary>The offers to choose from, one at least.</summary>
    public IReadOnlyList<Offer> Choices => Offers.Count > 0 ? Offers : [new Offer { Name = "contact", Cost = Cost, SaveRate = SaveRate }];

    /// <summary>Throws when a value makes no sense.</summary>
    /// <remarks>Errors: ChurnConfigException CE7001 (an option out of range), CE7002 (risk cuts), CE7003 (budget below one contact), CE7007 (an offer out of range), CE7008 (names or number of offers).</remarks>
    public void Validate()
    {
        if (!(Value > 0 && Value <= MostMoney))
            throw DecisionsErrors.BadOption("value", Value, "an amount above 0");
        if (!(SaveRate > 0 && SaveRate <= 1))
            throw DecisionsErrors.BadOption("save_rate", SaveRate, "a share above 0, at most 1");
        if (!IsCost(Cost))
            throw DecisionsErrors.BadOption("cost", Cost, "0, or an amount from 0.000001");
        if (Capacity < 0)
            throw DecisionsErrors.BadOption("capacity", Capacity, "contacts, 0 and up, where 0 is no limit");
        if (Days is < 1 or > MostDays)
            throw DecisionsErrors.BadOption("days", Days, $"1 to {MostDays}");
        ValidateOffers();
        if (Budget is { } budget)
        {
            if (!(budget >= 0 && budget <= MostMoney))
                throw DecisionsErrors.BadOption("budget", budget, "an amount of 0 and up");
            double least = Choices.Min(offer => offer.Cost);
            if (budget < least)
                throw DecisionsErrors.BudgetBelowOneContact(budget, least);
        }
        RiskCuts.Validate();
    }

    private void ValidateOffers()
    {
        if (Offers.Count > MostOffers)
            throw DecisionsErrors.BadOffers($"{Offers.Count} offers", $"1 to {MostOffers}");
        if (Offers.Any(offer => string.IsNullOrWhiteSpace(offer.Name)))
            throw DecisionsErrors.BadOffers("an offer has no name", "a name for each");
        if (Offers.GroupBy(offer => offer.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw DecisionsErrors.BadOffers($"two offers are called '{twice.Key}'", "a name of its own for each");
        foreach (Offer offer in Offers)
        {
            if (!IsCost(offer.Cost))
                throw DecisionsErrors.BadOffer(offer.Name, "cost", offer.Cost, "0, or an amount from 0.000001");
            if (!(offer.SaveRate >= 0 && offer.SaveRate <= 1))
                throw DecisionsErrors.BadOffer(offer.Name, "save_rate", offer.SaveRate, "a share from 0 to 1");
            if (offer.Capacity < 0)
                throw DecisionsErrors.BadOffer(offer.Name, "capacity", offer.Capacity, "customers a day, 1 and up; leave it out for no limit");
        }
    }

    private static bool IsCost(double cost) => cost == 0 || (cost >= LeastCost && cost <= MostMoney);
}
