namespace ChurnEngine.Decisions;

/// <summary>Brings an assignment within the limits, and then to where no exchange earns more.</summary>
/// <remarks>
/// Offers and "none" are the nodes of a small graph; an arrow a -> b is the cheapest customer to move from a to b, over all groups. The path that gains most from a to b changes the counts by one
/// and keeps the assignment the best for its counts, as successive shortest paths do in a transportation problem. The value is M-natural-concave in the counts, so without a budget, where the
/// limits are capacities, the end is the best plan there is; with a budget it is near it, and the bound says how near.
/// Source: Ahuja, Magnanti and Orlin 1993, ch. 9; Murota 2003, ch. 6 and 9.</remarks>
internal sealed class Exchange
{
    private readonly Assignment _assignment;
    private readonly ContactLimits _limits;
    private readonly int _nodes;
    private readonly int _none;
    private readonly double[,] _gain;
    private readonly Arrow[,] _arrow;
    private readonly double[,] _most;
    private readonly int[,] _next;
    private readonly double _least;

    private Exchange(Assignment assignment, ContactLimits limits)
    {
        (_assignment, _limits, _none) = (assignment, limits, assignment.Counts.Length);
        _nodes = _none + 1;
        (_gain, _arrow, _most, _next) = (new double[_nodes, _nodes], new Arrow[_nodes, _nodes], new double[_nodes, _nodes], new int[_nodes, _nodes]);
        // What rounding makes of a gain of nothing.
        _least = 1e-12 * assignment.Groups.Select(group => group.Loss.Length > 0 ? group.Loss[0] : 0).DefaultIfEmpty(0).Max();
    }

    private readonly record struct Arrow(int Group, int From, int To);

    /// <summary>Repairs, then improves.</summary>
    /// <returns>Moves made.</returns>
    public static long Run(Assignment assignment, ContactLimits limits, CancellationToken cancellation)
    {
        var exchange = new Exchange(assignment, limits);
        long moves = 0;
        foreach (bool repair in (bool[])[true, false])
        {
            while (repair ? exchange.Repair() : exchange.Improve())
            {
                cancellation.ThrowIfCancellationRequested();
                moves++;
            }
        }
        return moves;
    }

    // Takes the move that costs least for what it gives back of a limit that is broken.
    private bool Repair()
    {
        long[] counts = _assignment.Counts;
        long total = counts.Sum();
        int over = 0;
        while (over < _none && counts[over] <= _limits.ByOffer[over])
            over++;
        decimal money = over < _none || total > _limits.Total || _limits.Budget is null ? 0 : _limits.CostOf(counts) - _limits.Budget.Value;
        bool isOffer = over < _none, isTotal = !isOffer && total > _limits.Total;
        if (!isOffer && !isTotal && money <= 0)
            return false;
        Draw();
        (int from, int to, double best, long needed) = (-1, -1, double.NegativeInfinity, 0);
        for (int a = 0; a < _none; a++)
        {
            if (counts[a] == 0 || (isOffer && a != over))
                continue;
            for (int b = 0; b < _nodes; b++)
            {
                if (a == b || _most[a, b] == double.NegativeInfinity || (isTotal && b != _none))
                    continue;
                decimal saved = _limits.Cost(a) - _limits.Cost(b);
                // Nothing else may break: room for the other offer, and no more money where the budget counts.
                long room = b == _none ? long.MaxValue : _limits.ByOffer[b] - counts[b];
                if (room <= 0 || (isOffer && b != _none && _limits.Budget is not null && saved < 0) || (!isOffer && !isTotal && saved <= 0))
                    continue;
                double cost = _most[a, b] / (isOffer || isTotal ? 1 : (double)saved);
                if (cost <= best)
                    continue;
                long wanted = isOffer ? counts[a] - _limits.ByOffer[a] : isTotal ? total - _limits.Total : (long)decimal.Ceiling(Math.Min(money / saved, int.MaxValue));
                (from, to, best, needed) = (a, b, cost, Math.Min(wanted, room));
            }
        }
        Go(from, to, needed);
        return true;
    }

