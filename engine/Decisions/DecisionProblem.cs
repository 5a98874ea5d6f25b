namespace ChurnEngine.Decisions;

/// <summary>The customers, offers and limits of a decision, looked at once; then planned, and planned again under other limits.</summary>
/// <remarks>Memory: about 30 bytes a customer, and 20 more for each whom an offer earns of. The same plan for any number of threads.</remarks>
public sealed class DecisionProblem
{
    private readonly DecisionInput _input;
    private readonly DecisionOptions _options;
    private readonly IReadOnlyList<Offer> _offers;
    private readonly Candidates _candidates;
    private readonly Allocator _allocator;

    /// <summary>Looks at every customer.</summary>
    /// <param name="input">The customers.</param>
    /// <param name="options">Economics and limits.</param>
    /// <param name="threads">1 and up.</param>
    /// <remarks>Errors: ChurnConfigException CE7001 to CE7003, CE7007, CE7008; ChurnDataException CE7004 (probability), CE7005 (infinite value); ArgumentException when lengths differ.</remarks>
    public DecisionProblem(DecisionInput input, DecisionOptions options, int threads)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_input, _options, _offers) = (input, options, options.Choices);
        input.Check(_offers);
        _candidates = Candidates.Find(input, options, threads);
        _allocator = new Allocator(_candidates.Open, _offers);
    }

    /// <summary>Sum of probability x value over all whose value is known: what is expected to be lost when nobody is contacted.</summary>
    public double ExpectedLoss
    {
        get
        {
            double sum = 0;
            for (int row = 0; row < _input.Rows; row++)
                sum += _candidates.LossOf(row) is var loss && double.IsNaN(loss) ? 0 : loss;
            return sum;
        }
    }

    /// <summary>Chooses whom to contact with what, and when.</summary>
    public ActionPlan Plan(CancellationToken cancellation)
    {
        var limits = new ContactLimits(_offers, _options.Capacity, _options.Budget, _options.Days);
        Allocation allocation = _allocator.Allocate(limits, cancellation);
        int[] day = DaySchedule.Assign(allocation.Contacts, _offers, _options.Capacity, _options.Days);
        PlanLines contacts = Rank(allocation.Contacts, day);
        Decision[] decisions = (Decision[])_candidates.Decisions.Clone();
        Decision outside = Outside(allocation);
        if (outside != Decision.Capacity)
            decisions.AsSpan().Replace(Decision.Capacity, outside);
        decisions.AsSpan().Replace(Decision.HoldOut, Decision.Control);
        foreach (int row in contacts.Rows)
            decisions[row] = Decision.Contact;
        PlanLines heldOut = HoldOut(allocation);
        foreach (int row in heldOut.Rows)
            decisions[row] = Decision.HoldOut;
        PlanTotals totals = Totals("this plan", allocation.Contacts);
        double variance = 0;
        for (int i = 0; i < contacts.Count; i++)
        {
            double value = ValueOf(contacts.Rows[i]), saved = _input.Probability[contacts.Rows[i]] * contacts.SaveRate[i];
            variance += value * value * saved * (1 - saved);
        }
        return new ActionPlan
        {
            Offers = _offers,
            Contacts = contacts,
            HoldOut = heldOut,
            Decisions = decisions,
            Worthwhile = _candidates.Open.Sum(group => group.Rows.Length),
            Totals = totals,
            HalfInterval = 1.959963984540054 * Math.Sqrt(variance),
            Bound = allocation.Prices.Bound,
            Proof = allocation.Proof,
            Prices = PricesOf(allocation),
            Baselines = [_candidates.Everyone, new PlanTotals("contact nobody", 0, 0, 0, 0), .. Rules(limits)],
        };
    }

    /// <summary>What the best plan is expected to earn under other limits.</summary>
    /// <param name="capacity">Contacts a day; 0 is no limit.</param>
    /// <param name="budget">Money; null is no limit. Below the cheapest offer nobody is contacted.</param>
    /// <param name="cancellation">Stops it.</param>
    public PlanTotals Under(int capacity, double? budget, CancellationToken cancellation) =>
        Totals("", _allocator.Allocate(new ContactLimits(_offers, capacity, budget, _options.Days), cancellation).Contacts);

    private double ValueOf(int row) => _input.Value.Length == 0 ? _options.Value : _input.Value[row];

    private PlanTotals Totals(string name, IReadOnlyList<Contact> contacts)
    {
        double value = 0, saves = 0;
        decimal spend = 0;
        foreach (Contact contact in contacts)
        {
            value += contact.ExpectedValue;
            saves += _input.Probability[contact.Row] * contact.SaveRate;
            spend += (decimal)_offers[contact.Offer].Cost;
        }
        return new PlanTotals(name, contacts.Count, value, (double)spend, saves);
    }

    private static PlanLines Rank(IReadOnlyList<Contact> contacts, int[] day)
    {
        int[] order = [.. Enumerable.Range(0, contacts.Count)];
        Array.Sort(order, (one, other) => contacts[other].ExpectedValue.CompareTo(contacts[one].ExpectedValue) is var by and not 0 ? by : contacts[one].Row.CompareTo(contacts[other].Row));
        return new PlanLines
        {
            Rows = Array.ConvertAll(order, i => contacts[i].Row),
            Offer = Array.ConvertAll(order, i => contacts[i].Offer),
            SaveRate = Array.ConvertAll(order, i => contacts[i].SaveRate),
            ExpectedValue = Array.ConvertAll(order, i => contacts[i].ExpectedValue),
            Day = Array.ConvertAll(order, i => day[i]),
        };
    }

    // The control group at the prices that the others paid: who is above them would have been contacted. Where many stand at the price itself, rows decide, as they do among the others.
    private PlanLines HoldOut(Allocation allocation)
    {
        double[] charges = allocation.Prices.Charges;
        double tie = 1e-9 * _candidates.Open.Select(group => group.Loss[0]).DefaultIfEmpty(0).Max();
        int last = -1;
        foreach (Contact contact in allocation.Contacts)
            last = _candidates.LossOf(contact.Row) * contact.SaveRate - charges[contact.Offer] <= tie ? Math.Max(last, contact.Row) : last;
        List<Contact> held = [];
        foreach (CustomerGroup group in _candidates.Control)
        {
            double[] groupCharges = Array.ConvertAll(group.Offers, j => charges[j]), best = new double[group.Loss.Length];
            long[] slots = new long[best.Length];
            ExpectedValueKernel.Run(group.Loss, group.Rates, groupCharges, best, slots);
            for (int i = 0; i < best.Length; i++)
            {
                int slot = (int)slots[i];
                double value = slot < 0 ? 0 : group.Loss[i] * group.Rates[slot] - group.Costs[slot];
                bool isAbove = best[i] > tie || (best[i] >= -tie && group.Rows[i] < last);
                if (value > 0 && isAbove)
                    held.Add(new Contact(group.Rows[i], group.Offers[slot], group.Rates[slot], value));
            }
        }
        return Rank(held, new int[held.Count]);
    }

    private ShadowPrices PricesOf(Allocation allocation)
    {
        LimitPrices prices = allocation.Prices;
        // Where all offers cost the same, the budget's price is that of a contact for each cost of one.
        double budget = prices.BudgetPrice, capacity = prices.TotalPrice;
        if (allocation.Limits.BudgetIsTotal)
            (budget, capacity) = (capacity / _offers[0].Cost, 0);
        return new ShadowPrices(capacity, budget, [.. prices.OfferPrice.Select((price, j) => allocation.Limits.CapacityOfOffer[j] ? price : 0)]);
    }

    private Decision Outside(Allocation allocation)
    {
        ShadowPrices prices = PricesOf(allocation);
        bool capacity = prices.Capacity > 0 || prices.Offers.Any(price => price > 0);
        // An offer whose limit is what the budget pays for is short of budget.
        bool budget = prices.Budget > 0 || allocation.Prices.OfferPrice.Where((price, j) => price > 0 && !allocation.Limits.CapacityOfOffer[j]).Any() || (!capacity && _options.Budget is not null && _options.Capacity == 0);
        return budget ? capacity ? Decision.CapacityAndBudget : Decision.Budget : Decision.Capacity;
    }

    private IEnumerable<PlanTotals> Rules(ContactLimits limits)
    {
        yield return Totals("highest probability first", ByProbability(limits, _ => true));
        if (_input.Rule.Length > 0)
            yield return Totals("the rule", ByProbability(limits, row => _input.Rule[row]));
    }

    // Down the list until capacity or budget end it; each gets the best offer that is left, worth it or not.
    private List<Contact> ByProbability(ContactLimits limits, Func<int, bool> rule)
    {
        int[] rows = [.. Enumerable.Range(0, _input.Rows).Where(row => _input.Probability[row] > 0 && _input.StandingOf(row) == Standing.Open && _candidates.Decisions[row] is not (Decision.NoValue or Decision.NotEligible) && rule(row))];
        double[] probability = Array.ConvertAll(rows, row => (double)_input.Probability[row]);
        LossOrder.Sort(probability, rows);
        IReadOnlyList<double[]> rates = _input.RatesOf(_offers);
        long[] counts = new long[_offers.Count];
        decimal left = limits.Budget ?? decimal.MaxValue, cheapest = Enumerable.Range(0, _offers.Count).Min(limits.Cost);
        List<Contact> contacts = [];
        foreach (int row in rows)
        {
            if (contacts.Count >= limits.Total || left < cheapest)
                break;
            double loss = _candidates.LossOf(row);
            (int offer, double most) = (-1, double.NegativeInfinity);
            double[] own = rates[_input.GroupOf(row)];
            for (int j = 0; j < own.Length; j++)
            {
                double value = loss * own[j] - _offers[j].Cost;
                if (value > most && counts[j] < limits.ByOffer[j] && limits.Cost(j) <= left)
                    (offer, most) = (j, value);
            }
            if (offer < 0)
                continue;
            contacts.Add(new Contact(row, offer, own[offer], most));
            counts[offer]++;
            left -= limits.Cost(offer);
        }
        return contacts;
    }
}
