namespace ChurnEngine.Decisions;

/// <summary>Prices of the limits, and what they prove.</summary>
/// <param name="Bound">No plan earns more: the value of the linear program, but for what the search for prices left open.</param>
/// <param name="OfferPrice">[J] what one customer more for an offer would add; 0 where its limit does not bind.</param>
/// <param name="TotalPrice">What one contact more would add.</param>
/// <param name="BudgetPrice">What one unit of money more would add.</param>
/// <param name="Charges">[J] what a contact must earn back: cost and the prices of what it uses.</param>
/// <param name="Rounds">Assignments looked at.</param>
internal sealed record LimitPrices(double Bound, double[] OfferPrice, double TotalPrice, double BudgetPrice, double[] Charges, int Rounds);

/// <summary>Finds the prices at which the customers, each choosing what earns most above its charge, keep to the limits best: the dual of the linear program.</summary>
/// <remarks>
/// Cutting planes, smoothed: the restricted master over the assignments seen so far proposes prices, the next assignment is looked for half way between those and the best so far, and at the
/// proposal itself when that taught nothing. Every price is a bound, whatever the search left open. One look costs a few binary searches a group, so it does not grow with the customers.
/// Source: Dantzig and Wolfe 1960; Wentges 1997 (smoothing).</remarks>
internal sealed class DualPrices(IReadOnlyList<CustomerGroup> groups, IReadOnlyList<Offer> offers)
{
    private const int MostRounds = 600;
    private const double Tolerance = 1e-9;

    // More than these teach little, and each is looked at in every pivot.
    private const int MostRemembered = 300;

    // Assignments hold whatever the limits are, so a curve over budgets starts from all that were seen.
    private readonly List<(double Value, long[] Counts)> _seen = [];

    /// <summary>Prices for some limits.</summary>
    public LimitPrices Find(ContactLimits limits)
    {
        Limit[] binding = LimitsOf(limits);
        double[] best = new double[binding.Length], proposal = new double[binding.Length], query = new double[binding.Length];
        var master = new RestrictedMaster(binding.Length);
        foreach ((double value, long[] counts) in _seen.Skip(_seen.Count - MostRemembered))
            master.Add(value, Uses(binding, counts));
        double bound = double.PositiveInfinity;
        int round = 0;
        for (bool smooth = true; round < MostRounds; round++)
        {
            double reached = master.Solve(proposal);
            if (round > 0 && bound - reached <= Tolerance * Math.Abs(bound))
                break;
            for (int i = 0; i < query.Length; i++)
                query[i] = smooth && round > 0 ? (best[i] + proposal[i]) / 2 : proposal[i];
            (double at, double value, long[] counts) = Look(binding, limits, query);
            if (at < bound)
            {
                bound = at;
                query.CopyTo(best, 0);
            }
            double[] uses = Uses(binding, counts);
            master.Add(value, uses);
            _seen.Add((value, counts));
            // Nothing that the master does not know: at the proposal itself there is, or it is done.
            double reduced = value - reached;
            for (int i = 0; i < proposal.Length; i++)
                reduced += proposal[i] * (1 - uses[i]);
            smooth = reduced > Tolerance * Math.Abs(bound) || !smooth;
        }
        return Describe(binding, limits, best, bound, round);
    }

    private (double Bound, double Value, long[] Counts) Look(Limit[] binding, ContactLimits limits, double[] prices)
    {
        double[] charges = ChargesAt(binding, limits, prices);
        long[] counts = new long[offers.Count];
        double surplus = 0;
        Span<int> bounds = stackalloc int[offers.Count + 2];
        foreach (CustomerGroup group in groups)
        {
            group.Split(charges, bounds[..(group.Slots + 2)]);
            for (int slot = 0; slot < group.Slots; slot++)
            {
                int count = bounds[slot + 1] - bounds[slot], offer = group.Offers[slot];
                if (count == 0)
                    continue;
                counts[offer] += count;
                surplus += group.Rates[slot] * (group.LossBefore[bounds[slot + 1]] - group.LossBefore[bounds[slot]]) - charges[offer] * count;
            }
        }
        double value = surplus;
        for (int j = 0; j < counts.Length; j++)
            value += counts[j] == 0 ? 0 : counts[j] * (charges[j] - offers[j].Cost);
        return (surplus + prices.Sum(), value, counts);
    }

    private double[] ChargesAt(Limit[] binding, ContactLimits limits, double[] prices)
    {
        double[] charges = [.. offers.Select((offer, j) => limits.ByOffer[j] == 0 || limits.Total == 0 ? double.PositiveInfinity : offer.Cost)];
        for (int i = 0; i < binding.Length; i++)
        {
            for (int j = 0; j < charges.Length; j++)
                charges[j] += prices[i] * binding[i].Use(j, offers) / binding[i].Most;
        }
        return charges;
    }

    private double[] Uses(Limit[] binding, long[] counts)
    {
        double[] uses = new double[binding.Length];
        for (int i = 0; i < uses.Length; i++)
        {
            for (int j = 0; j < counts.Length; j++)
                uses[i] += counts[j] * binding[i].Use(j, offers) / binding[i].Most;
        }
        return uses;
    }

    private Limit[] LimitsOf(ContactLimits limits)
    {
        List<Limit> found = [];
        for (int j = 0; j < offers.Count; j++)
        {
            if (limits.ByOffer[j] is > 0 and < int.MaxValue)
                found.Add(new Limit(LimitKind.Offer, j, limits.ByOffer[j]));
        }
        if (limits.Total is > 0 and < int.MaxValue)
            found.Add(new Limit(LimitKind.Total, -1, limits.Total));
        if (limits.Budget is > 0)
            found.Add(new Limit(LimitKind.Budget, -1, (double)limits.Budget));
        return [.. found];
    }

    private LimitPrices Describe(Limit[] binding, ContactLimits limits, double[] prices, double bound, int rounds)
    {
        double[] byOffer = new double[offers.Count];
        double total = 0, budget = 0;
        for (int i = 0; i < binding.Length; i++)
        {
            double price = prices[i] / binding[i].Most;
            switch (binding[i].Kind)
            {
                case LimitKind.Offer:
                    byOffer[binding[i].Offer] = price;
                    break;
                case LimitKind.Total:
                    total = price;
                    break;
                default:
                    budget = price;
                    break;
            }
        }
        return new LimitPrices(bound, byOffer, total, budget, ChargesAt(binding, limits, prices), rounds);
    }

    private enum LimitKind
    {
        Offer,
        Total,
        Budget,
    }

    private readonly record struct Limit(LimitKind Kind, int Offer, double Most)
    {
        public double Use(int offer, IReadOnlyList<Offer> offers) => Kind switch
        {
            LimitKind.Offer => offer == Offer ? 1 : 0,
            LimitKind.Total => 1,
            _ => offers[offer].Cost,
        };
    }
}