    private bool Improve()
    {
        Draw();
        long[] counts = _assignment.Counts;
        long total = counts.Sum();
        decimal? left = _limits.Budget is { } budget ? budget - _limits.CostOf(counts) : null;
        (int from, int to, double best, long room) = (-1, -1, 0, 0);
        for (int a = 0; a < _nodes; a++)
        {
            for (int b = 0; b < _nodes; b++)
            {
                double gain = a == b ? double.NegativeInfinity : _most[a, b];
                // An addition of the least worth counts, an exchange that rounding makes does not.
                if (gain <= best || (a != _none && gain <= _least))
                    continue;
                long most = long.MaxValue;
                if (b != _none)
                    most = Math.Min(most, _limits.ByOffer[b] - counts[b]);
                if (a == _none)
                    most = Math.Min(most, _limits.Total - total);
                decimal more = _limits.Cost(b) - _limits.Cost(a);
                if (left is { } money && more > 0)
                    most = Math.Min(most, (long)decimal.Floor(Math.Min(money / more, int.MaxValue)));
                if (most > 0)
                    (from, to, best, room) = (a, b, gain, most);
            }
        }
        if (from < 0)
            return false;
        Go(from, to, room);
        return true;
    }

    // The arrows of every pair, and the best paths by Floyd and Warshall.
    private void Draw()
    {
        for (int a = 0; a < _nodes; a++)
        {
            for (int b = 0; b < _nodes; b++)
                (_gain[a, b], _next[a, b]) = (double.NegativeInfinity, b);
        }
        for (int g = 0; g < _assignment.Groups.Count; g++)
            DrawGroup(g);
        Array.Copy(_gain, _most, _gain.Length);
        for (int via = 0; via < _nodes; via++)
        {
            for (int a = 0; a < _nodes; a++)
            {
                if (a == via || _most[a, via] == double.NegativeInfinity)
                    continue;
                for (int b = 0; b < _nodes; b++)
                {
                    if (b == a || b == via || _most[a, via] + _most[via, b] <= _most[a, b] + _least)
                        continue;
                    (_most[a, b], _next[a, b]) = (_most[a, via] + _most[via, b], _next[a, via]);
                }
            }
        }
    }

    private void DrawGroup(int g)
    {
        CustomerGroup group = _assignment.Groups[g];
        for (int from = 0; from <= group.Slots; from++)
        {
            if (_assignment.Count(g, from) == 0)
                continue;
            // As far as the next interval that has customers: beyond it two moves are as good as one.
            for (int step = -1; step <= 1; step += 2)
            {
                for (int to = from + step; to >= 0 && to <= group.Slots; to += step)
                {
                    int a = Node(group, from), b = Node(group, to);
                    double gain = group.Gain(_assignment.Near(g, from, to), from, to);
                    if (gain > _gain[a, b])
                        (_gain[a, b], _arrow[a, b]) = (gain, new Arrow(g, from, to));
                    if (_assignment.Count(g, to) > 0)
                        break;
                }
            }
        }
    }

    private int Node(CustomerGroup group, int slot) => slot == group.Slots ? _none : group.Offers[slot];

    private void Go(int from, int to, long most)
    {
        List<Arrow> path = [];
        for (int at = from; at != to; at = _next[at, to])
        {
            if (path.Count > _nodes)
                throw new InvalidOperationException("a path of exchanges has a circle");
            path.Add(_arrow[at, _next[at, to]]);
        }
        // Two steps within one group move its bounds twice: one customer at a time then.
        long customers = path.DistinctBy(arrow => arrow.Group).Count() < path.Count ? 1 : most;
        foreach (Arrow arrow in path)
            customers = Math.Min(customers, _assignment.Alike(arrow.Group, arrow.From, arrow.To, customers));
        foreach (Arrow arrow in path)
            _assignment.Move(arrow.Group, arrow.From, arrow.To, (int)customers);
    }
}
