using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>An as-of instant whose label window is not over in the data, and why.</summary>
/// <param name="AsOf">Microseconds since 1970 UTC.</param>
/// <param name="Reason">One sentence.</param>
public sealed record CensoredSnapshot(long AsOf, string Reason);

/// <summary>Which as-of instants can train.</summary>
/// <remarks>Source: design.md section 4: a snapshot whose gap, horizon and longest lateness run past the end of the data is dropped.</remarks>
public sealed record SnapshotCalendar
{
    /// <summary>Least history before the first proposed instant.</summary>
    internal const long LeastHistory = 90 * Duration.Day;

    /// <summary>Ascending; their label windows are complete.</summary>
    public required IReadOnlyList<long> Usable { get; init; }

    /// <summary>Those that are not.</summary>
    public IReadOnlyList<CensoredSnapshot> Censored { get; init; } = [];

    /// <summary>Proposes the day of the first event plus whole steps, from the longest window or 90 days (the longer) on, to the end of the data.</summary>
    /// <remarks>A step is the horizon and the gap, so that the labels of one snapshot end where the next begins. Where the label asks for the next calendar month, proposals stand
    /// a gap before months begin. A plain table has the one instant <see cref="FeatureSnapshot.Timeless"/>. Errors: <see cref="ChurnConfigException"/> without a label.</remarks>
    public static SnapshotCalendar Propose(CustomerData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        LabelRule label = data.Plan.Label ?? throw FeaturesErrors.PlanHasNoLabel();
        if (data.Plan.IsTimeless)
            return new SnapshotCalendar { Usable = [FeatureSnapshot.Timeless] };
        if (data.FirstEventAt is not { } first)
            return new SnapshotCalendar { Usable = [] };
        long start = first - Modulo(first, Duration.Day);
        long lead = Math.Max(data.Plan.LongestWindowMicros, LeastHistory);
        List<long> instants = [];
        for (long asOf = Next(label, start, start + lead); asOf <= data.LastKnownAt; asOf = Next(label, start, asOf + 1))
            instants.Add(asOf);
        return Check(data, instants);
    }

    /// <summary>Sorts given instants into usable and censored ones.</summary>
    /// <param name="data">Says how far the data reaches.</param>
    /// <param name="asOf">Microseconds since 1970 UTC, any order; repeats count once.</param>
    public static SnapshotCalendar Check(CustomerData data, IEnumerable<long> asOf)
    {
        ArgumentNullException.ThrowIfNull(data);
        LabelRule label = data.Plan.Label ?? throw FeaturesErrors.PlanHasNoLabel();
        long[] instants = [.. asOf.Distinct().Order()];
        if (data.Plan.IsTimeless)
            return new SnapshotCalendar { Usable = instants };
        long end = EndOf(data);
        long Complete(long t) => CompleteAt(data, label, t);
        return new SnapshotCalendar
        {
            Usable = [.. instants.Where(t => Complete(t) <= end)],
            Censored = [.. instants.Where(t => Complete(t) > end).Select(t => new CensoredSnapshot(t, Explain(t, Complete(t), end)))],
        };
    }

    /// <summary>Whether gap, horizon and longest lateness of an instant end before the data does.</summary>
    internal static bool IsComplete(CustomerData data, LabelRule label, long asOf) => CompleteAt(data, label, asOf) <= EndOf(data);

    private static long CompleteAt(CustomerData data, LabelRule label, long asOf) => label.WindowAt(asOf).End + data.LongestLatenessMicros;

    private static long EndOf(CustomerData data) => data.Plan.ExtractAt ?? data.LastKnownAt ?? long.MinValue;

    /// <summary>The same without those whose label window is not over when their labels are counted.</summary>
    /// <param name="plan">Its label says how long the window is.</param>
    /// <param name="knownAt">By as-of instant, when the labels are counted.</param>
    internal SnapshotCalendar CountedAt(FeaturePlan plan, IReadOnlyDictionary<long, long> knownAt)
    {
        bool IsOver(long t) => !knownAt.TryGetValue(t, out long counted) || plan.Label!.WindowAt(t).End <= counted;
        return knownAt.Count == 0 ? this : new SnapshotCalendar
        {
            Usable = [.. Usable.Where(IsOver)],
            Censored = [.. Censored, .. Usable.Where(t => !IsOver(t)).Select(t => new CensoredSnapshot(t,
                $"as of {InstantText.Format(t)}: the label window ends at {InstantText.Format(plan.Label!.WindowAt(t).End)}, after {InstantText.Format(knownAt[t])}, when its labels are counted"))],
        };
    }

    // The first proposal at or after an instant: so many steps from the day of the first event, or a gap before a calendar period begins.
    private static long Next(LabelRule label, long start, long from)
    {
        if (label.Period is { } period)
            return period.NextAt(from + label.GapMicros).From - label.GapMicros;
        long step = label.HorizonMicros + label.GapMicros;
        // Whole days stay at midnight.
        if (label.HorizonMicros % Duration.Day == 0)
            step = (step + Duration.Day - 1) / Duration.Day * Duration.Day;
        return start + (from - start + step - 1) / step * step;
    }

    private static string Explain(long asOf, long complete, long end) =>
        $"as of {InstantText.Format(asOf)}: gap, horizon and longest lateness end at {InstantText.Format(complete)}, "
        + (end == long.MinValue ? "and there is no event" : $"after the end of the data at {InstantText.Format(end)}");

    private static long Modulo(long value, long divisor) => (value % divisor + divisor) % divisor;
}
