namespace ChurnEngine.Decisions;

/// <summary>What all contacts together may come to. Only the number of customers an offer goes to counts. Money is added in decimal, so that 0.3 pays for three contacts at 0.1.</summary>
internal sealed class ContactLimits
{
    private readonly decimal[] _costs;

    /// <param name="offers">The J offers.</param>
    /// <param name="capacity">Most contacts a day; 0 is no limit.</param>
    /// <param name="budget">Most money; null is no limit.</param>
    /// <param name="days">Days.</param>
    public ContactLimits(IReadOnlyList<Offer> offers, int capacity, double? budget, int days)
    {
        _costs = [.. offers.Select(offer => (decimal)offer.Cost)];
        Budget = budget is { } money ? (decimal)money : null;
        Total = capacity == 0 ? int.MaxValue : Math.Min(int.MaxValue, (long)capacity * days);
        ByOffer = [.. offers.Select((offer, j) => Math.Min(Affordable(j), offer.Capacity == 0 ? int.MaxValue : Math.Min(int.MaxValue, (long)offer.Capacity * days)))];
        CapacityOfOffer = [.. offers.Select((offer, j) => offer.Capacity > 0 && ByOffer[j] == (long)offer.Capacity * days)];
        // Offers of one cost turn the budget into a number of contacts: then whole contacts have a best plan without a gap.
        if (Budget is not null && _costs.Length > 0 && Array.TrueForAll(_costs, cost => cost == _costs[0]))
        {
            BudgetIsTotal = Affordable(0) < Total;
            Total = Math.Min(Total, Affordable(0));
            Budget = null;
        }
    }

    /// <summary>[J] most customers of each offer, within its capacity and what the budget pays for.</summary>
    public long[] ByOffer { get; }

    /// <summary>[J] true where that is its capacity.</summary>
    public bool[] CapacityOfOffer { get; }

    /// <summary>Most contacts.</summary>
    public long Total { get; }

    /// <summary>Most money, where offers differ in cost; else null.</summary>
    public decimal? Budget { get; }

    /// <summary>True when <see cref="Total"/> is what the budget pays for.</summary>
    public bool BudgetIsTotal { get; }

    /// <summary>Cost of so many contacts of each offer.</summary>
    public decimal CostOf(ReadOnlySpan<long> counts)
    {
        decimal sum = 0;
        for (int j = 0; j < counts.Length; j++)
            sum += counts[j] * _costs[j];
        return sum;
    }

    /// <summary>Cost of one contact.</summary>
    public decimal Cost(int offer) => offer == _costs.Length ? 0 : _costs[offer];

    /// <summary>True when so many contacts of each offer are within all limits.</summary>
    public bool Allow(ReadOnlySpan<long> counts)
    {
        long total = 0;
        for (int j = 0; j < counts.Length; j++)
        {
            if (counts[j] > ByOffer[j])
                return false;
            total += counts[j];
        }
        return total <= Total && (Budget is null || CostOf(counts) <= Budget);
    }

    private long Affordable(int offer)
    {
        if (Budget is not { } budget || _costs[offer] == 0)
            return int.MaxValue;
        // A quotient beyond int is no limit; divided first in double, where a decimal would overflow.
        return (double)budget / (double)_costs[offer] >= int.MaxValue ? int.MaxValue : (long)decimal.Floor(budget / _costs[offer]);
    }
}
