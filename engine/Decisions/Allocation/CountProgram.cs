namespace ChurnEngine.Decisions;

/// <summary>The best assignment under a budget, exactly, where the problem is small: dynamic programming over how many contacts each offer has.</summary>
/// <remarks>All limits are limits of those counts, so customer by customer the best value for each combination of counts is kept. Time and memory: customers x combinations, a byte and about two
/// nanoseconds an offer each; <see cref="MostCells"/> says what is small. Of each group only as many as there can be contacts matter, the highest losses.</remarks>
internal static class CountProgram
{
    /// <summary>Customers times combinations of counts up to which this is done.</summary>
    public const long MostCells = 20_000_000;

    private const byte Nobody = 255;

    /// <summary>A customer and the offer's slot, by group and position.</summary>
    public readonly record struct Choice(int Group, int Position, int Slot);

    /// <summary>The best assignment; null when the problem is too large.</summary>
    /// <param name="groups">The customers.</param>
    /// <param name="offers">J.</param>
    /// <param name="limits">What all contacts may come to.</param>
    public static IReadOnlyList<Choice>? TrySolve(IReadOnlyList<CustomerGroup> groups, int offers, ContactLimits limits)
    {
        long contacts = Math.Min(limits.Total, limits.ByOffer.Aggregate(0L, (sum, most) => Math.Min(int.MaxValue, sum + most)));
        (int Group, int Position)[] customers = [.. groups.SelectMany((group, g) => Enumerable.Range(0, (int)Math.Min(contacts, group.Loss.Length)).Select(position => (g, position))).Take((int)Math.Min(int.MaxValue, MostCells + 1))];
        int[] sizes = new int[offers], strides = new int[offers];
        long combinations = 1;
        for (int j = 0; j < offers; j++)
        {
            sizes[j] = (int)Math.Min(Math.Min(limits.ByOffer[j], contacts), customers.Length) + 1;
            strides[j] = (int)combinations;
            combinations *= sizes[j];
            if (combinations * Math.Max(1, customers.Length) > MostCells)
                return null;
        }
        int states = (int)combinations;
        (bool[] allowed, int[] counts) = Combinations(states, sizes, limits);
        double[] best = new double[states];
        Array.Fill(best, double.NegativeInfinity);
        best[0] = 0;
        byte[] chosen = new byte[(long)customers.Length * states];
        for (int i = 0; i < customers.Length; i++)
        {
            CustomerGroup group = groups[customers[i].Group];
            double loss = group.Loss[customers[i].Position];
            // From the largest counts down, so that nobody is counted twice.
            for (int state = states - 1; state >= 0; state--)
            {
                byte slotOfBest = Nobody;
                for (int slot = 0; allowed[state] && slot < group.Slots; slot++)
                {
                    int offer = group.Offers[slot];
                    if (counts[state * offers + offer] == 0)
                        continue;
                    double value = best[state - strides[offer]] + (loss * group.Rates[slot] - group.Costs[slot]);
                    if (value > best[state])
                        (best[state], slotOfBest) = (value, (byte)slot);
                }
                chosen[(long)i * states + state] = slotOfBest;
            }
        }
        return Trace(groups, customers, strides, chosen, Array.IndexOf(best, best.Max()), states);
    }

    private static (bool[] Allowed, int[] Counts) Combinations(int states, int[] sizes, ContactLimits limits)
    {
        bool[] allowed = new bool[states];
        int[] counts = new int[states * sizes.Length];
        long[] one = new long[sizes.Length];
        for (int state = 0; state < states; state++)
        {
            int rest = state;
            for (int j = 0; j < sizes.Length; j++)
            {
                (rest, int count) = Math.DivRem(rest, sizes[j]);
                (one[j], counts[state * sizes.Length + j]) = (count, count);
            }
            allowed[state] = limits.Allow(one);
        }
        return (allowed, counts);
    }

    private static List<Choice> Trace(IReadOnlyList<CustomerGroup> groups, (int Group, int Position)[] customers, int[] strides, byte[] chosen, int state, int states)
    {
        List<Choice> choices = [];
        for (int i = customers.Length - 1; i >= 0; i--)
        {
            byte slot = chosen[(long)i * states + state];
            if (slot == Nobody)
                continue;
            choices.Add(new Choice(customers[i].Group, customers[i].Position, slot));
            state -= strides[groups[customers[i].Group].Offers[slot]];
        }
        return choices;
    }
}
