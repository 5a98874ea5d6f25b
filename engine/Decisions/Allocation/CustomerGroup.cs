namespace ChurnEngine.Decisions;

/// <summary>Customers for whom the same offers come at the same save rates, so that one number tells them apart: what is expected to be lost of them, probability x value.</summary>
/// <remarks>
/// Sorted by that loss, highest first, the best assignment for any prices is a row of intervals, the highest save rate in front:
///
///     loss  900 850 700 | 640 300 280 | 150 90 ...
///     offer    call     |    mail     |  none
///
/// Memory: 20 bytes a customer whom some offer earns of; the others are not in it.
/// </remarks>
internal sealed class CustomerGroup
{
    /// <param name="offers">[S] offers that the group may have, by save rate, highest first.</param>
    /// <param name="rates">[S] their save rates.</param>
    /// <param name="costs">[S] their costs.</param>
    /// <param name="rows">[n] rows, by expected loss, highest first.</param>
    /// <param name="loss">[n] expected losses, above 0.</param>
    public CustomerGroup(int[] offers, double[] rates, double[] costs, int[] rows, double[] loss)
    {
        (Offers, Rates, Costs, Rows, Loss) = (offers, rates, costs, rows, loss);
        LossBefore = new double[loss.Length + 1];
        for (int i = 0; i < loss.Length; i++)
            LossBefore[i + 1] = LossBefore[i] + loss[i];
    }

    public int[] Offers { get; }

    public double[] Rates { get; }

    public double[] Costs { get; }

    public int[] Rows { get; }

    public double[] Loss { get; }

    /// <summary>[n + 1] sum of the losses in front of each position.</summary>
    public double[] LossBefore { get; }

    /// <summary>S, which is also the number of the interval of those who get nothing.</summary>
    public int Slots => Offers.Length;

    /// <summary>What moving a customer from one interval to another adds to the expected value; S is the interval of none.</summary>
    public double Gain(int position, int from, int to) => Loss[position] * (Rate(to) - Rate(from)) - (Cost(to) - Cost(from));

    private double Rate(int slot) => slot == Slots ? 0 : Rates[slot];

    private double Cost(int slot) => slot == Slots ? 0 : Costs[slot];

    /// <summary>Where each interval begins when every customer takes what is most above its charge.</summary>
    /// <param name="charges">[J] what an offer must earn back: its cost and the prices of what it uses.</param>
    /// <param name="bounds">[S + 2] first position of each interval, none last, then n.</param>
    public void Split(ReadOnlySpan<double> charges, Span<int> bounds)
    {
        // The upper hull of the lines rate x loss - charge, from none (slope 0) to the steepest.
        Span<int> hull = stackalloc int[Slots + 1];
        Span<double> from = stackalloc double[Slots + 1];
        int top = 0;
        (hull[0], from[0]) = (Slots, double.NegativeInfinity);
        for (int slot = Slots - 1; slot >= 0; slot--)
        {
            double charge = charges[Offers[slot]], start;
            while (true)
            {
                int below = hull[top];
                double rise = Rates[slot] - Rate(below), more = charge - (below == Slots ? 0 : charges[Offers[below]]);
                start = rise > 0 ? more / rise : more < 0 ? double.NegativeInfinity : double.PositiveInfinity;
                if (top == 0 || start > from[top])
                    break;
                top--;
            }
            if (start == double.PositiveInfinity)
                continue;
            // Nothing earns a customer a loss, so a line that is above none everywhere takes them all.
            (hull[++top], from[top]) = (slot, start);
        }
        bounds.Clear();
        bounds[Slots + 1] = Loss.Length;
        int end = 0, next = 0;
        for (; top > 0; top--)
        {
            while (next <= hull[top])
                bounds[next++] = end;
            end = CountAbove(from[top], end);
        }
        while (next <= Slots)
            bounds[next++] = end;
    }

    // Losses fall: how many lie above a limit, of which the first few are known to.
    private int CountAbove(double limit, int known)
    {
        int low = known, high = Loss.Length;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            if (Loss[middle] > limit)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
