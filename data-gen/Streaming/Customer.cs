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

/// <summary>Draws customers: an initial base that signed up before the world starts, and arrivals spread evenly over all months.</summary>
internal sealed class CustomerSource(int customers, long seed, WorldClock clock)
{
    // Arrivals a month as a share of the base: what leaves must come in, or the population would die out or explode.
    private const double MonthlyArrivals = 0.16;
    private const double MeanBaseTenureDays = 280;

    private static readonly double[] s_planShares = [0.30, 0.35, 0.15, 0.12, 0.08];
    private static readonly double[] s_planPrices = [7.99, 11.99, 16.99, 19.99, 4.99];
    private static readonly double[] s_methodShares = [0.50, 0.20, 0.18, 0.12];
    private static readonly double[] s_chargeFailures = [0.035, 0.02, 0.05, 0.09];
    private static readonly double[] s_channelShares = [0.30, 0.18, 0.16, 0.10, 0.18, 0.08];
    private static readonly double[] s_genderShares = [0.485, 0.485, 0.03];
    private static readonly double[] s_regionShares = [0.18, 0.16, 0.15, 0.15, 0.14, 0.12, 0.05, 0.05];

    /// <summary>Customers that signed up before the world starts; the first ids.</summary>
    public int BaseCount { get; } = Math.Max(1, (int)Math.Round(customers / (1 + MonthlyArrivals * clock.Months)));

    public Customer Draw(int index)
    {
        ulong key = CounterRandom.CustomerKey(seed, index);
        var draw = new CounterRandom(key, DrawPurpose.Attributes);
        var plan = (Plan)Pick(s_planShares, draw.NextUnit());
        // One in seven keeps the price of an old offer.
        double price = draw.NextBool(0.15) ? Math.Round(s_planPrices[(int)plan] * 0.8, 2) : s_planPrices[(int)plan];
        var method = (PaymentMethod)Pick(s_methodShares, draw.NextUnit());
        var channel = (Channel)Pick(s_channelShares, draw.NextUnit());
        int gender = Pick(s_genderShares, draw.NextUnit());
        int region = Pick(s_regionShares, draw.NextUnit());
        int age = plan == Plan.Student
            ? 18 + (int)draw.NextBelow(10)
            : (int)Math.Clamp(Math.Round(40 + 14 * draw.NextNormal()), 16, 90);

        var missing = new CounterRandom(key, DrawPurpose.Missing);
        var record = new Customer.Recorded(
            missing.NextBool(0.08) ? null : age,
            missing.NextBool(0.06) ? null : gender,
            missing.NextBool(0.055) ? null : region,
            missing.NextBool(0.07) ? null : method,
            missing.NextBool(0.09) ? null : channel);
        return new Customer
        {
            Id = index + 1L,
            Key = key,
            SignupAt = SignupOf(index, key),
            Plan = plan,
            MonthlyPrice = price,
            Record = record,
            Hidden = DrawTraits(key, age, s_chargeFailures[(int)method]),
        };
    }

    // Stratified, so that ids follow the order of sign-up and arrivals never stop.
    private long SignupOf(int index, ulong key)
    {
        double within = new CounterRandom(key, DrawPurpose.Signup).NextUnit();
        if (index < BaseCount)
        {
            double older = (BaseCount - index - within) / BaseCount;
            double tenureDays = Math.Min(3650, -MeanBaseTenureDays * Math.Log(1 - Math.Min(older, 1 - 1e-12)));
            return WorldClock.Start - 1 - (long)(tenureDays * WorldClock.Day);
        }
        double position = (index - BaseCount + within) / (customers - BaseCount);
        return WorldClock.Start + (long)(position * (clock.End - WorldClock.Start));
    }

    private static Customer.Traits DrawTraits(ulong key, int age, double chargeFailure)
    {
        var draw = new CounterRandom(key, DrawPurpose.Traits);
        double level = -0.45 + 0.7 * draw.NextNormal() - 0.008 * (age - 40);
        double outlier = draw.NextUnit();
        // Power users listen six times as much, dormant accounts hardly at all.
        if (outlier < 0.02)
            level += 1.8;
        else if (outlier > 0.95)
            level -= 3.5;
        double discontent = draw.NextNormal();
        double errors = draw.NextNormal();
        return new Customer.Traits(level, discontent, errors, chargeFailure, 120 + 180 * draw.NextExponential());
    }

    private static int Pick(double[] shares, double unit)
    {
        int code = 0;
        while (code < shares.Length - 1 && unit >= shares[code])
            unit -= shares[code++];
        return code;
    }
}
