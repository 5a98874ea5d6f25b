using System.Runtime.InteropServices;

namespace ChurnEngine.DataGen.Telecom;

/// <summary>Tells the story of one subscriber after another, month by month. Nothing in here knows whether or when the customer leaves.</summary>
internal sealed class TelecomLife(TelecomDrifts drifts) : IStory
{
    /// <summary>The longest look back of the law.</summary>
    public const int HistoryMonths = 6;

    private static readonly double[] s_prices = [20, 45, 72];
    private Subscriber _subscriber;
    private int _nextMonth;
    private Contract _contract;
    private long _contractEndsAt;
    private double _list;
    private double _mood;
    private double _money;
    private int _addOns;
    private int _troubleMonths;

    /// <summary>Ascending; at most one a month.</summary>
    public List<MonthRow> Rows { get; } = new(80);

    /// <summary>Begins another subscriber, at the start of the export or the month of joining.</summary>
    public void Start(in Subscriber subscriber)
    {
        _subscriber = subscriber;
        Rows.Clear();
        _nextMonth = Math.Max(-HistoryMonths, (int)Math.Floor((subscriber.JoinedAt - WorldClock.Start) / (double)WorldClock.Month));
        var draw = new CounterRandom(subscriber.Key, DrawPurpose.State);
        _addOns = subscriber.AddOns;
        _list = s_prices[(int)subscriber.Access] * (0.85 + 0.3 * draw.NextUnit());
        _mood = 0.4 * draw.NextNormal();
        _money = subscriber.MoneyTrouble;
        _troubleMonths = 0;
        _contract = subscriber.FirstContract;
        long term = TermOf(_contract);
        // A base customer is somewhere within the running term.
        long running = term == 0 ? 0 : Math.Max(0, WorldClock.MonthStart(_nextMonth) - subscriber.JoinedAt) / term;
        _contractEndsAt = term == 0 ? 0 : subscriber.JoinedAt + (running + 1) * term;
    }

    public void RunUntil(long instant)
    {
        for (; WorldClock.MonthStart(_nextMonth + 1) <= instant; _nextMonth++)
            Rows.Add(LiveMonth(1));
    }

    public Outlook Observe(long instant)
    {
        TelecomHistory history = TelecomHistory.Of(CollectionsMarshal.AsSpan(Rows), _subscriber, instant);
        return new Outlook(TelecomLaw.LogOdds(history, drifts.ServiceLaw.At(instant)), TelecomOffer.Shift(history), TelecomOffer.YearlyMargin(history));
    }

    public void End(long instant, bool left)
    {
        if (!left)
            return;
        double part = Math.Max(0.03, (instant - WorldClock.MonthStart(_nextMonth)) / (double)WorldClock.Month);
        Rows.Add(LiveMonth(part) with { Left = true });
    }

    private static long TermOf(Contract contract) => contract switch
    {
        Contract.OneYear => 12 * WorldClock.Month,
        Contract.TwoYears => 24 * WorldClock.Month,
        _ => 0,
    };

    // One month, or the part of it in which the customer is there.
    private MonthRow LiveMonth(double part)
    {
        long start = WorldClock.MonthStart(_nextMonth);
        var draw = new CounterRandom(_subscriber.Key, DrawPurpose.Events, _nextMonth + HistoryMonths);
        MoveState(start, ref draw);
        if (start < _subscriber.JoinedAt)
            part *= Math.Max(0.03, 1 - (_subscriber.JoinedAt - start) / (double)WorldClock.Month);
        double season = 1 + 0.15 * Math.Cos(2 * Math.PI * (_nextMonth * 30 + 5) / 365.25);
        double data = _subscriber.Access == Access.None ? 0 : Math.Exp(_subscriber.LogData + _mood + 0.25 * draw.NextNormal()) * season * drifts.DataGb.At(start);
        double minutes = 180 * Math.Exp(0.5 * _mood + 0.4 * draw.NextNormal());
        bool isTroubled = _troubleMonths > 0;
        int dropped = draw.NextPoisson(Math.Min(200, (isTroubled ? 5 : 0.9) * Math.Exp(0.6 * _subscriber.LineTrouble) * part * drifts.DroppedCalls.At(start)));
        int tickets = draw.NextPoisson(Math.Min(200, (0.08 + (isTroubled ? 0.9 : 0) + 0.04 * dropped) * Math.Exp(0.4 * _subscriber.Complaints) * part * drifts.Tickets.At(start)));
        int late = draw.NextBool(Math.Min(1, ChurnDice.Sigmoid(-2.9 + 0.9 * _money) * drifts.LatePayments.At(start))) ? 1 : 0;
        int logins = draw.NextPoisson(Math.Min(200, (1.5 + 0.05 * Math.Min(data, 100)) * part));
        double full = Math.Round((_list + 4.5 * _addOns) * drifts.MonthlyCharge.At(start), 2);
        bool isDiscounted = start < _subscriber.JoinedAt + _subscriber.DiscountMonths * WorldClock.Month;
        return new MonthRow
        {
            Period = start,
            LoadedAt = LoadedAt(start, ref draw),
            Contract = _contract,
            ContractEndsAt = _contractEndsAt,
            AddOns = _addOns,
            ListPrice = full,
            Charge = isDiscounted ? Math.Round(0.8 * full, 2) : full,
            DataGb = Math.Round(data * part, 3),
            CallMinutes = Math.Round(minutes * part, 1),
            UseRecorded = !draw.NextBool(0.05),
            DroppedCalls = dropped,
            Tickets = tickets,
            LatePayments = late,
            AppLogins = logins,
        };
    }

    private void MoveState(long start, ref CounterRandom draw)
    {
        _mood += 0.35 * draw.NextNormal() - 0.2 * _mood;
        // Another provider for most of it, a child that moved out.
        if (draw.NextBool(0.06))
            _mood -= 1.3;
        _money += 0.5 * draw.NextNormal() - 0.25 * (_money - _subscriber.MoneyTrouble);
        bool breaks = draw.NextBool(0.06);
        _troubleMonths = breaks && _troubleMonths == 0 ? 2 : Math.Max(0, _troubleMonths - 1);
        // A price round.
        if (draw.NextBool(0.05))
            _list *= 1.06 + 0.12 * draw.NextUnit();
        double service = draw.NextUnit();
        if (_subscriber.Access != Access.None)
            _addOns = Math.Clamp(_addOns + (service < 0.03 ? 1 : service > 0.97 ? -1 : 0), 0, 6);
        double binding = draw.NextUnit();
        if (_contract == Contract.Monthly && binding < 0.02)
            (_contract, _contractEndsAt) = (Contract.OneYear, start + TermOf(Contract.OneYear));
        else if (_contract != Contract.Monthly && _contractEndsAt <= start)
            (_contract, _contractEndsAt) = _subscriber.AutoRenew ? (_contract, _contractEndsAt + TermOf(_contract)) : (Contract.Monthly, 0);
    }

    // The books close a day before the month ends; two rows in a hundred are late by up to three days.
    private static long LoadedAt(long start, ref CounterRandom draw)
    {
        long end = start + WorldClock.Month;
        double unit = draw.NextUnit();
        return unit < 0.02
            ? end + 1 + (long)(unit / 0.02 * (WorldClock.LongestDelay - 1))
            : end - WorldClock.Day + (long)(unit * 20 * WorldClock.Hour);
    }
}
