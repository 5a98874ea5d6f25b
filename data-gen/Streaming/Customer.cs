namespace ChurnEngine.DataGen.Streaming;

/// <summary>One customer: what the files say, and the hidden traits that drive the behaviour.</summary>
internal readonly record struct Customer
{
    /// <summary>1 to N, in the order of sign-up.</summary>
    public required long Id { get; init; }

    /// <summary>Root of the customer's random numbers.</summary>
    public required ulong Key { get; init; }

    public required long SignupAt { get; init; }
    public required Plan Plan { get; init; }
    public required double MonthlyPrice { get; init; }
    public required Recorded Record { get; init; }
    public required Traits Hidden { get; init; }

    /// <summary>The optional fields as written; null where the export lacks them. Gender and region are codes.</summary>
    internal readonly record struct Recorded(int? Age, int? Gender, int? Region, PaymentMethod? PaymentMethod, Channel? Channel);

    /// <summary>What no file tells.</summary>
    /// <param name="LogWeeklyPlays">Where the logarithm of the weekly plays settles.</param>
    /// <param name="Discontent">Standard normal: tickets, skips.</param>
    /// <param name="ErrorProneness">Standard normal: a bad device or network.</param>
    /// <param name="ChargeFailure">Probability that a charge fails.</param>
    /// <param name="PlaySeconds">Mean length of a play.</param>
    internal readonly record struct Traits(double LogWeeklyPlays, double Discontent, double ErrorProneness, double ChargeFailure, double PlaySeconds);
}
