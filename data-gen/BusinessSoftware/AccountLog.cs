namespace ChurnEngine.DataGen.BusinessSoftware;

/// <summary>Seats of an account, from an instant on.</summary>
internal readonly record struct SeatSpell(long From, int Seats);

/// <summary>What an account did, table by table; reused from account to account.</summary>
internal sealed class AccountLog
{
    public List<LoggedEvent> Usage { get; } = new(2048);

    /// <summary>The amount is the satisfaction, 1 to 5; 0 where nobody answered.</summary>
    public List<LoggedEvent> Tickets { get; } = new(64);

    public List<LoggedEvent> Invoices { get; } = new(64);

    public List<LoggedEvent> Lifecycle { get; } = new(16);

    /// <summary>Ascending; the first is the one at the beginning.</summary>
    public List<SeatSpell> Seats { get; } = new(16);

    public void Clear()
    {
        Usage.Clear();
        Tickets.Clear();
        Invoices.Clear();
        Lifecycle.Clear();
        Seats.Clear();
    }

    /// <summary>Forgets what would have happened at or after <paramref name="end"/>.</summary>
    public void CutAt(long end)
    {
        Usage.RemoveAll(e => e.At >= end);
        Tickets.RemoveAll(e => e.At >= end);
        Invoices.RemoveAll(e => e.At >= end);
        Lifecycle.RemoveAll(e => e.At >= end);
        while (Seats.Count > 1 && Seats[^1].From >= end)
            Seats.RemoveAt(Seats.Count - 1);
    }

    /// <summary>Seats just before an instant.</summary>
    public int SeatsBefore(long instant)
    {
        int last = Seats.Count - 1;
        while (last > 0 && Seats[last].From >= instant)
            last--;
        return Seats[last].Seats;
    }
}
