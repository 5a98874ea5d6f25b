using System.Runtime.InteropServices;

namespace ChurnEngine.DataGen.Streaming;

/// <summary>Tells the story of one customer after another: plans, behaviour, bills.</summary>
/// <remarks>Behaviour is drawn without regard to churn and cut off at the instant of leaving. So the label depends on the history before
/// the snapshot alone, and through <see cref="ChurnLaw"/> only: the truth is exact by construction.</remarks>
internal sealed class CustomerLife(StreamingSetting setting) : IStory
{
    private readonly PlanHistory _plans = new(setting);
    private Customer _customer;
    private Behaviour _behaviour;
    private Billing _billing;
    private int _firstUsage;

    /// <summary>What the customer did.</summary>
    public EventLog Log { get; } = new();

    /// <summary>What the customer paid for.</summary>
    public List<PlanSpell> Plans => _plans.Spells;

    /// <summary>Begins another customer.</summary>
    public void Start(in Customer customer)
    {
        _customer = customer;
        Log.Clear();
        _firstUsage = 0;
        _plans.Start(customer);
        _behaviour = new Behaviour(customer, setting);
        _billing = new Billing(customer, setting);
    }

    public void RunUntil(long instant)
    {
        _plans.RunUntil(instant);
        _behaviour.RunUntil(instant, Log);
        _billing.RunUntil(instant, _plans, Log);
    }

    public Outlook Observe(long instant)
    {
        ObservedHistory history = HistoryBefore(instant);
        double logOdds = ChurnLaw.LogOdds(history, setting.Drifts.FrictionLaw.At(instant));
        return new Outlook(setting.Extras.ClearSignals ? ChurnLaw.Clear(logOdds) : logOdds, OfferLaw.Shift(history), OfferLaw.YearlyMargin(history));
    }

    public void End(long instant, bool left)
    {
        Log.CutAt(instant);
        _plans.CutAt(instant);
        // The subscription system is the system of record: it tells the warehouse at once.
        if (left)
            Log.Usage.Add(new LoggedEvent(instant, instant, (byte)EventType.Cancel, 0));
    }

    private ObservedHistory HistoryBefore(long instant)
    {
        int plays7 = 0, plays30 = 0, plays90 = 0, errors30 = 0;
        long lastPlay = _customer.SignupAt;
        // Weeks are in order, the events within one are not.
        while (_firstUsage < Log.Usage.Count && Log.Usage[_firstUsage].At < instant - 90 * WorldClock.Day - WorldClock.Week)
            _firstUsage++;
        foreach (LoggedEvent e in CollectionsMarshal.AsSpan(Log.Usage)[_firstUsage..])
        {
            long age = instant - e.At;
            if (age is <= 0 or > 90 * WorldClock.Day)
                continue;
            if (e.Kind == (byte)EventType.Play)
            {
                plays90++;
                plays30 += age <= 30 * WorldClock.Day ? 1 : 0;
                plays7 += age <= 7 * WorldClock.Day ? 1 : 0;
                lastPlay = Math.Max(lastPlay, e.At);
            }
            else if (e.Kind == (byte)EventType.Error && age <= 30 * WorldClock.Day)
            {
                errors30++;
            }
        }
        PlanSpell plan = _plans.Before(instant);
        return new ObservedHistory
        {
            TenureDays = (instant - _customer.SignupAt) / (double)WorldClock.Day,
            RecencyDays = Math.Min(ChurnLaw.RecencyCapDays, (instant - lastPlay) / (double)WorldClock.Day),
            Plays7 = plays7,
            Plays30 = plays30,
            Plays90 = plays90,
            Errors30 = errors30,
            FailedPayments90 = CountSince(Log.Payments, instant, 90, (byte)PaymentStatus.Failed),
            Tickets30 = CountSince(Log.Tickets, instant, 30, kind: null),
            BillingTickets30 = CountSince(Log.Tickets, instant, 30, (byte)TicketKind.Billing),
            Plan = plan.Plan,
            MonthlyPrice = plan.Price,
            Age = _customer.Record.Age,
            PaymentMethod = _customer.Record.PaymentMethod,
            Channel = _customer.Record.Channel,
        };
    }

    private static int CountSince(List<LoggedEvent> events, long instant, int days, byte? kind)
    {
        int count = 0;
        for (int i = events.Count - 1; i >= 0; i--)
        {
            LoggedEvent e = events[i];
            if (e.At < instant && e.At >= instant - days * WorldClock.Day && (kind is null || e.Kind == kind))
                count++;
        }
        return count;
    }
}
