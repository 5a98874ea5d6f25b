namespace ChurnEngine.DataGen.Streaming;

/// <summary>What a customer does week by week, as long as the subscription lasts. Nothing in here knows whether or when the customer leaves.</summary>
/// <remarks>The logarithm of the weekly plays is a random walk that is drawn back to a level of its own;
/// now and then the level itself drops for good (another service, a new job). So trends and silence carry signal.</remarks>
internal struct Behaviour
{
    private const double Pull = 0.06;
    private const double Step = 0.30;
    private const double Stationary = 0.85;

    // e^5.3, the busiest week without drift, is below it; beyond 500 the Poisson draw would lose its precision.
    private const double MostWeekly = 500;

    private readonly Customer _customer;
    private readonly StreamingSetting _setting;
    private double _level;
    private double _mood;
    private int _nextWeek;
    private int _troubleUntilWeek;

    public Behaviour(in Customer customer, StreamingSetting setting)
    {
        _customer = customer;
        _setting = setting;
        _level = customer.Hidden.LogWeeklyPlays;
        var draw = new CounterRandom(customer.Key, DrawPurpose.Traits, period: 1);
        _mood = Stationary * draw.NextNormal();
        // Novelty: who has just come listens more, for some weeks.
        if (customer.SignupAt >= WorldClock.HistoryStart)
            _mood += 0.6;
        _nextWeek = (int)Math.Max(0, (customer.SignupAt - WorldClock.HistoryStart) / WorldClock.Week);
    }

    /// <summary>Appends whole weeks until all that happens before <paramref name="instant"/> is in the log.</summary>
    public void RunUntil(long instant, EventLog log)
    {
        for (; WorldClock.WeekStart(_nextWeek) < instant; _nextWeek++)
        {
            DriftMood();
            if (_setting.Extras.SupportBursts)
                DrawTrouble();
            RunWeek(log);
        }
    }

    private void DriftMood()
    {
        var draw = new CounterRandom(_customer.Key, DrawPurpose.Mood, _nextWeek);
        _mood += Step * draw.NextNormal() - Pull * _mood;
        if (draw.NextBool(0.012))
            _level -= 1.5;
        else if (draw.NextBool(0.010))
            _level = _customer.Hidden.LogWeeklyPlays;
    }

    // A broken app, a mistaken bill: it lasts three weeks, and what it leads to is in the log for the law to see.
    private void DrawTrouble()
    {
        if (_nextWeek >= _troubleUntilWeek && new CounterRandom(_customer.Key, DrawPurpose.Bursts, _nextWeek).NextBool(0.01))
            _troubleUntilWeek = _nextWeek + 3;
    }

    private readonly void RunWeek(EventLog log)
    {
        var draw = new CounterRandom(_customer.Key, DrawPurpose.Events, _nextWeek);
        long week = WorldClock.WeekStart(_nextWeek);
        bool isTroubled = _nextWeek < _troubleUntilWeek;
        double season = _setting.Extras.Seasonality ? Season.OfYear(week) : 1;
        // Moods that swing further would raise the mean of their exponential: it is taken back.
        double spread = _setting.Drifts.PlaysSpread.At(week), taken = (spread * spread - 1) * Stationary * Stationary / 2;
        double rate = Math.Exp(Math.Min(_level + spread * _mood - taken, 5.3)) * season * _setting.Drifts.Plays.At(week);
        rate = Math.Min(rate, MostWeekly);
        int plays = draw.NextPoisson(rate);
        double errorRate = 0.07 * rate * Math.Exp(0.8 * _customer.Hidden.ErrorProneness) * _setting.Drifts.Errors.At(week);
        int errors = draw.NextPoisson(Math.Min(isTroubled ? 3 * errorRate : errorRate, MostWeekly));
        Emit(log, EventType.Play, plays, ref draw);
        Emit(log, EventType.Error, errors, ref draw);
        Emit(log, EventType.Search, draw.NextPoisson(0.05 + 0.30 * rate), ref draw);
        Emit(log, EventType.Like, draw.NextPoisson(0.15 * rate), ref draw);
        Emit(log, EventType.Skip, draw.NextPoisson(0.25 * rate * Math.Exp(0.4 * _customer.Hidden.Discontent)), ref draw);
        Emit(log, EventType.Login, draw.NextPoisson(0.15 + 0.15 * rate), ref draw);

        var ticketDraw = new CounterRandom(_customer.Key, DrawPurpose.Tickets, _nextWeek);
        double ticketRate = 0.035 * Math.Exp(0.7 * _customer.Hidden.Discontent) + 0.05 * Math.Min(errors, 10);
        int tickets = ticketDraw.NextPoisson((isTroubled ? ticketRate + 1.2 : ticketRate) * _setting.Drifts.Tickets.At(week));
        for (int i = 0; i < tickets; i++)
        {
            TicketKind kind = PickTicket(errors > 0, ref ticketDraw);
            long at = InstantOfWeek(ref ticketDraw);
            long known = Arrival.Of(at, ref ticketDraw);
            if (at >= _customer.SignupAt)
                log.Tickets.Add(new LoggedEvent(at, known, (byte)kind, 0));
        }
    }

    private readonly void Emit(EventLog log, EventType type, int count, ref CounterRandom draw)
    {
        for (int i = 0; i < count; i++)
        {
            long at = InstantOfWeek(ref draw);
            long known = Arrival.Of(at, ref draw);
            int seconds = type == EventType.Play ? 5 + (int)(_customer.Hidden.PlaySeconds * draw.NextExponential()) : 0;
            if (at >= _customer.SignupAt)
                log.Usage.Add(new LoggedEvent(at, known, (byte)type, seconds));
        }
    }

    private static TicketKind PickTicket(bool hadErrors, ref CounterRandom draw)
    {
        double unit = draw.NextUnit();
        if (hadErrors && unit < 0.5)
            return TicketKind.Technical;
        return unit switch { < 0.35 => TicketKind.Billing, < 0.60 => TicketKind.Technical, < 0.80 => TicketKind.Content, _ => TicketKind.Account };
    }

    private readonly long InstantOfWeek(ref CounterRandom draw)
    {
        ulong bits = draw.NextBits();
        ulong rest;
        long day = _setting.Extras.Seasonality
            ? Season.DayOfWeek((int)Math.BigMul(bits, (ulong)Season.DayCells, out rest))
            : (long)Math.BigMul(bits, 7, out rest);
        long second = (long)Math.BigMul(rest, (ulong)WorldClock.Hour, out rest);
        return WorldClock.WeekStart(_nextWeek) + day * WorldClock.Day + HourOfDay.Of((byte)(rest >>> 56)) * WorldClock.Hour + second;
    }
}
