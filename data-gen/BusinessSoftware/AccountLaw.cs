using System.Runtime.InteropServices;

namespace ChurnEngine.DataGen.BusinessSoftware;

/// <summary>All that the closing of one account at one instant t may depend on. Windows are [t - w, t) on the instant of the event.</summary>
internal readonly record struct AccountHistory
{
    public required double TenureDays { get; init; }
    public required int Plan { get; init; }
    public required bool IsAnnual { get; init; }
    public required int Seats { get; init; }
    public required double PricePerSeat { get; init; }
    public required int Logins14 { get; init; }
    public required int Logins90 { get; init; }
    public required int Exports30 { get; init; }
    public required int Urgent30 { get; init; }
    public required int Overdue60 { get; init; }
    public required int SeatsRemoved60 { get; init; }

    public static AccountHistory Before(long instant, AccountLog log, in Account account) => new()
    {
        TenureDays = (instant - account.CreatedAt) / (double)WorldClock.Day,
        Plan = account.Plan,
        IsAnnual = account.IsAnnual,
        Seats = log.SeatsBefore(instant),
        PricePerSeat = account.PricePerSeat,
        Logins14 = Count(log.Usage, instant, 14, (byte)UsageKind.Login),
        Logins90 = Count(log.Usage, instant, 90, (byte)UsageKind.Login),
        Exports30 = Count(log.Usage, instant, 30, (byte)UsageKind.Export),
        Urgent30 = Count(log.Tickets, instant, 30, (byte)Priority.Urgent),
        Overdue60 = Count(log.Invoices, instant, 60, (byte)InvoiceStatus.Overdue),
        SeatsRemoved60 = Count(log.Lifecycle, instant, 60, (byte)Change.SeatsRemoved),
    };

    // Weeks are in order, the events within one are not.
    private static int Count(List<LoggedEvent> events, long instant, int days, byte kind)
    {
        long from = instant - days * WorldClock.Day;
        int count = 0;
        ReadOnlySpan<LoggedEvent> span = CollectionsMarshal.AsSpan(events);
        for (int i = span.Length - 1; i >= 0 && span[i].At >= from - WorldClock.Week; i--)
            count += span[i].Kind == kind && span[i].At >= from && span[i].At < instant ? 1 : 0;
        return count;
    }
}

/// <summary>The law of the business-software world: p(closes in the next 30 days | history) = sigmoid(log-odds).</summary>
/// <remarks>Two regimes, with little between: few warning signs, and hardly anybody closes; several together, and nearly all do. Only so can precision 0.80 and
/// recall 0.70 be reached at 6% a month (facts-domain.md section 1); tests hold them.</remarks>
internal static class AccountLaw
{
    private const double Intercept = -4.6;
    private const double Alarm = 7.2;
    private const double Steepness = 9;
    private const double Enough = 1.35;

    public static double Probability(in AccountHistory history) => ChurnDice.Sigmoid(LogOdds(history));

    /// <summary>Log-odds of closing.</summary>
    /// <param name="h">As of the instant.</param>
    /// <param name="warningWeight">1 unless the law drifts.</param>
    public static double LogOdds(in AccountHistory h, double warningWeight = 1) =>
        Intercept + Alarm * ChurnDice.Sigmoid(Steepness * (warningWeight * Warnings(h) - Enough)) + Background(h);

    /// <summary>Warning signs, each with its weight.</summary>
    public static double Warnings(in AccountHistory h)
    {
        double warnings = 0;
        if (HasCollapsed(h))
            warnings += 1;
        if (h.Exports30 >= 3)
            warnings += 0.7;
        if (h.Urgent30 >= 1)
            warnings += 0.6;
        if (h.Overdue60 >= 1)
            warnings += 0.5;
        if (h.SeatsRemoved60 >= 1)
            warnings += 0.6;
        return warnings;
    }

    // Two weeks at less than a third of what the weeks before had.
    private static bool HasCollapsed(in AccountHistory h) => h.Logins90 - h.Logins14 >= 8 && h.Logins14 / 14.0 < (h.Logins90 - h.Logins14) / 76.0 / 3;

    private static double Background(in AccountHistory h)
    {
        double logOdds = 1.2 * Math.Exp(-h.TenureDays / 90);
        if (h.IsAnnual)
            logOdds -= 0.6;
        if (h.Plan == 0)
            logOdds += 0.4;
        if (h.Logins90 < 8)
            logOdds += 0.8;
        return logOdds;
    }
}

/// <summary>What an offer, a visit by a success manager, does to whom, and what an account is worth.</summary>
internal static class AccountOffer
{
    private const double MarginShare = 0.8;

    /// <summary>What the visit adds to the log-odds of closing.</summary>
    public static double Shift(in AccountHistory h)
    {
        // The data is out and the seats are given back: too late.
        if (h.Exports30 >= 3 && h.SeatsRemoved60 >= 1)
            return 0;
        // Something is broken, and somebody comes to mend it.
        if (h.Urgent30 >= 1)
            return -2;
        // A forgotten account is reminded of its bill.
        if (h.Logins90 < 8)
            return 0.7;
        return h.Plan == 0 ? -0.1 : -0.5;
    }

    /// <summary>Margin of a year at the present seats.</summary>
    public static double YearlyMargin(in AccountHistory h) => 12 * MarginShare * h.Seats * h.PricePerSeat;
}
