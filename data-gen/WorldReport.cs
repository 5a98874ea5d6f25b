namespace ChurnEngine.DataGen;

/// <summary>How much was generated.</summary>
public sealed record WorldReport
{
    /// <summary>Customers in all; with plan changes customers.parquet has more rows.</summary>
    public long Customers { get; init; }

    /// <summary>Rows of the large table: usage events with the cancellations, monthly snapshots, or lines of the log.</summary>
    public long Events { get; init; }

    /// <summary>Those of <see cref="Events"/> that arrived more than an hour after they happened, or after the period they tell of.</summary>
    public long LateEvents { get; init; }

    /// <summary>Those of <see cref="Events"/> that were delivered a second time.</summary>
    public long DuplicateEvents { get; init; }

    /// <summary>Rows of payments.parquet; 0 in worlds without.</summary>
    public long Payments { get; init; }

    /// <summary>Rows of the support table; 0 in worlds without.</summary>
    public long Tickets { get; init; }

    /// <summary>Part files of the large table.</summary>
    public int EventParts { get; init; }

    /// <summary>Pairs of a customer and a month's start at which churn was drawn.</summary>
    public long AtRisk { get; init; }

    /// <summary>Those of <see cref="AtRisk"/> that left within the month.</summary>
    public long Churned { get; init; }

    /// <summary>Those of <see cref="AtRisk"/> that got an offer.</summary>
    public long Treated { get; init; }

    /// <summary>Customers still there at the scoring date.</summary>
    public long ToScore { get; init; }

    /// <summary>Churned / AtRisk: 0..1; NaN when nobody was at risk.</summary>
    public double ChurnRate => (double)Churned / AtRisk;

    internal WorldReport With(Snapshot snapshot) => this with
    {
        Treated = Treated + (snapshot.Treated && snapshot.Churned.HasValue ? 1 : 0),
        AtRisk = AtRisk + (snapshot.Churned.HasValue ? 1 : 0),
        Churned = Churned + (snapshot.Churned == true ? 1 : 0),
        ToScore = ToScore + (snapshot.Churned.HasValue ? 0 : 1),
    };

    internal WorldReport Plus(WorldReport other) => this with
    {
        Customers = Customers + other.Customers,
        Events = Events + other.Events,
        LateEvents = LateEvents + other.LateEvents,
        DuplicateEvents = DuplicateEvents + other.DuplicateEvents,
        Payments = Payments + other.Payments,
        Tickets = Tickets + other.Tickets,
        AtRisk = AtRisk + other.AtRisk,
        Churned = Churned + other.Churned,
        Treated = Treated + other.Treated,
        ToScore = ToScore + other.ToScore,
    };
}
