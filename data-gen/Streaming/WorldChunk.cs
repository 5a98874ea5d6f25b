using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.Streaming;

/// <summary>What a fixed run of customers adds to each file: the unit of parallel work.</summary>
internal sealed class WorldChunk : IDisposable
{
    /// <summary>Fixed: the bytes of every file depend on it.</summary>
    public const int CustomerCount = 1024;

    private readonly record struct LogRow(long CustomerId, LoggedEvent Event);

    private readonly record struct TruthRow(long CustomerId, Snapshot Snapshot);

    private WorldChunk()
    {
    }

    public required RecordBatch Customers { get; init; }
    public required RecordBatch Events { get; init; }
    public required RecordBatch Payments { get; init; }
    public required RecordBatch Support { get; init; }
    public required RecordBatch Truth { get; init; }
    public required WorldReport Counts { get; init; }

    /// <summary>Simulates customers <paramref name="first"/> to <paramref name="end"/> - 1.</summary>
    public static WorldChunk Generate(CustomerSource source, WorldClock clock, int first, int end)
    {
        using var usage = new GrowingBuffer<LogRow>((end - first) * 96);
        using var payments = new GrowingBuffer<LogRow>((end - first) * 8);
        using var tickets = new GrowingBuffer<LogRow>((end - first) * 4);
        var truth = new List<TruthRow>((end - first) * 8);
        var customers = new Customer[end - first];
        var life = new CustomerLife(clock);
        var counts = new WorldReport { Customers = customers.Length };
        for (int i = 0; i < customers.Length; i++)
        {
            customers[i] = source.Draw(first + i);
            life.Simulate(customers[i]);
            Append(usage, customers[i].Id, life.Log.Usage);
            Append(payments, customers[i].Id, life.Log.Payments);
            Append(tickets, customers[i].Id, life.Log.Tickets);
            foreach (Snapshot snapshot in life.Snapshots)
            {
                truth.Add(new TruthRow(customers[i].Id, snapshot));
                counts = counts.With(snapshot);
            }
        }
        SortByArrival(usage);
        SortByArrival(payments);
        SortByArrival(tickets);
        return new WorldChunk
        {
            Customers = BuildCustomers(customers),
            Events = BuildLog(WorldTables.Events, Vocabulary.EventTypes, usage),
            Payments = BuildLog(WorldTables.Payments, Vocabulary.PaymentStatuses, payments),
            Support = BuildLog(WorldTables.Support, Vocabulary.TicketKinds, tickets),
            Truth = BuildTruth(truth),
            Counts = counts with { Events = usage.Length, Payments = payments.Length, Tickets = tickets.Length, LateEvents = CountLate(usage) },
        };
    }

    public void Dispose()
    {
        Customers.Dispose();
        Events.Dispose();
        Payments.Dispose();
        Support.Dispose();
        Truth.Dispose();
    }

    private static void Append(GrowingBuffer<LogRow> rows, long customerId, List<LoggedEvent> events)
    {
        Span<LogRow> room = rows.AppendUninitialised(events.Count);
        for (int i = 0; i < room.Length; i++)
            room[i] = new LogRow(customerId, events[i]);
    }

    // An export lists what came in as it came in, customers mixed. The position breaks ties, so that the order is one of a kind.
    private static void SortByArrival(GrowingBuffer<LogRow> rows)
    {
        Span<LogRow> span = rows.Span;
        using NativeBuffer<long> order = NativeBuffer<long>.Allocate(span.Length);
        Span<long> keys = order.Span;
        for (int i = 0; i < keys.Length; i++)
            keys[i] = (span[i].Event.Known - WorldClock.HistoryStart) << 32 | (uint)i;
        keys.Sort();
        using NativeBuffer<LogRow> sorted = NativeBuffer<LogRow>.Allocate(span.Length);
        Span<LogRow> target = sorted.Span;
        for (int i = 0; i < keys.Length; i++)
            target[i] = span[(int)(keys[i] & uint.MaxValue)];
        target.CopyTo(span);
    }

    private static long CountLate(GrowingBuffer<LogRow> rows)
    {
        long late = 0;
        foreach (ref readonly LogRow row in rows.Span)
            late += row.Event.Known - row.Event.At > WorldClock.Hour ? 1 : 0;
        return late;
    }

    private static RecordBatch BuildCustomers(Customer[] customers)
    {
        int rows = customers.Length;
        return new RecordBatch(WorldTables.Customers,
        [
            ColumnFill.Values(ColumnType.Int64, rows, row => customers[row].Id),
            ColumnFill.Instants(rows, row => customers[row].SignupAt),
            ColumnFill.Optional(rows, row => customers[row].Record.Age),
            ColumnFill.Texts(Vocabulary.Genders, rows, row => customers[row].Record.Gender),
            ColumnFill.Texts(Vocabulary.Regions, rows, row => customers[row].Record.Region),
            ColumnFill.Texts(Vocabulary.Plans, rows, row => (byte)customers[row].Plan),
            ColumnFill.Texts(Vocabulary.PaymentMethods, rows, row => (int?)customers[row].Record.PaymentMethod),
            ColumnFill.Values(ColumnType.Float64, rows, row => customers[row].MonthlyPrice),
            ColumnFill.Texts(Vocabulary.Channels, rows, row => (int?)customers[row].Record.Channel),
        ], rows);
    }

    private static RecordBatch BuildLog(Schema schema, string[] kinds, GrowingBuffer<LogRow> log)
    {
        int rows = checked((int)log.Length);
        var columns = new List<Column>
        {
            ColumnFill.Values(ColumnType.Int64, rows, row => log[row].CustomerId),
            ColumnFill.Instants(rows, row => log[row].Event.At),
            ColumnFill.Instants(rows, row => log[row].Event.Known),
            ColumnFill.Texts(kinds, rows, row => log[row].Event.Kind),
        };
        if (ReferenceEquals(schema, WorldTables.Events))
            columns.Add(ColumnFill.Optional(rows, row => log[row].Event.Kind == (byte)EventType.Play ? log[row].Event.Amount : null));
        else if (ReferenceEquals(schema, WorldTables.Payments))
            columns.Add(ColumnFill.Values(ColumnType.Float64, rows, row => log[row].Event.Amount / 100.0));
        return new RecordBatch(schema, columns, rows);
    }

    private static RecordBatch BuildTruth(List<TruthRow> truth)
    {
        int rows = truth.Count;
        return new RecordBatch(TruthFile.Schema,
        [
            ColumnFill.Values(ColumnType.Int64, rows, row => truth[row].CustomerId),
            ColumnFill.Instants(rows, row => WorldClock.MonthStart(truth[row].Snapshot.Month)),
            ColumnFill.Values(ColumnType.Float64, rows, row => truth[row].Snapshot.Probability),
            ColumnFill.Booleans(rows, row => truth[row].Snapshot.Churned),
        ], rows);
    }
}
