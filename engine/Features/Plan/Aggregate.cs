namespace ChurnEngine.Features;

/// <summary>What a feature computes: of its rows, or of other features.</summary>
internal enum Aggregate
{
    Count,
    Sum,
    Mean,
    RecencyDays,
    TenureDays,
    /// <summary>Numeric column of the latest row.</summary>
    Latest,
    /// <summary>Text column of the latest row, as a code.</summary>
    Category,
    /// <summary>One feature divided by another.</summary>
    Ratio,
    ActiveDays,
    StreakDays,
    Min,
    Max,
    Std,
    First,
    Last,
    Distinct,
    Entropy,
    Share,
    GapMeanDays,
    GapStdDays,
    GapMaxDays,
    Slope,
    Sessions,
    SessionMinutes,
    SessionItems,
    SessionGapDays,
    SessionShortShare,
    Changes,
    DaysSinceChange,
    TimeShare,
    DaysUntil,
    DaysSince,
    /// <summary>One feature less another.</summary>
    Difference,
    Expression,
    Rank,
    Quantile,
}

/// <summary>What stands between the brackets of a `value:`.</summary>
internal enum ArgumentForm
{
    /// <summary>No brackets.</summary>
    None,
    NumberColumn,
    /// <summary>A column of any type, a function of a text column, kind, hour or weekday.</summary>
    AnyColumn,
    /// <summary>A text column, or a function of one.</summary>
    TextColumn,
    /// <summary>A date or timestamp column.</summary>
    InstantColumn,
    /// <summary>A condition as in `where`.</summary>
    Condition,
    /// <summary>A duration, or a number column and a duration.</summary>
    Period,
    /// <summary>A duration.</summary>
    Duration,
    /// <summary>A column of any type, and no text or two.</summary>
    Transition,
    /// <summary>column = text.</summary>
    Level,
}

/// <summary>One aggregate of the plan language.</summary>
/// <param name="Aggregate">What it is.</param>
/// <param name="Name">How the plan writes it.</param>
/// <param name="Argument">What it takes.</param>
/// <param name="TakesWindows">False: it looks at all history before t.</param>
/// <param name="Unit">Unit unless the plan says one; empty: that of its column, or none.</param>
/// <param name="Says">What it means, for `churn features explain`.</param>
internal sealed record AggregateForm(Aggregate Aggregate, string Name, ArgumentForm Argument, bool TakesWindows, string Unit, string Says)
{
    /// <summary>Every aggregate over rows that has a name; a bare column and features of features have none.</summary>
    public static IReadOnlyList<AggregateForm> All { get; } =
    [
        new(Aggregate.Count, "count", ArgumentForm.None, true, "count", "rows"),
        new(Aggregate.ActiveDays, "active_days", ArgumentForm.None, true, "days", "days with a row"),
        new(Aggregate.StreakDays, "streak_days", ArgumentForm.None, true, "days", "longest run of consecutive days with a row"),
        new(Aggregate.Sum, "sum", ArgumentForm.NumberColumn, true, "", "sum; 0 without rows"),
        new(Aggregate.Mean, "mean", ArgumentForm.NumberColumn, true, "", "mean of the values given; missing without any"),
        new(Aggregate.Min, "min", ArgumentForm.NumberColumn, true, "", "least value; missing without any"),
        new(Aggregate.Max, "max", ArgumentForm.NumberColumn, true, "", "greatest value; missing without any"),
        new(Aggregate.Std, "std", ArgumentForm.NumberColumn, true, "", "standard deviation of a sample; missing below two values"),
        new(Aggregate.First, "first", ArgumentForm.NumberColumn, true, "", "first value given"),
        new(Aggregate.Last, "last", ArgumentForm.NumberColumn, true, "", "last value given"),
        new(Aggregate.Distinct, "distinct", ArgumentForm.AnyColumn, true, "count", "different values"),
        new(Aggregate.Entropy, "entropy", ArgumentForm.AnyColumn, true, "bits", "entropy of the values' shares; missing without any"),
        new(Aggregate.Share, "share", ArgumentForm.Condition, true, "share", "part of the rows that also meet the condition; missing without rows"),
        new(Aggregate.RecencyDays, "recency_days", ArgumentForm.None, false, "days", "time since the last row; missing without one"),
        new(Aggregate.TenureDays, "tenure_days", ArgumentForm.None, false, "days", "time since the first row; missing without one"),
        new(Aggregate.GapMeanDays, "gap_mean_days", ArgumentForm.None, true, "days", "mean time between a row and the next; missing below two rows"),
        new(Aggregate.GapStdDays, "gap_std_days", ArgumentForm.None, true, "days", "standard deviation of those times; missing below three rows"),
        new(Aggregate.GapMaxDays, "gap_max_days", ArgumentForm.None, true, "days", "longest of those times; missing below two rows"),
        new(Aggregate.Slope, "slope", ArgumentForm.Period, true, "", "least-squares slope, a period, of the count or sum of each period in the window"),
        new(Aggregate.Sessions, "sessions", ArgumentForm.None, true, "count", "sessions"),
        new(Aggregate.SessionMinutes, "session_minutes", ArgumentForm.None, true, "minutes", "mean length of a session; missing without one"),
        new(Aggregate.SessionItems, "session_items", ArgumentForm.None, true, "rows", "mean rows of a session; missing without one"),
        new(Aggregate.SessionGapDays, "session_gap_days", ArgumentForm.None, true, "days", "mean time from a session's end to the next one's start; missing below two"),
        new(Aggregate.SessionShortShare, "session_short_share", ArgumentForm.Duration, true, "share", "part of the sessions shorter than that; missing without one"),
        new(Aggregate.Changes, "changes", ArgumentForm.Transition, true, "count", "times that the value differs from the one before, or goes from one text to the other"),
        new(Aggregate.DaysSinceChange, "days_since_change", ArgumentForm.AnyColumn, false, "days", "time since the value last changed; missing without a change"),
        new(Aggregate.TimeShare, "time_share", ArgumentForm.Level, true, "share", "part of the window's time, from the first row on, in which the latest value was that text"),
        new(Aggregate.DaysUntil, "days_until", ArgumentForm.InstantColumn, false, "days", "time until the instant in the latest row"),
        new(Aggregate.DaysSince, "days_since", ArgumentForm.InstantColumn, false, "days", "time since the instant in the latest row"),
        new(Aggregate.Category, "category", ArgumentForm.TextColumn, false, "", "text of the latest row"),
    ];

    public static AggregateForm? Find(string name) => All.FirstOrDefault(form => form.Name == name);

    /// <summary>The form of an aggregate; null for a bare column and for features of features.</summary>
    public static AggregateForm? Of(Aggregate aggregate) => All.FirstOrDefault(form => form.Aggregate == aggregate);
}
