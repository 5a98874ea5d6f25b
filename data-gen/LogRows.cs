using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>Something that happened to a customer and when the warehouse heard of it; seconds since 1970.</summary>
/// <param name="At">Instant.</param>
/// <param name="Known">Instant of arrival, at most three days later.</param>
/// <param name="Kind">Code of the table's kinds.</param>
/// <param name="Amount">A number that belongs to the kind: seconds of a play, cents of a payment, the seat of a user; else 0.</param>
internal readonly record struct LoggedEvent(long At, long Known, byte Kind, int Amount);

/// <summary>An event and whose it is.</summary>
internal readonly record struct LogRow(long CustomerId, LoggedEvent Event) : IArrived
{
    public long Known => Event.Known;
}

/// <summary>What is done with the rows of a log.</summary>
internal static class LogRows
{
    /// <summary>Appends the events of one customer.</summary>
    public static void Append(GrowingBuffer<LogRow> rows, long customerId, List<LoggedEvent> events)
    {
        Span<LogRow> room = rows.AppendUninitialised(events.Count);
        for (int i = 0; i < room.Length; i++)
            room[i] = new LogRow(customerId, events[i]);
    }

    /// <summary>Adds what a collector sends twice for want of a receipt: the same event, arrived once more.</summary>
    /// <param name="key">Root of the customer's random numbers.</param>
    /// <param name="share">Of the events, 0..1.</param>
    /// <param name="events">Of one customer.</param>
    /// <param name="except">A kind that a system of record sends, and so once; -1 for none.</param>
    /// <returns>Events added.</returns>
    public static int Duplicate(ulong key, double share, List<LoggedEvent> events, int except = -1)
    {
        var draw = new CounterRandom(key, DrawPurpose.Duplicates);
        int before = events.Count;
        for (int i = 0; i < before; i++)
        {
            LoggedEvent e = events[i];
            if (draw.NextBool(share) && e.Kind != except)
                events.Add(e with { Known = Arrival.Of(e.At, ref draw) });
        }
        return events.Count - before;
    }

    /// <summary>Rows that arrived more than an hour late.</summary>
    public static long CountLate(GrowingBuffer<LogRow> rows)
    {
        long late = 0;
        foreach (ref readonly LogRow row in rows.Span)
            late += row.Event.Known - row.Event.At > WorldClock.Hour ? 1 : 0;
        return late;
    }

    /// <summary>The columns that every log has: customer, instant, arrival, kind.</summary>
    public static Column[] Columns(GrowingBuffer<LogRow> log, string[] kinds)
    {
        int rows = checked((int)log.Length);
        return
        [
            ColumnFill.Values(ColumnType.Int64, rows, row => log[row].CustomerId),
            ColumnFill.Instants(rows, row => log[row].Event.At),
            ColumnFill.Instants(rows, row => log[row].Event.Known),
            ColumnFill.Texts(kinds, rows, row => log[row].Event.Kind),
        ];
    }

    /// <summary>The fields of <see cref="Columns"/>.</summary>
    public static Field[] Fields(string key, string kind) =>
    [
        new(key, ColumnType.Int64, Nullable: false),
        new("event_at", ColumnType.TimestampMicros, Nullable: false),
        new("ingested_at", ColumnType.TimestampMicros, Nullable: false),
        new(kind, ColumnType.Dictionary, Nullable: false),
    ];
}
