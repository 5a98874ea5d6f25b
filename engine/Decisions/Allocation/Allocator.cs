namespace ChurnEngine.Decisions;

/// <summary>A customer who gets an offer.</summary>
internal readonly record struct Contact(int Row, int Offer, double SaveRate, double ExpectedValue);

/// <summary>How good an assignment is known to be.</summary>
public enum AllocationProof
{
    /// <summary>No plan within the limits earns more.</summary>
    Exact,
    /// <summary>No plan earns more than the bound.</summary>
    Bounded,
}

/// <summary>An assignment within the limits, and what is known of the best.</summary>
internal sealed record Allocation(IReadOnlyList<Contact> Contacts, double Value, LimitPrices Prices, AllocationProof Proof, ContactLimits Limits);

/// <summary>Gives each customer at most one offer, so that all together earn most within the limits.</summary>
/// <remarks>
/// Prices by cutting planes (<see cref="DualPrices"/>), then exchanges (<see cref="Exchange"/>). Without a budget, and where all offers cost the same, the result is the best there is.
/// With a budget it is when it meets the bound, or the problem is small enough for <see cref="CountProgram"/>; else the gap to the bound is known.
/// Deterministic: of customers with the same loss the lower row comes first; nothing depends on threads.</remarks>
internal sealed class Allocator(IReadOnlyList<CustomerGroup> groups, IReadOnlyList<Offer> offers)
{
    private const double Rounding = 1e-9;

    private readonly DualPrices _prices = new(groups, offers);

    /// <summary>Assigns within some limits. What is found of prices serves the next call too.</summary>
    public Allocation Allocate(ContactLimits limits, CancellationToken cancellation)
    {
        LimitPrices prices = _prices.Find(limits);
        var assignment = new Assignment(groups, offers.Count, prices.Charges);
        Exchange.Run(assignment, limits, cancellation);
        List<Contact> contacts = Read(assignment);
        double value = Sum(contacts);
        AllocationProof proof = limits.Budget is null || value >= prices.Bound * (1 - Rounding) ? AllocationProof.Exact : AllocationProof.Bounded;
        if (proof == AllocationProof.Bounded && CountProgram.TrySolve(groups, offers.Count, limits) is { } exact)
        {
            contacts = [.. exact.Select(choice => Make(groups[choice.Group], choice.Position, choice.Slot))];
            contacts.Sort((one, other) => one.Row.CompareTo(other.Row));
            (value, proof) = (Sum(contacts), AllocationProof.Exact);
        }
        return new Allocation(contacts, value, prices with { Bound = Math.Max(prices.Bound, value) }, proof, limits);
    }

    private List<Contact> Read(Assignment assignment)
    {
        var contacts = new List<Contact>(checked((int)assignment.Counts.Sum()));
        for (int g = 0; g < groups.Count; g++)
        {
            CustomerGroup group = groups[g];
            for (int slot = 0; slot < group.Slots; slot++)
            {
                int start = assignment.Start(g, slot);
                for (int position = start; position < start + assignment.Count(g, slot); position++)
                {
                    Contact contact = Make(group, position, slot);
                    if (contact.ExpectedValue > 0)
                        contacts.Add(contact);
                }
            }
        }
        return contacts;
    }

    private static Contact Make(CustomerGroup group, int position, int slot) =>
        new(group.Rows[position], group.Offers[slot], group.Rates[slot], group.Loss[position] * group.Rates[slot] - group.Costs[slot]);

    private static double Sum(List<Contact> contacts)
    {
        double sum = 0;
        foreach (Contact contact in contacts)
            sum += contact.ExpectedValue;
        return sum;
    }
}
