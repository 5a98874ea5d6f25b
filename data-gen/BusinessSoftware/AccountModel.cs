using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.BusinessSoftware;

/// <summary>A software company's accounts: seats and plans, usage, tickets, invoices.</summary>
internal sealed class AccountModel : IWorld
{
    private const double DuplicateShare = 0.005;

    private readonly WorldOptions _options;
    private readonly WorldClock _clock;
    private readonly AccountDrifts _drifts;
    private readonly AccountSource _source;

    public AccountModel(WorldOptions options)
    {
        _options = options;
        _clock = new WorldClock(options.Months);
        _drifts = new AccountDrifts(options);
        _source = new AccountSource(options.Customers, options.Seed, _clock, _drifts);
        Files = AccountTables.FilesOf(options);
    }

    public IReadOnlyList<WorldFile> Files { get; }

    public int CustomersPerChunk => 256;

    public string ProjectText() => AccountProject.Text(_clock);

    public WorldChunk Generate(int first, int end)
    {
        using var usage = new GrowingBuffer<LogRow>((end - first) * 512);
        using var tickets = new GrowingBuffer<LogRow>((end - first) * 8);
        using var invoices = new GrowingBuffer<LogRow>((end - first) * 12);
        using var lifecycle = new GrowingBuffer<LogRow>((end - first) * 2);
        var truth = new TruthRows(end - first);
        var accounts = new List<(Account Account, SeatSpell Spell)>((end - first) * 2);
        var life = new AccountLife(_drifts);
        var dice = new ChurnDice(_clock, _options.TreatmentShare);
        var snapshots = new List<Snapshot>(64);
        long duplicates = 0;
        for (int index = first; index < end; index++)
        {
            Account account = _source.Draw(index);
            life.Start(account);
            Lifetime.Run(life, (account.Key, account.CreatedAt), _clock, dice, snapshots);
            duplicates += LogRows.Duplicate(account.Key, DuplicateShare, life.Log.Usage);
            foreach (SeatSpell spell in life.Log.Seats)
                accounts.Add((account, spell));
            LogRows.Append(usage, account.Id, life.Log.Usage);
            LogRows.Append(tickets, account.Id, life.Log.Tickets);
            LogRows.Append(invoices, account.Id, life.Log.Invoices);
            LogRows.Append(lifecycle, account.Id, life.Log.Lifecycle);
            truth.Add(account.Id, snapshots);
        }
        foreach (GrowingBuffer<LogRow> log in (GrowingBuffer<LogRow>[])[usage, tickets, invoices, lifecycle])
            ArrivalOrder.Sort(log);
        WorldReport counts = truth.Counts with
        {
            Events = usage.Length,
            LateEvents = LogRows.CountLate(usage),
            DuplicateEvents = duplicates,
            Payments = invoices.Length,
            Tickets = tickets.Length,
        };
        return new WorldChunk(
        [
            BuildAccounts(accounts),
            BuildUsage(usage),
            BuildTickets(tickets),
            BuildInvoices(invoices),
            new RecordBatch(AccountTables.Lifecycle, LogRows.Columns(lifecycle, AccountWords.Changes), checked((int)lifecycle.Length)),
            .. truth.Build(_options),
        ], counts);
    }

    private static RecordBatch BuildAccounts(List<(Account Account, SeatSpell Spell)> accounts)
    {
        int rows = accounts.Count;
        return new RecordBatch(AccountTables.Accounts,
        [
            ColumnFill.Values(ColumnType.Int64, rows, row => accounts[row].Account.Id),
            ColumnFill.Instants(rows, row => accounts[row].Account.CreatedAt),
            ColumnFill.Instants(rows, row => accounts[row].Spell.From),
            ColumnFill.Texts(AccountWords.Plans, rows, row => (byte)accounts[row].Account.Plan),
            ColumnFill.Values(ColumnType.Int32, rows, row => accounts[row].Spell.Seats),
            ColumnFill.Values(ColumnType.Float64, rows, row => accounts[row].Account.PricePerSeat),
            ColumnFill.Texts(AccountWords.Billing, rows, row => accounts[row].Account.IsAnnual ? (byte)1 : (byte)0),
            ColumnFill.Texts(AccountWords.Industries, rows, row => accounts[row].Account.Industry),
            ColumnFill.Texts(AccountWords.Countries, rows, row => accounts[row].Account.Country),
            ColumnFill.Texts(AccountWords.Names, rows, row => accounts[row].Account.ContactName),
            ColumnFill.Texts(AccountWords.Genders, rows, row => accounts[row].Account.ContactGender),
        ], rows);
    }

    private RecordBatch BuildUsage(GrowingBuffer<LogRow> usage)
    {
        int rows = checked((int)usage.Length);
        Column seats = ColumnFill.Values(ColumnType.Int32, rows, row => usage[row].Event.Amount);
        Column clients = ColumnFill.Texts(AccountWords.Clients, rows, row => ClientOf(usage[row]));
        return new RecordBatch(AccountTables.Usage, [.. LogRows.Columns(usage, AccountWords.Events), seats, clients], rows);
    }

    // A column added midway: events tell the client from the third month on.
    private int? ClientOf(in LogRow row) => row.Event.At < AccountProject.ClientSince
        ? null
        : (int)new CounterRandom(CounterRandom.CustomerKey(_options.Seed, row.CustomerId - 1), DrawPurpose.Device, row.Event.Amount).NextBelow(AccountWords.Clients.Length);

    private static RecordBatch BuildTickets(GrowingBuffer<LogRow> tickets)
    {
        int rows = checked((int)tickets.Length);
        Column satisfaction = ColumnFill.Optional(rows, row => tickets[row].Event.Amount > 0 ? tickets[row].Event.Amount : null);
        return new RecordBatch(AccountTables.Tickets, [.. LogRows.Columns(tickets, AccountWords.Priorities), satisfaction], rows);
    }

    private static RecordBatch BuildInvoices(GrowingBuffer<LogRow> invoices)
    {
        int rows = checked((int)invoices.Length);
        Column amounts = ColumnFill.Values(ColumnType.Float64, rows, row => invoices[row].Event.Amount / 100.0);
        return new RecordBatch(AccountTables.Invoices, [.. LogRows.Columns(invoices, AccountWords.InvoiceStatuses), amounts], rows);
    }
}
