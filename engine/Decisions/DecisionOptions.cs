namespace ChurnEngine.Decisions;

/// <summary>The economics of one offer. Money is in one currency, whichever the user means.</summary>
public sealed record DecisionOptions
{
    private const double MostMoney = 1e15, LeastCost = 1e-6;

    /// <summary>What a customer who stays is worth, above 0; used where no value per customer is given.</summary>
    public double Value { get; init; } = 600;

    /// <summary>Share of leaving customers whom the offer keeps, above 0, at most 1.</summary>
    public double SaveRate { get; init; } = 0.4;

    /// <summary>What one contact costs, 0 and up, whether or not it helps.</summary>
    public double Cost { get; init; } = 10;

    /// <summary>The most contacts, 0 and up; 0 is no limit.</summary>
    public int Capacity { get; init; }

    /// <summary>The most that all contacts may cost; null is no limit.</summary>
    public double? Budget { get; init; }

    /// <summary>Cuts of the risk levels.</summary>
    public RiskCuts RiskCuts { get; init; } = new();

    /// <summary>Throws when a value makes no sense.</summary>
    /// <remarks>Errors: ChurnConfigException CE7001 (an option out of range), CE7002 (risk cuts), CE7003 (budget below one contact).</remarks>
    public void Validate()
    {
        if (!(Value > 0 && Value <= MostMoney))
            throw DecisionsErrors.BadOption("value", Value, "an amount above 0");
        if (!(SaveRate > 0 && SaveRate <= 1))
            throw DecisionsErrors.BadOption("save_rate", SaveRate, "a share above 0, at most 1");
        if (!(Cost == 0 || (Cost >= LeastCost && Cost <= MostMoney)))
            throw DecisionsErrors.BadOption("cost", Cost, "0, or an amount from 0.000001");
        if (Capacity < 0)
            throw DecisionsErrors.BadOption("capacity", Capacity, "contacts, 0 and up, where 0 is no limit");
        if (Budget is { } budget)
        {
            if (!(budget >= 0 && budget <= MostMoney))
                throw DecisionsErrors.BadOption("budget", budget, "an amount of 0 and up");
            if (budget < Cost)
                throw DecisionsErrors.BudgetBelowOneContact(budget, Cost);
        }
        RiskCuts.Validate();
    }

    /// <summary>Contacts that capacity and budget allow. Money is divided in decimal, so that 0.3 pays for three contacts at 0.1.</summary>
    internal int MostContacts
    {
        get
        {
            int most = Capacity == 0 ? int.MaxValue : Capacity;
            // A quotient beyond int is no limit.
            return Budget is { } budget && Cost > 0 && budget / Cost < int.MaxValue
                ? (int)Math.Min(most, decimal.Floor((decimal)budget / (decimal)Cost))
                : most;
        }
    }
}
