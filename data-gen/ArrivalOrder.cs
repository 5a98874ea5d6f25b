using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>A row of a log and when the warehouse heard of it.</summary>
internal interface IArrived
{
    /// <summary>Seconds since 1970, not before <see cref="WorldClock.EarliestInstant"/>.</summary>
    long Known { get; }
}

/// <summary>Sorts as an export does: what came in as it came in, customers mixed. The position breaks ties, so that the order is one of a kind.</summary>
internal static class ArrivalOrder
{
    public static void Sort<T>(GrowingBuffer<T> rows) where T : unmanaged, IArrived
    {
        Span<T> span = rows.Span;
        using NativeBuffer<long> order = NativeBuffer<long>.Allocate(span.Length);
        Span<long> keys = order.Span;
        for (int i = 0; i < keys.Length; i++)
            keys[i] = (span[i].Known - WorldClock.EarliestInstant) << 32 | (uint)i;
        keys.Sort();
        using NativeBuffer<T> sorted = NativeBuffer<T>.Allocate(span.Length);
        Span<T> target = sorted.Span;
        for (int i = 0; i < keys.Length; i++)
            target[i] = span[(int)(keys[i] & uint.MaxValue)];
        target.CopyTo(span);
    }
}
