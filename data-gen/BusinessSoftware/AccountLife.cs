namespace ChurnEngine.DataGen.BusinessSoftware;

/// <summary>Tells the story of one account after another, week by week. Nothing in here knows whether or when the account closes.</summary>
/// <remarks>Now and then a crisis begins: a champion leaves, a rival is tried. Use collapses over two weeks, data is exported, seats are given back,
/// urgent tickets come and invoices stay unpaid. Most such accounts close at the next draw, because the law reads those signs.</remarks>
internal sealed class AccountLife(AccountDrifts drifts) : IStory
{
    private const double WeeklyCrises = 0.0125;
    private const double WeeklyRecoveries = 0.02;

    // Use that is left in the weeks of a crisis.
    private static readonly double[] s_decline = [0.55, 0.2, 0.08];

    private Account _account;
    private int _nextWeek;
    private long _nextInvoice;
    private double _mood;
    private int _crisisWeeks;

    /// <summary>What the account did.</summary>
    public AccountLog Log { get; } = new();

    /// <summary>Begins another account.</summary>
    public void Start(in Account account)
    {
        _account = account;
        Log.Clear();
        Log.Seats.Add(new SeatSpell(account.CreatedAt, account.Seats));
        _mood = 0.3 * new CounterRandom(account.Key, DrawPurpose.State).NextNormal();
        _crisisWeeks = 0;
        _nextWeek = (int)Math.Max(0, (account.CreatedAt - WorldClock.HistoryStart) / WorldClock.Week);
        _nextInvoice = Math.Max(0, (WorldClock.HistoryStart - account.CreatedAt + WorldClock.Month - 1) / WorldClock.Month);
    }

    public void RunUntil(long instant)
    {
        for (; WorldClock.WeekStart(_nextWeek) < instant; _nextWeek++)
            RunWeek(WorldClock.WeekStart(_nextWeek));
    }

    public Outlook Observe(long instant)
    {
        AccountHistory history = AccountHistory.Before(instant, Log, _account);
        return new Outlook(AccountLaw.LogOdds(history, drifts.WarningLaw.At(instant)), AccountOffer.Shift(history), AccountOffer.YearlyMargin(history));
    }

    public void End(long instant, bool left)
    {
        Log.CutAt(instant);
        // The contract system tells at once.
        if (left)
            Log.Lifecycle.Add(new LoggedEvent(instant, instant, (byte)Change.Closed, 0));
    }

    private void RunWeek(long week)
    {
        var draw = new CounterRandom(_account.Key, DrawPurpose.State, _nextWeek + 1);
        _mood += 0.15 * draw.NextNormal() - 0.15 * _mood;
        double turn = draw.NextUnit();
        if (_crisisWeeks == 0)
            _crisisWeeks = turn < WeeklyCrises ? 1 : 0;
        else
            _crisisWeeks = turn < WeeklyRecoveries ? 0 : _crisisWeeks + 1;
        MoveSeats(week, ref draw);
        Use(week);
        AskForHelp(week);
        // The bills of the week; who is in crisis does not pay.
        for (; InvoiceAt(_nextInvoice) < week + WorldClock.Week; _nextInvoice++)
            Bill(InvoiceAt(_nextInvoice));
    }

    private void MoveSeats(long week, ref CounterRandom draw)
    {
        int now = Log.Seats[^1].Seats;
        double unit = draw.NextUnit();
        bool removes = _crisisWeeks > 0 ? unit < 0.3 : unit < 0.006;
        int next = removes ? now - Math.Max(1, now / 4) : unit > 0.985 ? now + Math.Max(1, now / 5) : now;
        long at = week + (long)draw.NextBelow(WorldClock.Week);
        if (next == now || next < 1 || at <= _account.CreatedAt)
            return;
        Log.Seats.Add(new SeatSpell(at, next));
        Log.Lifecycle.Add(new LoggedEvent(at, Arrival.Of(at, ref draw), (byte)(next > now ? Change.SeatsAdded : Change.SeatsRemoved), 0));
    }

