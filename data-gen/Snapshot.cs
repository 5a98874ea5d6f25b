namespace ChurnEngine.DataGen;

/// <summary>What a customer's history says about the next 30 days.</summary>
/// <param name="LogOdds">Of leaving without an offer.</param>
/// <param name="OfferShift">What an offer adds to the log-odds; above 0 for who is better left alone.</param>
/// <param name="Value">Margin that the customer brings in a year, in the world's currency.</param>
internal readonly record struct Outlook(double LogOdds, double OfferShift, double Value);

/// <summary>One row of the truth.</summary>
/// <param name="Month">m: the snapshot is at t_m.</param>
/// <param name="Probability">Of leaving within [t_m, t_m + 30 days), with the offer when it was made.</param>
/// <param name="Churned">Whether the customer left; null at the scoring date.</param>
internal readonly record struct Snapshot(int Month, double Probability, bool? Churned)
{
    /// <summary>Whether an offer was made at t_m.</summary>
    public bool Treated { get; init; }

    /// <summary>Probability with an offer less that without: below 0 where the offer helps.</summary>
    public double Effect { get; init; }

    /// <summary>Margin of a year.</summary>
    public double Value { get; init; }
}

/// <summary>Draws offers and churn.</summary>
/// <param name="clock">Says which month is the last.</param>
/// <param name="treatmentShare">0..1.</param>
internal sealed class ChurnDice(WorldClock clock, double treatmentShare)
{
    /// <summary>The draw at a month's start.</summary>
    /// <param name="key">Root of the customer's random numbers.</param>
    /// <param name="month">m of t_m; at the last one nothing is drawn.</param>
    /// <param name="outlook">What the history says.</param>
    /// <param name="leavesAt">When the customer leaves, if it does.</param>
    public Snapshot Draw(ulong key, int month, in Outlook outlook, out long leavesAt)
    {
        double without = Sigmoid(outlook.LogOdds);
        double with = Sigmoid(outlook.LogOdds + outlook.OfferShift);
        leavesAt = long.MaxValue;
        if (month == clock.Months)
            return new Snapshot(month, without, null) { Effect = with - without, Value = outlook.Value };
        bool treated = treatmentShare > 0 && new CounterRandom(key, DrawPurpose.Treatment, month).NextBool(treatmentShare);
        double probability = treated ? with : without;
        var draw = new CounterRandom(key, DrawPurpose.Churn, month);
        bool churned = draw.NextBool(probability);
        if (churned)
            leavesAt = WorldClock.MonthStart(month) + draw.NextBelow(WorldClock.Month);
        return new Snapshot(month, probability, churned) { Treated = treated, Effect = with - without, Value = outlook.Value };
    }

    public static double Sigmoid(double logOdds) => 1 / (1 + Math.Exp(-logOdds));
}

/// <summary>One customer's story, told forward: state, then events. It hears of the leaving only after that was drawn.</summary>
internal interface IStory
{
    /// <summary>Lives on until all that happens before <paramref name="instant"/> is told.</summary>
    void RunUntil(long instant);

    /// <summary>What the history before <paramref name="instant"/>, as the files will have it, says of the time after.</summary>
    Outlook Observe(long instant);

    /// <summary>Forgets what would have happened at or after <paramref name="instant"/>; tells of the leaving when that is why.</summary>
    void End(long instant, bool left);
}

/// <summary>Takes a customer from month to month, with the draw of design.md section 9 at each start.</summary>
internal static class Lifetime
{
    /// <summary>Runs a story to the world's end, or to the instant of leaving.</summary>
    /// <param name="story">The customer.</param>
    /// <param name="customer">Root of its random numbers, and when it signed up.</param>
    /// <param name="clock">Months.</param>
    /// <param name="dice">Draws.</param>
    /// <param name="snapshots">Cleared, then filled: one entry a month's start at which the customer was there.</param>
    public static void Run(IStory story, (ulong Key, long SignupAt) customer, WorldClock clock, ChurnDice dice, List<Snapshot> snapshots)
    {
        snapshots.Clear();
        for (int month = 0; month <= clock.Months; month++)
        {
            long instant = WorldClock.MonthStart(month);
            story.RunUntil(instant);
            // Whoever signs up within a month is first at risk in the next.
            if (customer.SignupAt >= instant)
                continue;
            snapshots.Add(dice.Draw(customer.Key, month, story.Observe(instant), out long leavesAt));
            if (leavesAt == long.MaxValue)
                continue;
            story.RunUntil(leavesAt);
            story.End(leavesAt, left: true);
            return;
        }
        story.End(clock.End, left: false);
    }
}
