namespace ChurnEngine.Decisions;

/// <summary>Spreads contacts over days, each within the daily capacities.</summary>
/// <remarks>
/// The risk of the horizon is taken as spread evenly, so each day of waiting costs the same share of what a contact would save (probability x value x save rate): who would save most goes first.
/// Before that a day takes what the days after it could not hold: of an offer its customers beyond capacity x days left. So everybody finds a day whenever the totals allow it: each day's least
/// is at most the offer's even share, and the even shares fit. Deterministic: equal savings in row order.</remarks>
internal static class DaySchedule
{
    /// <summary>Day of each contact, 1 and up.</summary>
    /// <param name="contacts">[K] contacts; within days x capacity for each offer and in total.</param>
    /// <param name="offers">J offers with their daily capacities.</param>
    /// <param name="capacity">Contacts a day; 0 is no limit.</param>
    /// <param name="days">Days.</param>
    public static int[] Assign(IReadOnlyList<Contact> contacts, IReadOnlyList<Offer> offers, int capacity, int days)
    {
        int[] day = new int[contacts.Count];
        if (days == 1)
        {
            Array.Fill(day, 1);
            return day;
        }
        int[] order = [.. Enumerable.Range(0, day.Length)];
        double[] waits = [.. contacts.Select(contact => -(contact.ExpectedValue + offers[contact.Offer].Cost))];
        Array.Sort(order, (one, other) => waits[one].CompareTo(waits[other]) is var by and not 0 ? by : contacts[one].Row.CompareTo(contacts[other].Row));
        Queue<int>[] queues = [.. offers.Select((_, j) => new Queue<int>(order.Where(i => contacts[i].Offer == j)))];
        int[] rank = new int[day.Length];
        for (int i = 0; i < order.Length; i++)
            rank[order[i]] = i;
        long most = capacity == 0 ? long.MaxValue : capacity;
        long[] taken = new long[offers.Count];
        for (int today = 1; today <= days; today++)
        {
            long left = days - today, total = 0;
            for (int j = 0; j < queues.Length; j++)
            {
                long least = offers[j].Capacity == 0 ? 0 : queues[j].Count - offers[j].Capacity * left;
                for (taken[j] = 0; taken[j] < least; taken[j]++, total++)
                    day[queues[j].Dequeue()] = today;
            }
            while (total < most)
            {
                int next = -1;
                for (int j = 0; j < queues.Length; j++)
                {
                    if (queues[j].Count > 0 && (offers[j].Capacity == 0 || taken[j] < offers[j].Capacity) && (next < 0 || rank[queues[j].Peek()] < rank[queues[next].Peek()]))
                        next = j;
                }
                if (next < 0)
                    break;
                day[queues[next].Dequeue()] = today;
                taken[next]++;
                total++;
            }
        }
        return day;
    }
}
