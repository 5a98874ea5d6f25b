namespace ChurnEngine.Features;

/// <summary>What counts as churn.</summary>
/// <remarks>At an as-of instant t the label looks at [t + gap, t + gap + horizon), or at the next calendar month that begins at or after t + gap; a customer who churns before it does
/// is neither a positive nor a negative. Event form: a label event in it. Inactivity form: event-free days
/// that are completed in it, that is an event (or the sign-up) at e with e + days in it and no event in (e, e + days]. Column form: a column of a plain table.
/// Target form: a number, an aggregate over the rows of the window; who has churned by the other forms, if any is said, is not at risk.</remarks>
public sealed record LabelRule
{
    /// <summary>Table that holds the events or the column.</summary>
    public required string Table { get; init; }

    /// <summary>Kinds that mean churn; empty without the event form. Rows of these kinds never reach a feature.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>What else a row of those kinds must meet; without kinds, what any row must meet. Such rows never reach a feature either.</summary>
    internal IReadOnlyList<RowCondition> Conditions { get; init; } = [];

    /// <summary>Whether rows of the table can mean churn.</summary>
    internal bool HasEvents => Kinds.Count > 0 || Conditions.Count > 0;

    /// <summary>True when the kind of a row, or its absence, is all that the label looks at.</summary>
    public bool IsByKindAlone => Conditions.Count == 0 && Column.Length == 0 && Target is null;

    /// <summary>What is to be predicted where it is a number; its window is the label's. Null: churn.</summary>
    internal FeatureDefinition? Target { get; init; }

    /// <summary>True when the label is a number, and a model of it predicts a value; false when it is churn, and a model of it predicts a probability.</summary>
    public bool IsNumeric => Target is not null || IsNumberColumn;

    /// <summary>True when <see cref="Column"/> holds a number, and not one of two values.</summary>
    public bool IsNumberColumn { get; init; }

    /// <summary>Event-free time that means churn, microseconds; 0 without the inactivity form.</summary>
    public long InactiveMicros { get; init; }

    /// <summary>Length of the label window, microseconds; 0 in the column form, and where it is a calendar period.</summary>
    public long HorizonMicros { get; init; }

    /// <summary>What the label window is where months differ in length: the next period that begins at or after t + gap. Null: so many days.</summary>
    internal CalendarPeriod? Period { get; init; }

    /// <summary>Time between the as-of instant and the label window, microseconds, 0 and up.</summary>
    public long GapMicros { get; init; }

    /// <summary>Column of a plain table that holds the label; empty otherwise.</summary>
    public string Column { get; init; } = "";

    /// <summary>Value of <see cref="Column"/> that means churn.</summary>
    public string Positive { get; init; } = "";

    internal Mark Mark { get; init; }

    /// <summary>The instants that the label looks at: from the first, up to and without the second; microseconds since 1970 UTC.</summary>
    public (long From, long End) WindowAt(long asOf) => Period?.NextAt(asOf + GapMicros) ?? (asOf + GapMicros, asOf + GapMicros + HorizonMicros);

    /// <summary>The window in words, t the as-of instant.</summary>
    public string WindowText => Period is { } period
        ? $"the first calendar {period.Word} that begins at or after t{(GapMicros == 0 ? "" : $" + {Duration.Write(GapMicros)}")}"
        : $"[t + {Duration.Write(GapMicros)}, t + {Duration.Write(GapMicros + HorizonMicros)})";

    /// <summary>False where the label window does not begin a gap after t: the plan asks for the next calendar period, and t lies within one.</summary>
    public bool BeginsAt(long asOf) => WindowAt(asOf).From == asOf + GapMicros;

    /// <summary>The length of the window as the plan writes it.</summary>
    internal string Horizon => Period is { } period ? $"next {period.Word}" : Duration.Write(HorizonMicros);

    /// <summary>True when the plan says how long the window is.</summary>
    internal bool HasHorizon => HorizonMicros > 0 || Period is not null;

    /// <summary>The target as the plan writes it, or the column that holds the number; empty for churn.</summary>
    public string TargetText => IsNumberColumn ? Column : Target is null ? "" : $"{Target.Value} within {Horizon}";

    /// <summary>The condition of churn as the plan writes it; empty without one.</summary>
    internal string Condition
    {
        get
        {
            List<string> parts = [];
            if (HasEvents)
                parts.Add(string.Join(" and ", (Kinds.Count > 0 ? [$"kind in ({string.Join(", ", Kinds.Select(WhereClause.Quote))})"] : Array.Empty<string>()).Concat(Conditions.Select(c => c.ToString()))));
            if (InactiveMicros > 0)
                parts.Add($"inactive {Duration.Write(InactiveMicros)}");
            if (Target is null && parts.Count > 0)
                parts[0] += $" within {Horizon}";
            return string.Join(" or ", parts);
        }
    }
}
