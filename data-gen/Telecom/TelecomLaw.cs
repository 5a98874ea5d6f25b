namespace ChurnEngine.DataGen.Telecom;

/// <summary>All that the churn of one subscriber at one instant t may depend on; months are those that ended at or before t, whether loaded or not.</summary>
internal readonly record struct TelecomHistory
{
    /// <summary>Months since joining.</summary>
    public required double TenureMonths { get; init; }

    public required Contract Contract { get; init; }

    /// <summary>Null without a contract.</summary>
    public required double? ContractMonthsLeft { get; init; }

    public required bool AutoRenew { get; init; }
    public required Access Access { get; init; }
    public required int AddOns { get; init; }

    /// <summary>The payment method where the books have it.</summary>
    public required Payment? Payment { get; init; }

    public required double Charge { get; init; }

    /// <summary>Charge of the latest month over the mean of up to five before, less 1; 0 in the first month.</summary>
    public required double ChargeRise { get; init; }

    /// <summary>Recorded data of the latest month over the mean of the two before that are recorded; 1 where either is missing.</summary>
    public required double DataTrend { get; init; }

    /// <summary>Mean of the recorded data of three months; NaN without any.</summary>
    public required double MeanData { get; init; }

    public required int Tickets3 { get; init; }
    public required int Dropped3 { get; init; }
    public required int Late3 { get; init; }

    public static TelecomHistory Of(ReadOnlySpan<MonthRow> rows, in Subscriber subscriber, long instant)
    {
        MonthRow latest = rows[^1];
        ReadOnlySpan<MonthRow> three = rows[Math.Max(0, rows.Length - 3)..];
        ReadOnlySpan<MonthRow> before = rows[Math.Max(0, rows.Length - TelecomLife.HistoryMonths)..^1];
        int tickets = 0, dropped = 0, late = 0;
        foreach (ref readonly MonthRow row in three)
            (tickets, dropped, late) = (tickets + row.Tickets, dropped + row.DroppedCalls, late + row.LatePayments);
        double charged = 0;
        foreach (ref readonly MonthRow row in before)
            charged += row.Charge;
        double earlierData = MeanData3(three[..^1]);
        return new TelecomHistory
        {
            TenureMonths = (instant - subscriber.JoinedAt) / (double)WorldClock.Month,
            Contract = latest.Contract,
            ContractMonthsLeft = latest.ContractMonthsLeft,
            AutoRenew = subscriber.AutoRenew,
            Access = subscriber.Access,
            AddOns = latest.AddOns,
            Payment = subscriber.PaymentRecorded ? subscriber.Payment : null,
            Charge = latest.Charge,
            ChargeRise = before.Length == 0 ? 0 : latest.Charge / (charged / before.Length) - 1,
            DataTrend = latest.UseRecorded && earlierData > 0 ? latest.DataGb / earlierData : 1,
            MeanData = MeanData3(three),
            Tickets3 = tickets,
            Dropped3 = dropped,
            Late3 = late,
        };
    }

    private static double MeanData3(ReadOnlySpan<MonthRow> rows)
    {
        double sum = 0;
        int count = 0;
        foreach (ref readonly MonthRow row in rows)
        {
            sum += row.UseRecorded ? row.DataGb : 0;
            count += row.UseRecorded ? 1 : 0;
        }
        return sum / count;
    }
}

/// <summary>The law of the telecom world: p(leaves next period | history) = sigmoid(log-odds).</summary>
/// <remarks>Calibrated to about a fifth of customer-months and to the figures of facts-domain.md section 1; tests hold both.</remarks>
internal static class TelecomLaw
{
    private const double Sharpness = 1.15;
    private const double Intercept = -3.1;

    public static double Probability(in TelecomHistory history) => ChurnDice.Sigmoid(LogOdds(history));

    /// <summary>Log-odds of leaving.</summary>
    /// <param name="h">As of the instant.</param>
    /// <param name="serviceWeight">1 unless the law drifts.</param>
    public static double LogOdds(in TelecomHistory h, double serviceWeight = 1) =>
        Intercept + Sharpness * (Binding(h) + Price(h) + serviceWeight * Service(h) + Use(h));

    private static double Binding(in TelecomHistory h)
    {
        double logOdds = 1.2 * Math.Exp(-h.TenureMonths / 8);
        if (h.ContractMonthsLeft is not { } left)
            return logOdds + 1.3;
        // Bound, until the end comes near.
        if (left > 2)
            return logOdds - (h.Contract == Contract.TwoYears ? 2.4 : 1.7);
        return logOdds + (left <= 1 ? 0.9 : 0.2) + (h.AutoRenew ? -0.3 : 0.5);
    }

    private static double Price(in TelecomHistory h)
    {
        double logOdds = 4 * Math.Clamp(h.ChargeRise, -0.1, 0.25);
        if (h.ChargeRise > 0.05)
            logOdds += 0.7;
        if (h.Charge > 85)
            logOdds += 0.5;
        if (h.Access == Access.Fiber && h.AddOns <= 1)
            logOdds += 0.6;
        return logOdds;
    }

    private static double Service(in TelecomHistory h)
    {
        double logOdds = h.Tickets3 switch { 0 => 0, 1 => 0.4, 2 => 1.0, _ => 1.9 };
        if (h.Dropped3 > 8)
            logOdds += 0.7;
        logOdds += h.Late3 switch { 0 => 0, 1 => 0.7, _ => 1.7 };
        // Trouble weighs most on who may go at once.
        if (h.Tickets3 >= 2 && h.Contract == Contract.Monthly)
            logOdds += 0.6;
        return logOdds;
    }

    private static double Use(in TelecomHistory h)
    {
        double logOdds = h.Payment == Payment.Cheque ? 0.4 : 0;
        if (h.DataTrend < 0.45)
            logOdds += 1.2;
        else if (h.DataTrend > 1.2)
            logOdds -= 0.3;
        // A line that nobody uses and nobody thinks of.
        if (h.MeanData < 0.5 && h.TenureMonths > 12)
            logOdds -= 0.9;
        return logOdds;
    }
}

/// <summary>What an offer, a tenth off the price for half a year, does to whom, and what a subscriber is worth.</summary>
internal static class TelecomOffer
{
    private const double MarginShare = 0.5;

    /// <summary>What the offer adds to the log-odds of leaving.</summary>
    public static double Shift(in TelecomHistory h)
    {
        // Reminded of a line that nobody uses.
        if (h.MeanData < 0.5 && h.TenureMonths > 12)
            return 0.8;
        // A discount does not mend the line, and who is bound stays anyway.
        if (h.Tickets3 >= 3 || h.ContractMonthsLeft > 3)
            return 0;
        return -0.5 - (h.ChargeRise > 0.05 ? 0.8 : 0) - (h.Charge > 70 ? 0.4 : 0);
    }

    /// <summary>Margin of a year at the latest charge.</summary>
    public static double YearlyMargin(in TelecomHistory h) => 12 * MarginShare * h.Charge;
}
