namespace ChurnEngine.DataGen;

/// <summary>How much was generated.</summary>
public sealed record WorldReport
{
    /// <summary>Rows of customers.parquet.</summary>
    public long Customers { get; init; }

    /// <summary>Rows of all parts of events, cancellations among them.</summary>
    public long Events { get; init; }

    /// <summary>Events that arrived more than an hour after they happened.</summary>
    public long LateEvents { get; init; }

    /// <summary>Rows of payments.parquet.</summary>
    public long Payments { get; init; }

    /// <summary>Rows of support.parquet.</summary>
    public long Tickets { get; init; }

    /// <summary>Part files of events.</summary>
    public int EventParts { get; init; }

    /// <summary>Pairs of a customer and a month's start at which churn was drawn.</summary>
    public long AtRisk { get; init; }

    /// <summary>Those of <see cref="AtRisk"/> that left within the month.</summary>
    public long Churned { get; init; }

    /// <summary>Customers still there at the scoring date.</summary>
    public long ToScore { get; init; }

    /// <summary>Churned / AtRisk: 0..1; NaN when nobody was at risk.</summary>
    public double ChurnRate => (double)Churned / AtRisk;

    internal WorldReport With(Streaming.Snapshot snapshot) => this with
    {
        AtRisk = AtRisk + (snapshot.Churned.HasValue ? 1 : 0),
        Churned = Churned + (snapshot.Churned == true ? 1 : 0),
        ToScore = ToScore + (snapshot.Churned.HasValue ? 0 : 1),
    };

    internal WorldReport Plus(WorldReport other) => this with
    {
        Customers = Customers + other.Customers,
        Events = Events + other.Events,
        LateEvents = LateEvents + other.LateEvents,
        Payments = Payments + other.Payments,
        Tickets = Tickets + other.Tickets,
        AtRisk = AtRisk + other.AtRisk,
        Churned = Churned + other.Churned,
        ToScore = ToScore + other.ToScore,
    };
}
