namespace ChurnEngine.DataGen.Streaming;

/// <summary>One row of the truth.</summary>
/// <param name="Month">m: the snapshot is at t_m.</param>
/// <param name="Probability">Of leaving within [t_m, t_m + 30 days).</param>
/// <param name="Churned">Whether the customer left; null at the scoring date.</param>
internal readonly record struct Snapshot(int Month, double Probability, bool? Churned);

/// <summary>Lives through one customer after another: behaviour, bills, and at each month's start the draw that decides on churn.</summary>
/// <remarks>Behaviour is drawn without regard to churn and cut off at the instant of leaving. So the label depends on the history before
/// the snapshot alone, and through <see cref="ChurnLaw"/> only: the truth is exact by construction.</remarks>
internal sealed class CustomerLife(WorldClock clock)
{
    private int _firstUsage;

    /// <summary>What the last customer did.</summary>
    public EventLog Log { get; } = new();

    /// <summary>When the last customer was at risk, and what came of it.</summary>
    public List<Snapshot> Snapshots { get; } = new(64);

    public void Simulate(in Customer customer)
    {
        Log.Clear();
        Snapshots.Clear();
        _firstUsage = 0;
        var behaviour = new Behaviour(customer);
        var billing = new Billing(customer);
        for (int month = 0; month <= clock.Months; month++)
        {
            long instant = WorldClock.MonthStart(month);
            behaviour.RunUntil(instant, Log);
            billing.RunUntil(instant, Log);
            // Whoever signs up within a month is first at risk in the next.
            if (customer.SignupAt >= instant)
                continue;
            double probability = ChurnLaw.Probability(Observe(customer, instant));
            if (month == clock.Months)
            {
                Snapshots.Add(new Snapshot(month, probability, null));
                break;
            }
            var draw = new CounterRandom(customer.Key, DrawPurpose.Churn, month);
            bool churned = draw.NextBool(probability);
            Snapshots.Add(new Snapshot(month, probability, churned));
            if (churned)
            {
                Leave(instant + draw.NextBelow(WorldClock.Month), behaviour, billing);
                return;
            }
        }
        Log.CutAt(clock.End);
    }

    private void Leave(long instant, Behaviour behaviour, Billing billing)
    {
        behaviour.RunUntil(instant, Log);
        billing.RunUntil(instant, Log);
        Log.CutAt(instant);
        // The subscription system is the system of record: it tells the warehouse at once.
        Log.Usage.Add(new LoggedEvent(instant, instant, (byte)EventType.Cancel, 0));
    }

    /// <summary>What the written files will say of the time before <paramref name="instant"/>.</summary>
    private ObservedHistory Observe(in Customer customer, long instant)
    {
        int plays7 = 0, plays30 = 0, plays90 = 0, errors30 = 0;
        long lastPlay = customer.SignupAt;
        // Weeks are in order, the events within one are not.
        while (_firstUsage < Log.Usage.Count && Log.Usage[_firstUsage].At < instant - 90 * WorldClock.Day - WorldClock.Week)
            _firstUsage++;
        foreach (LoggedEvent e in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Log.Usage)[_firstUsage..])
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
        return new ObservedHistory
        {
            TenureDays = (instant - customer.SignupAt) / (double)WorldClock.Day,
            RecencyDays = Math.Min(ChurnLaw.RecencyCapDays, (instant - lastPlay) / (double)WorldClock.Day),
            Plays7 = plays7,
            Plays30 = plays30,
            Plays90 = plays90,
            Errors30 = errors30,
            FailedPayments90 = CountSince(Log.Payments, instant, 90, (byte)PaymentStatus.Failed),
            Tickets30 = CountSince(Log.Tickets, instant, 30, kind: null),
            BillingTickets30 = CountSince(Log.Tickets, instant, 30, (byte)TicketKind.Billing),
            Plan = customer.Plan,
            MonthlyPrice = customer.MonthlyPrice,
            Age = customer.Record.Age,
            PaymentMethod = customer.Record.PaymentMethod,
            Channel = customer.Record.Channel,
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
