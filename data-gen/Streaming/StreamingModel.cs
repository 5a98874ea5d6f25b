using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.Streaming;

/// <summary>A subscription streaming service: customers, usage, payments and support.</summary>
internal sealed class StreamingModel : IWorld
{
    private const double DuplicateShare = 0.01;

    private readonly WorldOptions _options;
    private readonly StreamingSetting _setting;
    private readonly CustomerSource _source;

    public StreamingModel(WorldOptions options)
    {
        _options = options;
        _setting = new StreamingSetting(new WorldClock(options.Months), new StreamingExtras(options), new StreamingDrifts(options));
        _source = new CustomerSource(options.Customers, options.Seed, _setting);
        Files = StreamingTables.FilesOf(options, _setting.Extras);
    }

    public IReadOnlyList<WorldFile> Files { get; }

    public int CustomersPerChunk => 1024;

    public string ProjectText() => StreamingProject.Text(_setting);

    public WorldChunk Generate(int first, int end)
    {
        using var usage = new GrowingBuffer<LogRow>((end - first) * 96);
        using var payments = new GrowingBuffer<LogRow>((end - first) * 8);
        using var tickets = new GrowingBuffer<LogRow>((end - first) * 4);
        var truth = new TruthRows(end - first);
        var customers = new CustomerRows(end - first);
        var life = new CustomerLife(_setting);
        var dice = new ChurnDice(_setting.Clock, _options.TreatmentShare);
        var snapshots = new List<Snapshot>(64);
        long duplicates = 0;
        for (int index = first; index < end; index++)
        {
            Customer customer = _source.Draw(index);
            life.Start(customer);
            Lifetime.Run(life, (customer.Key, customer.SignupAt), _setting.Clock, dice, snapshots);
            if (_setting.Extras.Duplicates)
                duplicates += Duplicate(customer.Key, life.Log.Usage);
            customers.Add(customer, life.Plans);
            Append(usage, customer.Id, life.Log.Usage);
            Append(payments, customer.Id, life.Log.Payments);
            Append(tickets, customer.Id, life.Log.Tickets);
            truth.Add(customer.Id, snapshots);
        }
        ArrivalOrder.Sort(usage);
        ArrivalOrder.Sort(payments);
        ArrivalOrder.Sort(tickets);
        WorldReport counts = truth.Counts with
        {
            Events = usage.Length,
            LateEvents = CountLate(usage),
            DuplicateEvents = duplicates,
            Payments = payments.Length,
            Tickets = tickets.Length,
        };
        return new WorldChunk(
        [
            customers.Build(_setting.Extras.PlanChanges),
            BuildEvents(usage),
            BuildLog(StreamingTables.Payments, Vocabulary.PaymentStatuses, payments, ColumnFill.Values(ColumnType.Float64, checked((int)payments.Length), row => payments[row].Event.Amount / 100.0)),
            BuildLog(StreamingTables.Support, Vocabulary.TicketKinds, tickets),
            .. truth.Build(_options),
        ], counts);
    }

    // What a collector sends twice for want of a receipt: the same event, arrived once more. The system of record sends cancellations once.
    private static int Duplicate(ulong key, List<LoggedEvent> events)
    {
        var draw = new CounterRandom(key, DrawPurpose.Duplicates);
        int before = events.Count;
        for (int i = 0; i < before; i++)
        {
            LoggedEvent e = events[i];
            if (draw.NextBool(DuplicateShare) && e.Kind != (byte)EventType.Cancel)
                events.Add(e with { Known = Arrival.Of(e.At, ref draw) });
        }
        return events.Count - before;
    }

    private static void Append(GrowingBuffer<LogRow> rows, long customerId, List<LoggedEvent> events)
    {
        Span<LogRow> room = rows.AppendUninitialised(events.Count);
        for (int i = 0; i < room.Length; i++)
            room[i] = new LogRow(customerId, events[i]);
    }

    private static long CountLate(GrowingBuffer<LogRow> rows)
    {
        long late = 0;
        foreach (ref readonly LogRow row in rows.Span)
            late += row.Event.Known - row.Event.At > WorldClock.Hour ? 1 : 0;
        return late;
    }

    private RecordBatch BuildEvents(GrowingBuffer<LogRow> usage)
    {
        int rows = checked((int)usage.Length);
        Column durations = ColumnFill.Optional(rows, row => usage[row].Event.Kind == (byte)EventType.Play ? usage[row].Event.Amount : null);
        return _setting.Extras.NewColumns
            ? BuildLog(StreamingTables.EventsWithDevice, Vocabulary.EventTypes, usage, durations, ColumnFill.Texts(Vocabulary.Devices, rows, row => DeviceOf(usage[row])))
            : BuildLog(StreamingTables.Events, Vocabulary.EventTypes, usage, durations);
    }

    private int? DeviceOf(in LogRow row)
    {
        if (row.Event.At < StreamingProject.DeviceSince(_setting.Clock) || row.Event.Kind == (byte)EventType.Cancel)
            return null;
        ulong key = CounterRandom.CustomerKey(_options.Seed, row.CustomerId - 1);
        int favourite = (int)new CounterRandom(key, DrawPurpose.Device).NextBelow(Vocabulary.Devices.Length);
        var draw = new CounterRandom(key, DrawPurpose.Device, row.Event.At);
        return draw.NextBool(0.75) ? favourite : (int)draw.NextBelow(Vocabulary.Devices.Length);
    }

    private static RecordBatch BuildLog(Schema schema, string[] kinds, GrowingBuffer<LogRow> log, params Column[] more)
    {
        int rows = checked((int)log.Length);
        return new RecordBatch(schema,
        [
            ColumnFill.Values(ColumnType.Int64, rows, row => log[row].CustomerId),
            ColumnFill.Instants(rows, row => log[row].Event.At),
            ColumnFill.Instants(rows, row => log[row].Event.Known),
            ColumnFill.Texts(kinds, rows, row => log[row].Event.Kind),
            .. more,
        ], rows);
    }
}
