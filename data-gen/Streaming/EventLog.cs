namespace ChurnEngine.DataGen.Streaming;

/// <summary>Something that happened to a customer and when the warehouse heard of it; seconds since 1970.</summary>
/// <param name="At">Instant.</param>
/// <param name="Known">Instant of arrival, at most three days later.</param>
/// <param name="Kind">Code of the table's kinds.</param>
/// <param name="Amount">Seconds of a play, cents of a payment, else 0.</param>
internal readonly record struct LoggedEvent(long At, long Known, byte Kind, int Amount);

/// <summary>An event and whose it is.</summary>
internal readonly record struct LogRow(long CustomerId, LoggedEvent Event) : IArrived
{
    public long Known => Event.Known;
}

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
