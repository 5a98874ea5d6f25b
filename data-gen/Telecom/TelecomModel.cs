using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.Telecom;

/// <summary>A telephone and internet company: subscribers, and a row for each of their months.</summary>
internal sealed class TelecomModel(WorldOptions options) : IWorld
{
    private readonly WorldClock _clock = new(options.Months);
    private readonly TelecomDrifts _drifts = new(options);
    private readonly SubscriberSource _source = new(options.Customers, options.Seed, new WorldClock(options.Months));

    public IReadOnlyList<WorldFile> Files { get; } = TelecomTables.FilesOf(options);

    public int CustomersPerChunk => 2048;

    public string ProjectText() => TelecomProject.Text(_clock);

    public WorldChunk Generate(int first, int end)
    {
        using var months = new GrowingBuffer<MonthLog>((end - first) * 8);
        var truth = new TruthRows(end - first);
        var subscribers = new Subscriber[end - first];
        var life = new TelecomLife(_drifts);
        var dice = new ChurnDice(_clock, options.TreatmentShare);
        var snapshots = new List<Snapshot>(64);
        for (int i = 0; i < subscribers.Length; i++)
        {
            Subscriber subscriber = subscribers[i] = _source.Draw(first + i);
            life.Start(subscriber);
            Lifetime.Run(life, (subscriber.Key, subscriber.JoinedAt), _clock, dice, snapshots);
            foreach (MonthRow row in life.Rows)
                months.Append(new MonthLog(subscriber.Id, i, row));
            truth.Add(subscriber.Id, snapshots);
        }
        ArrivalOrder.Sort(months);
        long late = 0;
        foreach (ref readonly MonthLog row in months.Span)
            late += row.Known > row.Row.Period + WorldClock.Month ? 1 : 0;
        WorldReport counts = truth.Counts with { Events = months.Length, LateEvents = late };
        return new WorldChunk([BuildSubscribers(subscribers), BuildMonths(months, subscribers), .. truth.Build(options)], counts);
    }

    private static RecordBatch BuildSubscribers(Subscriber[] subscribers)
    {
        int rows = subscribers.Length;
        return new RecordBatch(TelecomTables.Subscribers,
        [
            ColumnFill.Values(ColumnType.Int64, rows, row => subscribers[row].Id),
            ColumnFill.Instants(rows, row => subscribers[row].JoinedAt),
            ColumnFill.Texts(TelecomWords.Genders, rows, row => subscribers[row].Gender),
            ColumnFill.Booleans(rows, row => subscribers[row].Senior),
            ColumnFill.Booleans(rows, row => subscribers[row].Partner),
            ColumnFill.Booleans(rows, row => subscribers[row].Dependents),
            ColumnFill.Texts(TelecomWords.Regions, rows, row => subscribers[row].RegionRecorded),
        ], rows);
    }

    private static RecordBatch BuildMonths(GrowingBuffer<MonthLog> log, Subscriber[] subscribers)
    {
        int rows = checked((int)log.Length);
        return new RecordBatch(TelecomTables.Months,
        [
            ColumnFill.Values(ColumnType.Int64, rows, row => log[row].CustomerId),
            ColumnFill.Instants(rows, row => log[row].Row.Period),
            ColumnFill.Instants(rows, row => log[row].Row.LoadedAt),
            ColumnFill.Texts(TelecomWords.Statuses, rows, row => log[row].Row.Left ? (byte)1 : (byte)0),
            ColumnFill.Texts(TelecomWords.Contracts, rows, row => (byte)log[row].Row.Contract),
            ColumnFill.OptionalInstants(rows, row => log[row].Row.Contract == Contract.Monthly ? null : log[row].Row.ContractEndsAt),
            ColumnFill.Booleans(rows, row => subscribers[log[row].Subscriber].AutoRenew),
            ColumnFill.Texts(TelecomWords.Internet, rows, row => (byte)subscribers[log[row].Subscriber].Access),
            ColumnFill.Texts(TelecomWords.PaymentMethods, rows, row => subscribers[log[row].Subscriber] is { PaymentRecorded: true } known ? (int?)known.Payment : null),
            ColumnFill.Values(ColumnType.Int32, rows, row => log[row].Row.AddOns),
            ColumnFill.Values(ColumnType.Float64, rows, row => log[row].Row.ListPrice),
            ColumnFill.Values(ColumnType.Float64, rows, row => log[row].Row.Charge),
            ColumnFill.OptionalReals(rows, row => log[row].Row.UseRecorded ? log[row].Row.DataGb : null),
            ColumnFill.OptionalReals(rows, row => log[row].Row.UseRecorded ? log[row].Row.CallMinutes : null),
            ColumnFill.Values(ColumnType.Int32, rows, row => log[row].Row.DroppedCalls),
            ColumnFill.Values(ColumnType.Int32, rows, row => log[row].Row.Tickets),
            ColumnFill.Values(ColumnType.Int32, rows, row => log[row].Row.LatePayments),
            ColumnFill.OptionalReals(rows, row => log[row].Row.ContractMonthsLeft),
            ColumnFill.Optional(rows, row => log[row].Row.Period < TelecomProject.AppSince ? null : log[row].Row.AppLogins),
        ], rows);
    }
}
