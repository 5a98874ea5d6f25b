namespace ChurnEngine.Decisions;

/// <summary>Who gets which offer: the bounds of each group's intervals, and the counts that follow.</summary>
/// <remarks>For its own counts it is the best there is, and stays so under <see cref="Exchange"/>'s moves.</remarks>
internal sealed class Assignment
{
    private readonly int[][] _bounds;

    /// <summary>Everybody takes what is most above its charge.</summary>
    /// <param name="groups">The customers.</param>
    /// <param name="offers">J.</param>
    /// <param name="charges">[J] charges.</param>
    public Assignment(IReadOnlyList<CustomerGroup> groups, int offers, double[] charges)
    {
        Groups = groups;
        Counts = new long[offers];
        _bounds = new int[groups.Count][];
        for (int g = 0; g < _bounds.Length; g++)
        {
            CustomerGroup group = groups[g];
            _bounds[g] = new int[group.Slots + 2];
            group.Split(charges, _bounds[g]);
            for (int slot = 0; slot < group.Slots; slot++)
                Counts[group.Offers[slot]] += Count(g, slot);
        }
    }

    public IReadOnlyList<CustomerGroup> Groups { get; }

    /// <summary>[J] customers of each offer.</summary>
    public long[] Counts { get; }

    public int Start(int group, int slot) => _bounds[group][slot];

    public int Count(int group, int slot) => _bounds[group][slot + 1] - _bounds[group][slot];

    /// <summary>Moves the customers at the near end of one interval to another; all intervals between are empty.</summary>
    public void Move(int group, int from, int to, int customers)
    {
        int[] bounds = _bounds[group];
        for (int slot = Math.Min(from, to) + 1; slot <= Math.Max(from, to); slot++)
            bounds[slot] += from < to ? -customers : customers;
        CustomerGroup at = Groups[group];
        if (from < at.Slots)
            Counts[at.Offers[from]] -= customers;
        if (to < at.Slots)
            Counts[at.Offers[to]] += customers;
    }

    /// <summary>The customer that a move takes first: nearest to where it goes.</summary>
    public int Near(int group, int from, int to) => from < to ? Start(group, from + 1) - 1 : Start(group, from);

    /// <summary>Customers in a row at that end whose loss is the same, up to a limit: they go together.</summary>
    public long Alike(int group, int from, int to, long most)
    {
        double[] loss = Groups[group].Loss;
        int first = Near(group, from, to), step = from < to ? -1 : 1;
        long found = 1, all = Math.Min(most, Count(group, from));
        while (found < all && loss[first + step * (int)found] == loss[first])
            found++;
        return found;
    }
}