    private void Use(long week)
    {
        var draw = new CounterRandom(_account.Key, DrawPurpose.Events, _nextWeek);
        int seats = Log.SeatsBefore(week + WorldClock.Week);
        // Offices are half empty in high summer and between the years.
        double day = (week - WorldClock.Start) / (double)WorldClock.Day;
        double season = 1 - 0.2 * Math.Max(0, -Math.Cos(2 * Math.PI * (day - 25) / 365.25));
        double left = _crisisWeeks == 0 ? 1 : s_decline[Math.Min(_crisisWeeks, s_decline.Length) - 1];
        double perSeat = Math.Exp(_account.LogUse + _mood) * season * left * drifts.Usage.At(week);
        double rate = Math.Min(400, seats * perSeat);
        Emit(week, UsageKind.Login, draw.NextPoisson(0.6 * rate), seats, ref draw);
        Emit(week, UsageKind.Report, draw.NextPoisson(0.3 * rate), seats, ref draw);
        Emit(week, UsageKind.ApiCall, draw.NextPoisson(0.15 * rate), seats, ref draw);
        Emit(week, UsageKind.Invite, draw.NextPoisson(0.02 * rate), seats, ref draw);
        Emit(week, UsageKind.IntegrationError, draw.NextPoisson(0.02 * rate), seats, ref draw);
        // In the first weeks of a crisis the data is carried away.
        double exports = 0.08 + (_crisisWeeks is 1 or 2 or 3 ? 1.6 : 0);
        Emit(week, UsageKind.Export, draw.NextPoisson(exports * drifts.Exports.At(week)), seats, ref draw);
    }

    private void Emit(long week, UsageKind kind, int count, int seats, ref CounterRandom draw)
    {
        for (int i = 0; i < count; i++)
        {
            long at = InstantOfWeek(week, ref draw);
            long known = Arrival.Of(at, ref draw);
            // The first seats belong to those who use it most.
            double unit = draw.NextUnit();
            int seat = 1 + (int)(seats * unit * unit);
            if (at > _account.CreatedAt)
                Log.Usage.Add(new LoggedEvent(at, known, (byte)kind, seat));
        }
    }

    private void AskForHelp(long week)
    {
        var draw = new CounterRandom(_account.Key, DrawPurpose.Tickets, _nextWeek);
        int tickets = draw.NextPoisson(0.10 * drifts.Tickets.At(week));
        int urgent = draw.NextPoisson((_crisisWeeks is > 0 and < 5 ? 0.45 : 0.006) * drifts.Tickets.At(week));
        for (int i = 0; i < tickets + urgent; i++)
        {
            long at = InstantOfWeek(week, ref draw);
            long known = Arrival.Of(at, ref draw);
            Priority priority = i < urgent ? Priority.Urgent : draw.NextBool(0.4) ? Priority.Low : Priority.Normal;
            int satisfaction = draw.NextBool(0.4) ? 0 : (int)Math.Clamp(Math.Round((priority == Priority.Urgent ? 2.3 : 3.9) + draw.NextNormal()), 1, 5);
            if (at > _account.CreatedAt)
                Log.Tickets.Add(new LoggedEvent(at, known, (byte)priority, satisfaction));
        }
    }

    private void Bill(long at)
    {
        var draw = new CounterRandom(_account.Key, DrawPurpose.Payment, _nextInvoice);
        double chance = _crisisWeeks > 0 ? 0.55 : Math.Min(0.3, 0.02 * Math.Exp(0.6 * _account.Sloppiness));
        bool overdue = draw.NextBool(Math.Min(1, chance * drifts.Overdue.At(at)));
        int cents = (int)Math.Round(100 * _account.PricePerSeat * Log.SeatsBefore(at + 1));
        Log.Invoices.Add(new LoggedEvent(at, Arrival.Of(at, ref draw), (byte)(overdue ? InvoiceStatus.Overdue : InvoiceStatus.Paid), cents));
    }

    private long InvoiceAt(long invoice) => _account.CreatedAt + invoice * WorldClock.Month;

    // Weeks start on a Tuesday: five working days of seven, eight to six.
    private static long InstantOfWeek(long week, ref CounterRandom draw)
    {
        long cell = draw.NextBelow(23);
        long day = cell < 20 ? cell / 5 : cell < 21 ? 4 : cell < 22 ? 5 : 6;
        // Days 4 and 5 are the weekend; Monday is day 6 and as busy as the others.
        day = day is 4 or 5 && draw.NextBool(0.7) ? 6 : day;
        return week + day * WorldClock.Day + 8 * WorldClock.Hour + draw.NextBelow(10 * WorldClock.Hour);
    }
}
