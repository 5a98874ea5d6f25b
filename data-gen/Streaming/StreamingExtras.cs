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
        new("plays", "plays a week, and what goes with them; by variance how far customers stray from their own level", DriftKind.Mean, DriftKind.Variance),
        new("errors", "errors per play"),
        new("tickets", "support tickets a week"),
        new("failed_charges", "probability that a charge fails"),
        new("monthly_price", "price of those who sign up from then on", DriftKind.Mean, DriftKind.Variance),
        new("age", "age of those who sign up from then on", DriftKind.Mean, DriftKind.Variance, DriftKind.Missing),
        new("friction_law", "how much failed charges, tickets and errors count for churn: the same history then means another risk", DriftKind.Concept),
        new("channel", "how those who sign up from then on were won", DriftKind.Category, DriftKind.Missing),
        new("payment_method", "how those who sign up from then on pay", DriftKind.Category, DriftKind.Missing),
        new("region", "where those who sign up from then on live", DriftKind.Category, DriftKind.Missing),
        new("gender", "gender of those who sign up from then on", DriftKind.Missing),
    ];

    public DriftCurve Plays { get; } = new(options, "plays");
    public DriftCurve Errors { get; } = new(options, "errors");
    public DriftCurve Tickets { get; } = new(options, "tickets");
    public DriftCurve FailedCharges { get; } = new(options, "failed_charges");
    public DriftCurve MonthlyPrice { get; } = new(options, "monthly_price");
    public DriftCurve Age { get; } = new(options, "age");
    public DriftCurve FrictionLaw { get; } = new(options, "friction_law", DriftKind.Concept);
    public DriftCurve PlaysSpread { get; } = new(options, "plays", DriftKind.Variance, isDefault: false);
    public DriftCurve PriceSpread { get; } = new(options, "monthly_price", DriftKind.Variance, isDefault: false);
    public DriftCurve AgeSpread { get; } = new(options, "age", DriftKind.Variance, isDefault: false);
    public AttributeDrift AgeRecord { get; } = new(options, "age", 0);
    public AttributeDrift Channel { get; } = new(options, "channel", 1);
    public AttributeDrift PaymentMethod { get; } = new(options, "payment_method", 2);
    public AttributeDrift Region { get; } = new(options, "region", 3);
    public AttributeDrift Gender { get; } = new(options, "gender", 4, losesByDefault: true);
}

/// <summary>What becomes of an attribute as the files have it: a value that nobody had before, or none.</summary>
internal readonly struct AttributeDrift
{
    private readonly DriftCurve _new, _lost;
    private readonly int _number;

    /// <param name="options">What drifts.</param>
    /// <param name="name">The attribute.</param>
    /// <param name="number">Its draws, apart from those of other attributes.</param>
    /// <param name="losesByDefault">Whether a drift that says no kind loses values.</param>
    public AttributeDrift(WorldOptions options, string name, int number, bool losesByDefault = false) =>
        (_new, _lost, _number) = (new DriftCurve(options, name, DriftKind.Category, !losesByDefault), new DriftCurve(options, name, DriftKind.Missing, losesByDefault), number);

    /// <summary>True where some get a value that nobody had before.</summary>
    public bool HasNew => _new.IsThere;

    /// <summary>What is recorded.</summary>
    /// <param name="value">Without a drift; null where it is missing.</param>
    /// <param name="novel">The value that nobody had before.</param>
    /// <param name="customer">Key, and when the customer signed up.</param>
    public int? Of(int? value, int novel, (ulong Key, long SignupAt) customer)
    {
        if (value is null || Draws(_lost, 2 * _number, customer))
            return null;
        return Draws(_new, 2 * _number + 1, customer) ? novel : value;
    }

    private static bool Draws(DriftCurve curve, int sequence, (ulong Key, long SignupAt) customer) =>
        curve.ShareAt(customer.SignupAt) is > 0 and var share && new CounterRandom(customer.Key, DrawPurpose.Drift, sequence).NextBool(share);
}

/// <summary>What holds for all customers of a streaming world.</summary>
internal sealed record StreamingSetting(WorldClock Clock, StreamingExtras Extras, StreamingDrifts Drifts);
