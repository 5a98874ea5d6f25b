namespace ChurnEngine.DataGen.Streaming;

/// <summary>Draws customers.</summary>
internal sealed class CustomerSource(int customers, long seed, StreamingSetting setting)
{
    private const double MonthlyArrivals = 0.16;
    private const double MeanBaseTenureDays = 280;
    private const double MeanPrice = 11.58;

    private static readonly double[] s_planShares = [0.30, 0.35, 0.15, 0.12, 0.08];
    private static readonly double[] s_planPrices = [7.99, 11.99, 16.99, 19.99, 4.99];
    private static readonly double[] s_methodShares = [0.50, 0.20, 0.18, 0.12];
    private static readonly double[] s_chargeFailures = [0.035, 0.02, 0.05, 0.09];
    private static readonly double[] s_channelShares = [0.30, 0.18, 0.16, 0.10, 0.18, 0.08];
    private static readonly double[] s_genderShares = [0.485, 0.485, 0.03];
    private static readonly double[] s_regionShares = [0.18, 0.16, 0.15, 0.15, 0.14, 0.12, 0.05, 0.05];

    private readonly SignupSchedule _signups = new(customers, setting.Clock, MonthlyArrivals, MeanBaseTenureDays);

    /// <summary>List price of a month.</summary>
    public static double PriceOf(Plan plan) => s_planPrices[(int)plan];

    public Customer Draw(int index)
    {
        ulong key = CounterRandom.CustomerKey(seed, index);
        long signup = _signups.SignupOf(index, key);
        var draw = new CounterRandom(key, DrawPurpose.Attributes);
        var plan = (Plan)Shares.Pick(s_planShares, draw.NextUnit());
        // One in seven keeps the price of an old offer.
        double price = draw.NextBool(0.15) ? Math.Round(PriceOf(plan) * 0.8, 2) : PriceOf(plan);
        price = Spread(Math.Round(price * setting.Drifts.MonthlyPrice.At(signup), 2), setting.Drifts.PriceSpread.At(signup));
        var method = (PaymentMethod)Shares.Pick(s_methodShares, draw.NextUnit());
        var channel = (Channel)Shares.Pick(s_channelShares, draw.NextUnit());
        int gender = Shares.Pick(s_genderShares, draw.NextUnit());
        int region = Shares.Pick(s_regionShares, draw.NextUnit());
        int age = plan == Plan.Student
            ? 18 + (int)draw.NextBelow(10)
            : (int)Math.Clamp(Math.Round(40 + 14 * setting.Drifts.AgeSpread.At(signup) * draw.NextNormal()), 16, 90);
        age = (int)Math.Clamp(age * setting.Drifts.Age.At(signup), 16, 90);

        var missing = new CounterRandom(key, DrawPurpose.Missing);
        StreamingDrifts drifts = setting.Drifts;
        var record = new Customer.Recorded(
            drifts.AgeRecord.Of(missing.NextBool(0.08) ? null : age, age, (key, signup)),
            drifts.Gender.Of(missing.NextBool(0.06) ? null : gender, gender, (key, signup)),
            drifts.Region.Of(missing.NextBool(0.055) ? null : region, Vocabulary.NewRegionCode, (key, signup)),
            (PaymentMethod?)drifts.PaymentMethod.Of(missing.NextBool(0.07) ? null : (int)method, (int)PaymentMethod.PayLater, (key, signup)),
            (Channel?)drifts.Channel.Of(missing.NextBool(0.09) ? null : (int)channel, (int)Channel.Marketplace, (key, signup)));
        return new Customer
        {
            Id = index + 1L,
            Key = key,
            SignupAt = signup,
            Plan = plan,
            MonthlyPrice = price,
            Record = record,
            Hidden = DrawTraits(key, age, s_chargeFailures[(int)method]),
        };
    }

    // About the mean of all; nobody pays less than a token price.
    private static double Spread(double price, double factor) => factor == 1 ? price : Math.Round(Math.Max(0.99, MeanPrice + (price - MeanPrice) * factor), 2);

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
}
