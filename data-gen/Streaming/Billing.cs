namespace ChurnEngine.DataGen.Streaming;

/// <summary>A charge every 30 days from sign-up on; one that fails is tried again three days later.</summary>
internal struct Billing
{
    private readonly Customer _customer;
    private readonly DriftCurve _failures;
    private long _nextBill;
    private bool _troubled;

    public Billing(in Customer customer, StreamingSetting setting)
    {
        _customer = customer;
        _failures = setting.Drifts.FailedCharges;
        // Bills before the export starts are not part of it.
        _nextBill = Math.Max(0, (WorldClock.HistoryStart - customer.SignupAt + WorldClock.Month - 1) / WorldClock.Month);
        _troubled = false;
    }

    /// <summary>Appends bills until all that happens before <paramref name="instant"/> is in the log.</summary>
    /// <param name="instant">Until when.</param>
    /// <param name="plans">What is paid for; told until then.</param>
    /// <param name="log">Where to.</param>
    public void RunUntil(long instant, PlanHistory plans, EventLog log)
    {
        for (; BillAt(_nextBill) < instant; _nextBill++)
        {
            var draw = new CounterRandom(_customer.Key, DrawPurpose.Payment, _nextBill);
            long at = BillAt(_nextBill);
            int cents = (int)Math.Round(plans.Before(at + 1).Price * 100);
            // An empty account rarely fills up within a month.
            bool failed = draw.NextBool(Math.Min(1, (_troubled ? 0.5 : _customer.Hidden.ChargeFailure) * _failures.At(at)));
            Append(log, at, failed, cents, ref draw);
            _troubled = failed;
            if (!failed)
                continue;
            bool failedAgain = draw.NextBool(0.45);
            Append(log, at + 3 * WorldClock.Day, failedAgain, cents, ref draw);
            _troubled = failedAgain;
        }
    }

    private readonly long BillAt(long bill) => _customer.SignupAt + bill * WorldClock.Month;

    private static void Append(EventLog log, long at, bool failed, int cents, ref CounterRandom draw) =>
        log.Payments.Add(new LoggedEvent(at, Arrival.Of(at, ref draw), (byte)(failed ? PaymentStatus.Failed : PaymentStatus.Paid), cents));
}
