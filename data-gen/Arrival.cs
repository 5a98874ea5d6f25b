namespace ChurnEngine.DataGen;

/// <summary>When the warehouse hears of what happened.</summary>
internal static class Arrival
{
    /// <summary>About 2% arrive hours to three days late, the others within ten minutes.</summary>
    public static long Of(long at, ref CounterRandom draw)
    {
        double unit = draw.NextUnit();
        if (unit < 0.02)
            return at + WorldClock.Hour + 1 + (long)(unit / 0.02 * (WorldClock.LongestDelay - WorldClock.Hour));
        double delay = (unit - 0.02) / 0.98;
        return at + 1 + (long)(delay * delay * delay * 599);
    }
}
