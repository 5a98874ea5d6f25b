namespace ChurnEngine.DataGen.Streaming;

/// <summary>What an offer, a month at a discount, does to whom, and what a customer is worth.</summary>
/// <remarks>Heterogeneous on purpose: it saves who is price-conscious and still listens, reminds sleepers that they pay, and does nothing where charges fail.</remarks>
internal static class OfferLaw
{
    private const double MarginShare = 0.75;
    private const double RoyaltyPerPlay = 0.004;

    /// <summary>What the offer adds to the log-odds of leaving.</summary>
    public static double Shift(in ObservedHistory h)
    {
        // Sleeping dogs.
        if (h.Plays90 == 0 && h.TenureDays > 180)
            return 1.2;
        // Lost causes: no money in the account.
        if (h.FailedPayments90 >= 2)
            return 0;
        double shift = -0.4;
        if (h.MonthlyPrice > 11)
            shift -= 0.5;
        if (h.Channel == Channel.Promotion)
            shift -= 0.6;
        if (h.Age < 25)
            shift -= 0.3;
        if (h.RecencyDays > 21)
            shift += 0.5;
        return shift;
    }

    /// <summary>Margin of a year at the present price and use.</summary>
    public static double YearlyMargin(in ObservedHistory h) => 12 * (MarginShare * h.MonthlyPrice - RoyaltyPerPlay * h.Plays30);
}
