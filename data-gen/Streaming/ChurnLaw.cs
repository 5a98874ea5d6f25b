namespace ChurnEngine.DataGen.Streaming;

/// <summary>All that the churn of one customer at one instant t may depend on: each quantity can be computed from the written files.</summary>
/// <remarks>Windows are [t - w, t) on <c>event_at</c>. Attributes are as recorded: one that is missing in the file is missing here.</remarks>
internal readonly record struct ObservedHistory
{
    /// <summary>Days since sign-up.</summary>
    public required double TenureDays { get; init; }

    /// <summary>Days since the last play, or since sign-up where there is none; at most <see cref="ChurnLaw.RecencyCapDays"/>.</summary>
    public required double RecencyDays { get; init; }

    public required int Plays7 { get; init; }
    public required int Plays30 { get; init; }
    public required int Plays90 { get; init; }
    public required int Errors30 { get; init; }
    public required int FailedPayments90 { get; init; }
    public required int Tickets30 { get; init; }
    public required int BillingTickets30 { get; init; }
    public required Plan Plan { get; init; }
    public required double MonthlyPrice { get; init; }
    public required int? Age { get; init; }
    public required PaymentMethod? PaymentMethod { get; init; }
    public required Channel? Channel { get; init; }
}

/// <summary>The law of the streaming world: p(churn in the next 30 days | history) = sigmoid(log-odds).</summary>
/// <remarks>Thresholds, saturation and interactions are there on purpose: a linear model must lose to trees.
/// The constants are calibrated to about 15% churn a month and a best reachable ROC-AUC of about 0.86; tests hold both.</remarks>
internal static class ChurnLaw
{
    public const double RecencyCapDays = 60;

    private const double Sharpness = 1.05;
    private const double Intercept = -3.55;
    private const double ClearPivot = -0.95;
    private const double ClearSpread = 1.75;

    public static double Probability(in ObservedHistory history) => ChurnDice.Sigmoid(LogOdds(history));

    /// <summary>Log-odds of leaving.</summary>
    /// <param name="history">As of the instant.</param>
    /// <param name="frictionWeight">1 unless the law drifts.</param>
    public static double LogOdds(in ObservedHistory history, double frictionWeight = 1) =>
        Intercept + Sharpness * (Engagement(history) + frictionWeight * Friction(history) + Contract(history));

    /// <summary>The law of a world with clear signals: the log-odds spread out about a pivot, so that about as many leave, and whom it is becomes plainer.</summary>
    public static double Clear(double logOdds) => ClearPivot + ClearSpread * (logOdds - ClearPivot);

    // How much and how lately the customer listens, and where that is heading.
    private static double Engagement(in ObservedHistory h)
    {
        double logOdds = -0.55 * Math.Log(1 + h.Plays30) + 0.9 * Math.Min(h.RecencyDays, 30) / 30;
        if (h.RecencyDays > 14)
            logOdds += 0.8;

        // Went quiet: an active listener without a play for a week.
        if (h.Plays7 == 0 && h.Plays30 >= 3)
            logOdds += 0.9;

        // The trend has a meaning only once three months are on record.
        if (h.TenureDays >= 90)
        {
            double earlierMonthly = (h.Plays90 - h.Plays30) / 2.0;
            double trend = Math.Log((2 + h.Plays30) / (2 + earlierMonthly));
            logOdds -= 1.4 * Math.Clamp(trend, -1.2, 0.8);
        }

        // Sleepers: who has forgotten the subscription does not end it.
        if (h.Plays90 == 0 && h.TenureDays > 180)
            logOdds -= 2.4;
        return logOdds;
    }

    // What went wrong: charges, tickets, errors.
    private static double Friction(in ObservedHistory h)
    {
        double logOdds = h.FailedPayments90 switch { 0 => 0, 1 => 0.8, _ => 1.9 };
        if (h.FailedPayments90 > 0 && h.PaymentMethod == PaymentMethod.Card)
            logOdds -= 0.4;
        logOdds += h.Tickets30 switch { 0 => 0, 1 => 0.4, _ => 1.3 };
        if (h.Tickets30 > 0 && h.RecencyDays > 7)
            logOdds += 0.8;
        if (h.BillingTickets30 > 0 && h.MonthlyPrice > 12)
            logOdds += 0.7;
        if (h.Plays30 >= 4 && h.Errors30 > 0.15 * h.Plays30)
            logOdds += 0.8;
        return logOdds;
    }

    // Who the customer is and what is paid for.
    private static double Contract(in ObservedHistory h)
    {
        double logOdds = 1.1 * Math.Exp(-h.TenureDays / 60) + 0.05 * (h.MonthlyPrice - 11);
        logOdds += h.Plan switch
        {
            Plan.Basic => h.TenureDays < 120 ? 0.7 : 0.1,
            Plan.Premium => h.TenureDays > 365 ? -1.2 : 0.2,
            Plan.Family => -0.6,
            Plan.Student => h.TenureDays > 365 ? 0.6 : -0.2,
            _ => 0,
        };
        if (h.MonthlyPrice > 2.5 * (1 + h.Plays30))
            logOdds += 0.5;
        if (h.Channel == Channel.Promotion && h.TenureDays < 90)
            logOdds += 1.1;
        logOdds += h.Age switch { < 25 => 0.4, > 60 => -0.4, _ => 0 };
        return logOdds;
    }
}
