namespace ChurnEngine.DataGen.Streaming;

/// <summary>Something that happened to a customer and when the warehouse heard of it; seconds since 1970.</summary>
/// <param name="At">Instant.</param>
/// <param name="Known">Instant of arrival, at most three days later.</param>
/// <param name="Kind">Code of the table's kinds.</param>
/// <param name="Amount">Seconds of a play, cents of a payment, else 0.</param>
internal readonly record struct LoggedEvent(long At, long Known, byte Kind, int Amount);

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

    /// <summary>About 2% arrive hours to three days late, the others within ten minutes.</summary>
    public static long Arrival(long at, ref CounterRandom draw)
    {
        double unit = draw.NextUnit();
        if (unit < 0.02)
            return at + WorldClock.Hour + 1 + (long)(unit / 0.02 * (WorldClock.LongestDelay - WorldClock.Hour));
        double delay = (unit - 0.02) / 0.98;
        return at + 1 + (long)(delay * delay * delay * 599);
    }
}
