namespace ChurnEngine.DataGen.Streaming;

/// <summary>A plan and what a month of it costs, from an instant on.</summary>
internal readonly record struct PlanSpell(long From, Plan Plan, double Price);

/// <summary>The plans of one customer after another. Who moves, and where to, is drawn month by month without regard to churn.</summary>
internal sealed class PlanHistory(StreamingSetting setting)
{
    private const double MonthlyChanges = 0.03;

    private ulong _key;
    private long _nextDecision;

    /// <summary>Ascending; the first is the one signed up for.</summary>
    public List<PlanSpell> Spells { get; } = new(8);

    public void Start(in Customer customer)
    {
        Spells.Clear();
        Spells.Add(new PlanSpell(customer.SignupAt, customer.Plan, customer.MonthlyPrice));
        _key = customer.Key;
        // Changes before the export starts are not part of it.
        long months = Math.Max(1, (WorldClock.HistoryStart - customer.SignupAt + WorldClock.Month - 1) / WorldClock.Month);
        _nextDecision = customer.SignupAt + months * WorldClock.Month;
    }

    /// <summary>The plan that holds just before an instant.</summary>
    public PlanSpell Before(long instant)
    {
        int last = Spells.Count - 1;
        while (last > 0 && Spells[last].From >= instant)
            last--;
        return Spells[last];
    }

    public void RunUntil(long instant)
    {
        for (; setting.Extras.PlanChanges && _nextDecision < instant; _nextDecision += WorldClock.Month)
        {
            var draw = new CounterRandom(_key, DrawPurpose.Plans, _nextDecision / WorldClock.Day);
            if (!draw.NextBool(MonthlyChanges))
                continue;
            Plan now = Spells[^1].Plan;
            // Any other but the student's; the next one where the draw finds the present one.
            var plan = (Plan)draw.NextBelow((int)Plan.Student);
            if (plan == now)
                plan = (Plan)(((int)plan + 1) % (int)Plan.Student);
            long at = _nextDecision + draw.NextBelow(WorldClock.Day);
            double price = Math.Round(CustomerSource.PriceOf(plan) * setting.Drifts.MonthlyPrice.At(at), 2);
            Spells.Add(new PlanSpell(at, plan, price));
        }
    }

    /// <summary>Forgets changes at or after <paramref name="end"/>.</summary>
    public void CutAt(long end)
    {
        while (Spells.Count > 1 && Spells[^1].From >= end)
            Spells.RemoveAt(Spells.Count - 1);
    }
}
