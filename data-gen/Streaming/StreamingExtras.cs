namespace ChurnEngine.DataGen.Streaming;

/// <summary>What a streaming world has only when asked for with <c>--with</c>; without them its bytes are those of earlier releases.</summary>
internal sealed record StreamingExtras
{
    /// <summary>The names, in the order of the properties.</summary>
    public static IReadOnlyList<string> All { get; } = ["seasonality", "plan-changes", "support-bursts", "duplicates", "new-columns", "clear-signals"];

    public StreamingExtras(WorldOptions options)
    {
        Seasonality = options.Has(All[0]);
        PlanChanges = options.Has(All[1]);
        SupportBursts = options.Has(All[2]);
        Duplicates = options.Has(All[3]);
        NewColumns = options.Has(All[4]);
        ClearSignals = options.Has(All[5]);
    }

    /// <summary>Winters and weekends are busier.</summary>
    public bool Seasonality { get; }

    /// <summary>Customers move between plans; customers.parquet has a row for each.</summary>
    public bool PlanChanges { get; }

    /// <summary>Weeks of trouble: errors and a burst of tickets, and so a higher risk in the month after.</summary>
    public bool SupportBursts { get; }

    /// <summary>One event in a hundred is delivered twice.</summary>
    public bool Duplicates { get; }

    /// <summary>Events have a column more from the middle of the world on.</summary>
    public bool NewColumns { get; }

    /// <summary>The same history says more: the best reachable model has recall above 0.75 at a precision above 0.60.</summary>
    public bool ClearSignals { get; }
}

/// <summary>What can drift in a streaming world.</summary>
internal sealed class StreamingDrifts(WorldOptions options)
{
    public static IReadOnlyList<DriftFeature> All { get; } =
    [
        new("plays", "plays a week, and what goes with them"),
        new("errors", "errors per play"),
        new("tickets", "support tickets a week"),
        new("failed_charges", "probability that a charge fails"),
        new("monthly_price", "price of those who sign up from then on"),
        new("age", "age of those who sign up from then on"),
        new("friction_law", "how much failed charges, tickets and errors count for churn: the same history then means another risk"),
    ];

    public DriftCurve Plays { get; } = new(options, "plays");
    public DriftCurve Errors { get; } = new(options, "errors");
    public DriftCurve Tickets { get; } = new(options, "tickets");
    public DriftCurve FailedCharges { get; } = new(options, "failed_charges");
    public DriftCurve MonthlyPrice { get; } = new(options, "monthly_price");
    public DriftCurve Age { get; } = new(options, "age");
    public DriftCurve FrictionLaw { get; } = new(options, "friction_law");
}

/// <summary>What holds for all customers of a streaming world.</summary>
internal sealed record StreamingSetting(WorldClock Clock, StreamingExtras Extras, StreamingDrifts Drifts);
