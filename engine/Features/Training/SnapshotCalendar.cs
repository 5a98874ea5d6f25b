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

    /// <summary>Proposes the day of the first event plus whole horizons, from the longest window or 90 days (the longer) on, to the end of the data.</summary>
    /// <remarks>A plain table has the one instant <see cref="FeatureSnapshot.Timeless"/>. Errors: <see cref="ChurnConfigException"/> without a label.</remarks>
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
        for (long asOf = start + (lead + label.HorizonMicros - 1) / label.HorizonMicros * label.HorizonMicros; asOf <= data.LastKnownAt; asOf += label.HorizonMicros)
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
        long end = data.Plan.ExtractAt ?? data.LastKnownAt ?? long.MinValue;
        long needed = label.GapMicros + label.HorizonMicros + data.LongestLatenessMicros;
        return new SnapshotCalendar
        {
            Usable = [.. instants.Where(t => t + needed <= end)],
            Censored = [.. instants.Where(t => t + needed > end).Select(t => new CensoredSnapshot(t, Explain(t, t + needed, end)))],
        };
    }

    private static string Explain(long asOf, long complete, long end) =>
        $"as of {InstantText.Format(asOf)}: gap, horizon and longest lateness end at {InstantText.Format(complete)}, "
        + (end == long.MinValue ? "and there is no event" : $"after the end of the data at {InstantText.Format(end)}");

    private static long Modulo(long value, long divisor) => (value % divisor + divisor) % divisor;
}
