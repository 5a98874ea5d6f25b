namespace ChurnEngine.DataGen.Telecom;

/// <summary>One subscriber: what the files say, and the hidden traits that drive the months.</summary>
internal readonly record struct Subscriber
{
    public required long Id { get; init; }

    /// <summary>Root of the random numbers.</summary>
    public required ulong Key { get; init; }

    public required long JoinedAt { get; init; }

    /// <summary>Protected, as gender is. It has no effect of its own on churn, but seniors choose contracts that are easier to leave.</summary>
    public required bool Senior { get; init; }

    public required int? Gender { get; init; }
    public required bool? Partner { get; init; }
    public required bool? Dependents { get; init; }
    public required int? RegionRecorded { get; init; }
    public required Contract FirstContract { get; init; }
    public required Access Access { get; init; }
    public required Payment Payment { get; init; }
    public required bool PaymentRecorded { get; init; }
    public required bool AutoRenew { get; init; }
    public required int AddOns { get; init; }

    /// <summary>Months for which a fifth of the price is let off.</summary>
    public required int DiscountMonths { get; init; }

    /// <summary>Logarithm of the usual data in a month, in GB.</summary>
    public required double LogData { get; init; }

    /// <summary>Standard normal: how bad the line is.</summary>
    public required double LineTrouble { get; init; }

    /// <summary>Standard normal: how tight money is.</summary>
    public required double MoneyTrouble { get; init; }

    /// <summary>Standard normal: how quick to complain.</summary>
    public required double Complaints { get; init; }
}

/// <summary>Draws subscribers.</summary>
internal sealed class SubscriberSource(int customers, long seed, WorldClock clock)
{
    private const double MonthlyArrivals = 0.22;
    private const double MeanBaseTenureDays = 500;

    private static readonly double[] s_contracts = [0.60, 0.24, 0.16];
    private static readonly double[] s_seniorContracts = [0.82, 0.12, 0.06];
    private static readonly double[] s_access = [0.18, 0.36, 0.46];
    private static readonly double[] s_payments = [0.27, 0.25, 0.30, 0.18];
    private static readonly double[] s_regions = [0.2, 0.2, 0.2, 0.15, 0.25];

    private readonly SignupSchedule _signups = new(customers, clock, MonthlyArrivals, MeanBaseTenureDays);

    public Subscriber Draw(int index)
    {
        ulong key = CounterRandom.CustomerKey(seed, index);
        var draw = new CounterRandom(key, DrawPurpose.Attributes);
        bool senior = draw.NextBool(0.16);
        var contract = (Contract)Shares.Pick(senior ? s_seniorContracts : s_contracts, draw.NextUnit());
        var access = (Access)Shares.Pick(s_access, draw.NextUnit());
        var payment = (Payment)Shares.Pick(s_payments, draw.NextUnit());
        bool autoRenew = draw.NextBool(0.5);
        int addOns = access == Access.None ? 0 : (int)draw.NextBelow(6);
        int discountMonths = draw.NextBool(0.4) ? 6 : 0;
        bool partner = draw.NextBool(0.48);
        bool dependents = draw.NextBool(partner ? 0.5 : 0.1);
        int gender = draw.NextBool(0.5) ? 1 : 0;
        int region = Shares.Pick(s_regions, draw.NextUnit());
        var missing = new CounterRandom(key, DrawPurpose.Missing);
        var traits = new CounterRandom(key, DrawPurpose.Traits);
        return new Subscriber
        {
            Id = index + 1L,
            Key = key,
            JoinedAt = _signups.SignupOf(index, key),
            Senior = senior,
            Gender = missing.NextBool(0.06) ? null : gender,
            Partner = missing.NextBool(0.07) ? null : partner,
            Dependents = missing.NextBool(0.08) ? null : dependents,
            RegionRecorded = missing.NextBool(0.055) ? null : region,
            PaymentRecorded = !missing.NextBool(0.06),
            FirstContract = contract,
            Access = access,
            Payment = payment,
            AutoRenew = autoRenew,
            AddOns = addOns,
            DiscountMonths = discountMonths,
            LogData = DrawLogData(ref traits),
            // The east has the oldest lines.
            LineTrouble = traits.NextNormal() + (region == 2 ? 0.7 : 0),
            MoneyTrouble = traits.NextNormal() + (payment == Payment.Cheque ? 0.5 : 0),
            Complaints = traits.NextNormal(),
        };
    }

    private static double DrawLogData(ref CounterRandom draw)
    {
        double level = 2.2 + 0.8 * draw.NextNormal();
        double outlier = draw.NextUnit();
        // Power users, and lines that nobody uses.
        return outlier < 0.02 ? level + 2 : outlier > 0.95 ? level - 4 : level;
    }
}
