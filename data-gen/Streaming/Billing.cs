namespace ChurnEngine.DataGen.Streaming;

/// <summary>A charge every 30 days from sign-up on; one that fails is tried again three days later.</summary>
internal struct Billing
{
    private readonly Customer _customer;
    private readonly int _cents;
    private long _nextBill;
    private bool _troubled;

    public Billing(in Customer customer)
    {
        _customer = customer;
        _cents = (int)Math.Round(customer.MonthlyPrice * 100);
        // Bills before the export starts are not part of it.
        _nextBill = Math.Max(0, (WorldClock.HistoryStart - customer.SignupAt + WorldClock.Month - 1) / WorldClock.Month);
        _troubled = false;
    }

    /// <summary>Appends bills until all that happens before <paramref name="instant"/> is in the log.</summary>
    public void RunUntil(long instant, EventLog log)
    {
        for (; BillAt(_nextBill) < instant; _nextBill++)
        {
            var draw = new CounterRandom(_customer.Key, DrawPurpose.Payment, _nextBill);
            long at = BillAt(_nextBill);
            // An empty account rarely fills up within a month.
            bool failed = draw.NextBool(_troubled ? 0.5 : _customer.Hidden.ChargeFailure);
            Append(log, at, failed, ref draw);
            _troubled = failed;
            if (!failed)
                continue;
            bool failedAgain = draw.NextBool(0.45);
            Append(log, at + 3 * WorldClock.Day, failedAgain, ref draw);
            _troubled = failedAgain;
        }
    }

    private readonly long BillAt(long bill) => _customer.SignupAt + bill * WorldClock.Month;

    private readonly void Append(EventLog log, long at, bool failed, ref CounterRandom draw) =>
        log.Payments.Add(new LoggedEvent(at, EventLog.Arrival(at, ref draw), (byte)(failed ? PaymentStatus.Failed : PaymentStatus.Paid), _cents));
}
