namespace ChurnEngine.DataGen.Streaming;

/// <summary>The events of the customer being simulated, table by table; reused from customer to customer.</summary>
internal sealed class EventLog
{
    public List<LoggedEvent> Usage { get; } = new(1024);

    public List<LoggedEvent> Payments { get; } = new(128);

    public List<LoggedEvent> Tickets { get; } = new(128);

    public void Clear()
    {
        Usage.Clear();
        Payments.Clear();
        Tickets.Clear();
    }

    /// <summary>Forgets what would have happened at or after <paramref name="end"/>.</summary>
    public void CutAt(long end)
    {
        Usage.RemoveAll(e => e.At >= end);
        Payments.RemoveAll(e => e.At >= end);
        Tickets.RemoveAll(e => e.At >= end);
    }
}
