namespace ChurnEngine.Features;

/// <summary>Which customers have a row at an instant.</summary>
public enum Population
{
    /// <summary>Those at risk as far as is known at that instant.</summary>
    Scoring,
    /// <summary>The same, but churn counts by when it happened, even if it became known later: until the labels are counted.</summary>
    Training,
}

/// <summary>What came of a customer after an instant.</summary>
internal enum Outcome : byte
{
    Stayed,
    /// <summary>The first churn after t lies in the label window.</summary>
    Churned,
    /// <summary>The first churn after t lies in the gap before the label window: neither a positive nor a negative.</summary>
    ChurnedInGap,
}

/// <summary>Decides who is at risk at an instant, and what came of them.</summary>
/// <remarks>Signed up before t and known to be: the first table with `valid_from` says so, else the first event; in a plain table, everybody.
/// Not churned: no label event before t. Where inactivity defines churn: an event of the label's table, or the sign-up, in [t - days, t).</remarks>
internal sealed unsafe class PopulationRule
{
    private readonly LabelRule? _label;
    private readonly TableStore[] _signup;
    private readonly TableStore? _activity;
    private readonly TableStore? _labelEvents;
    private readonly bool _everybody;
    private (long AsOf, (long From, long End) Span) _window = (long.MinValue, default);

    /// <param name="data">All data.</param>
    /// <param name="partition">The partition whose customers are asked for.</param>
    public PopulationRule(CustomerData data, int partition)
    {
        FeaturePlan plan = data.Plan;
        CustomerBlock block = data.BlockOf(partition);
        _label = plan.Label;
        _labelEvents = block.LabelEvents;
        _everybody = plan.IsTimeless;
        int signup = plan.Layouts.ToList().FindIndex(l => l.IsSignup);
        int activity = plan.Layouts.ToList().FindIndex(l => l.IsActivity);
        _activity = activity >= 0 ? block.Stores[activity] : null;
        _signup = signup >= 0
            ? [block.Stores[signup]]
            : [.. block.Stores.Where((_, i) => plan.Tables[i].Time is not null), .. _labelEvents is null ? [] : new[] { _labelEvents }];
    }

    /// <summary>Whether a customer is at risk at an instant.</summary>
    /// <param name="customer">Number of a customer of the partition.</param>
    /// <param name="asOf">The instant.</param>
    /// <param name="knownAt">Churn and activity count when they were known by then: <paramref name="asOf"/> in scoring; later, when the labels are counted, in training.</param>
    public bool IsAtRisk(int customer, long asOf, long knownAt)
    {
        if (_everybody)
            return true;
        long signup = SignupBefore(customer, asOf);
        if (signup == long.MaxValue || HasChurned(customer, asOf, knownAt))
            return false;
        if (_activity is null)
            return true;
        return Math.Max(signup, LastActivityBefore(customer, asOf, knownAt)) >= asOf - _label!.InactiveMicros;
    }

    /// <summary>What came of a customer who was at risk, by when it happened, as far as was known at <paramref name="knownAt"/>.</summary>
    public Outcome OutcomeOf(int customer, long asOf, long knownAt)
    {
        long first = Math.Min(FirstLabelEvent(customer, asOf, knownAt), FirstCompletedInactivity(customer, asOf, knownAt));
        if (_window.AsOf != asOf)
            _window = (asOf, _label!.WindowAt(asOf));
        (long from, long end) = _window.Span;
        return first < from ? Outcome.ChurnedInGap : first < end ? Outcome.Churned : Outcome.Stayed;
    }

    private long SignupBefore(int customer, long asOf)
    {
        long earliest = long.MaxValue;
        foreach (TableStore store in _signup)
        {
            for (int row = store.First(customer); row < store.End(customer) && store.Time[row] < asOf; row++)
            {
                if (!store.IsKnown(row, asOf))
                    continue;
                earliest = Math.Min(earliest, store.Time[row]);
                break;
            }
        }
        return earliest;
    }

    private bool HasChurned(int customer, long asOf, long knownAt)
    {
        if (_labelEvents is null)
            return false;
        for (int row = _labelEvents.First(customer); row < _labelEvents.End(customer) && _labelEvents.Time[row] < asOf; row++)
        {
            if (_labelEvents.IsKnown(row, knownAt))
                return true;
        }
        return false;
    }

    private long LastActivityBefore(int customer, long asOf, long knownAt)
    {
        for (int row = _activity!.LowerBound(customer, asOf) - 1; row >= _activity.First(customer); row--)
        {
            if (_activity.IsKnown(row, knownAt))
                return _activity.Time[row];
        }
        return long.MinValue;
    }

    private long FirstLabelEvent(int customer, long asOf, long knownAt)
    {
        if (_labelEvents is null)
            return long.MaxValue;
        for (int row = _labelEvents.LowerBound(customer, asOf); row < _labelEvents.End(customer); row++)
        {
            if (_labelEvents.IsKnown(row, knownAt))
                return _labelEvents.Time[row];
        }
        return long.MaxValue;
    }

    // From the last activity before t on, the first e whose next event comes later than e + days.
    private long FirstCompletedInactivity(int customer, long asOf, long knownAt)
    {
        if (_activity is null)
            return long.MaxValue;
        long last = Math.Max(SignupBefore(customer, asOf), LastActivityBefore(customer, asOf, knownAt));
        for (int row = _activity.LowerBound(customer, asOf); row < _activity.End(customer); row++)
        {
            if (!_activity.IsKnown(row, knownAt))
                continue;
            if (_activity.Time[row] > last + _label!.InactiveMicros)
                break;
            last = _activity.Time[row];
        }
        return last + _label!.InactiveMicros;
    }
}
