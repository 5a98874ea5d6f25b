namespace ChurnEngine.DataGen.BusinessSoftware;

/// <summary>One account: what the files say, and the hidden traits that drive its use.</summary>
internal readonly record struct Account
{
    public required long Id { get; init; }

    /// <summary>Root of the random numbers.</summary>
    public required ulong Key { get; init; }

    public required long CreatedAt { get; init; }

    /// <summary>Code into <see cref="AccountWords.Plans"/>.</summary>
    public required int Plan { get; init; }

    public required bool IsAnnual { get; init; }
    public required double PricePerSeat { get; init; }

    /// <summary>At the beginning.</summary>
    public required int Seats { get; init; }

    public required int? Industry { get; init; }
    public required int? Country { get; init; }
    public required int? ContactName { get; init; }
    public required int? ContactGender { get; init; }

    /// <summary>Logarithm of the usual events of a seat and week.</summary>
    public required double LogUse { get; init; }

    /// <summary>Standard normal: how often the finance department forgets.</summary>
    public required double Sloppiness { get; init; }
}

/// <summary>Draws accounts.</summary>
internal sealed class AccountSource(int customers, long seed, WorldClock clock, AccountDrifts drifts)
{
    private const double MonthlyArrivals = 0.065;
    private const double MeanBaseTenureDays = 600;
    private const int MostSeats = 200;

    private static readonly double[] s_plans = [0.35, 0.45, 0.20];
    private static readonly double[] s_industries = [0.2, 0.17, 0.15, 0.13, 0.13, 0.12, 0.1];
    private static readonly double[] s_countries = [0.25, 0.18, 0.12, 0.1, 0.15, 0.2];

    private readonly SignupSchedule _signups = new(customers, clock, MonthlyArrivals, MeanBaseTenureDays);

    public Account Draw(int index)
    {
        ulong key = CounterRandom.CustomerKey(seed, index);
        long created = _signups.SignupOf(index, key);
        var draw = new CounterRandom(key, DrawPurpose.Attributes);
        int plan = Shares.Pick(s_plans, draw.NextUnit());
        double seats = Math.Exp(1.2 + 0.35 * (plan - 1) + 0.7 * draw.NextNormal()) * drifts.Seats.At(created);
        bool annual = draw.NextBool(0.3);
        bool oldPrice = draw.NextBool(0.2);
        int industry = Shares.Pick(s_industries, draw.NextUnit());
        int country = Shares.Pick(s_countries, draw.NextUnit());
        int name = (int)draw.NextBelow(AccountWords.Names.Length);
        int gender = (int)draw.NextBelow(AccountWords.Genders.Length);
        var missing = new CounterRandom(key, DrawPurpose.Missing);
        var traits = new CounterRandom(key, DrawPurpose.Traits);
        return new Account
        {
            Id = index + 1L,
            Key = key,
            CreatedAt = created,
            Plan = plan,
            IsAnnual = annual,
            PricePerSeat = oldPrice ? 40 : 50,
            Seats = Math.Clamp((int)Math.Round(seats), 1, MostSeats),
            Industry = missing.NextBool(0.07) ? null : industry,
            Country = missing.NextBool(0.05) ? null : country,
            ContactName = missing.NextBool(0.05) ? null : name,
            ContactGender = missing.NextBool(0.08) ? null : gender,
            LogUse = DrawLogUse(ref traits),
            Sloppiness = traits.NextNormal(),
        };
    }

    private static double DrawLogUse(ref CounterRandom draw)
    {
        double level = 0.75 + 0.4 * draw.NextNormal();
        double outlier = draw.NextUnit();
        // Power users, and accounts that are paid for and forgotten.
        return outlier < 0.02 ? level + 1.5 : outlier > 0.96 ? level - 2.5 : level;
    }
}
