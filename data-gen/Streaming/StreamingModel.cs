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
        var customers = new CustomerRows(end - first, _setting.Drifts);
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
                duplicates += LogRows.Duplicate(customer.Key, DuplicateShare, life.Log.Usage, except: (byte)EventType.Cancel);
            customers.Add(customer, life.Plans);
            LogRows.Append(usage, customer.Id, life.Log.Usage);
            LogRows.Append(payments, customer.Id, life.Log.Payments);
            LogRows.Append(tickets, customer.Id, life.Log.Tickets);
            truth.Add(customer.Id, snapshots);
        }
        ArrivalOrder.Sort(usage);
        ArrivalOrder.Sort(payments);
        ArrivalOrder.Sort(tickets);
        WorldReport counts = truth.Counts with
        {
            Events = usage.Length,
            LateEvents = LogRows.CountLate(usage),
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

    private static RecordBatch BuildLog(Schema schema, string[] kinds, GrowingBuffer<LogRow> log, params Column[] more) =>
        new(schema, [.. LogRows.Columns(log, kinds), .. more], checked((int)log.Length));
}
