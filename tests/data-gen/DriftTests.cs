using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.Tests;

public class DriftTests
{
    private const string From = "2024-03-01";

    [Fact]
    public void Parse_AnyOrder_ReadsAndWritesTheSame()
    {
        var drift = Drift.Parse("by=0.5, from=2024-07-01,feature=plays");
        Assert.Equal(new Drift("plays", 1_719_792_000, 0.5), drift);
        Assert.Equal("feature=plays,from=2024-07-01,by=0.5", drift.ToString());
        Assert.Equal(drift, Drift.Parse(drift.ToString()));
        Assert.Equal(2, Drift.Parse("feature=plays,from=2024-07-01").By);
        var burst = Drift.Parse("kind=missing,feature=age,until=2024-08-01,from=2024-07-01");
        Assert.Equal((DriftKind.Missing, 0.3, 1_722_470_400L), (burst.Kind!.Value, burst.By, burst.Until!.Value));
        Assert.Equal("feature=age,from=2024-07-01,until=2024-08-01,kind=missing,by=0.3", burst.ToString());
        Assert.Equal(burst, Drift.Parse(burst.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plays")]
    [InlineData("feature=plays")]
    [InlineData("from=2024-07-01")]
    [InlineData("feature=,from=2024-07-01")]
    [InlineData("feature=plays,from=July")]
    [InlineData("feature=plays,from=2024-07-01,by=twice")]
    [InlineData("feature=plays,from=2024-07-01,to=2")]
    [InlineData("feature=plays,feature=errors,from=2024-07-01")]
    [InlineData("feature=plays,from=2024-07-01,kind=wild")]
    [InlineData("feature=plays,from=2024-07-01,until=never")]
    public void Parse_Malformed_SaysHowToWriteIt(string text)
    {
        var error = Assert.Throws<ChurnConfigException>(() => Drift.Parse(text));
        Assert.Equal("CE1808", error.Code.ToString());
        Assert.Contains("feature=NAME,from=YYYY-MM-DD", error.Describe());
    }

    [Fact]
    public void Validate_UnknownFeature_ListsThoseOfTheScenario()
    {
        var error = Assert.Throws<ChurnConfigException>(new WorldOptions { Scenario = "telecom", Drifts = [Drift.Parse($"feature=tickts,from={From}")] }.Validate);
        Assert.Equal("CE1807", error.Code.ToString());
        Assert.Contains("did you mean 'tickets'?", error.Describe());
        Assert.All(WorldOptions.DriftsOf("telecom"), name => Assert.Contains(name, error.Describe()));
    }

    [Theory]
    [InlineData("2023-12-31", "2")]
    [InlineData("2025-01-01", "2")]
    [InlineData(From, "0")]
    [InlineData(From, "-1")]
    [InlineData(From, "101")]
    [InlineData(From, "NaN")]
    public void Validate_OutsideTheWorld_SaysTheBounds(string from, string by) =>
        Assert.Equal("CE1809", Assert.Throws<ChurnConfigException>(new WorldOptions { Drifts = [Drift.Parse($"feature=plays,from={from},by={by}")] }.Validate).Code.ToString());

    [Theory]
    [InlineData("feature=plays,kind=category")]
    [InlineData("feature=channel,kind=mean")]
    [InlineData("feature=friction_law,kind=variance")]
    public void Validate_KindThatTheFeatureDoesNotHave_SaysWhich(string drift) =>
        Assert.Equal("CE1807", Assert.Throws<ChurnConfigException>(new WorldOptions { Drifts = [Drift.Parse($"{drift},from={From}")] }.Validate).Code.ToString());

    [Theory]
    [InlineData("feature=channel,kind=category,by=1.5")]
    [InlineData("feature=age,kind=missing,until=2024-02-01")]
    public void Validate_ShareOrEndThatMakesNoSense_SaysTheBounds(string drift) =>
        Assert.Equal("CE1809", Assert.Throws<ChurnConfigException>(new WorldOptions { Drifts = [Drift.Parse($"{drift},from={From}")] }.Validate).Code.ToString());

    public static TheoryData<string, string, DriftKind> EveryFeature =>
        [.. WorldOptions.Scenarios.SelectMany(scenario => WorldOptions.DriftsOf(scenario).SelectMany(feature => WorldOptions.DriftKindsOf(scenario, feature).Select(kind => (scenario, feature, kind))))];

    // The truth up to the drift is that of the world without it; after, it is another one. A factor of one is no drift.
    [Theory]
    [MemberData(nameof(EveryFeature))]
    public void Generate_DriftOfAnyFeature_ChangesTheWorldFromThenOnOnly(string scenario, string feature, DriftKind kind)
    {
        CapturedWorld still = World(scenario);
        bool isShare = kind is DriftKind.Category or DriftKind.Missing;
        string word = kind.ToString().ToLowerInvariant();
        CapturedWorld drifted = World(scenario, $"feature={feature},from={From},kind={word},by={(isShare ? "0.5" : "4")}");
        if (!isShare)
            Assert.Equal(still.Hash(), World(scenario, $"feature={feature},from={From},kind={word},by=1").Hash());
        if (kind == WorldOptions.DriftKindsOf(scenario, feature)[0])
            Assert.Equal(drifted.Hash(), World(scenario, $"feature={feature},from={From},by={(isShare ? "0.5" : "4")}").Hash());
        long from = Drift.Parse($"feature={feature},from={From}").From * 1_000_000;
        Assert.Equal(TruthBefore(still, from), TruthBefore(drifted, from));
        Assert.NotEqual(still.Hash(), drifted.Hash());
        // The law of the streaming world does not look at where customers live, nor at their gender.
        if (feature is not ("region" or "gender"))
            Assert.NotEqual(still.Truth.Reals(TruthFile.Probability).ToArray().Sum(), drifted.Truth.Reals(TruthFile.Probability).ToArray().Sum());
    }

    [Fact]
    public void Generate_HalfThePlays_AreHalfThePlays()
    {
        double[] still = PlaysPerCustomerMonth(World("streaming"));
        double[] drifted = PlaysPerCustomerMonth(World("streaming", "feature=plays,from=2024-03-01,by=0.5"));
        Assert.Equal(still[0], drifted[0]);
        Assert.InRange(drifted[3] / still[3], 0.35, 0.65);
    }

    [Fact]
    public void Generate_NewChannel_IsThatOfTheShareWhoSignUpFromThenOn()
    {
        CapturedWorld drifted = World("streaming", $"feature=channel,kind=category,from={From},by=0.4");
        (int before, int after, int novel) = (0, 0, 0);
        for (int row = 0; row < drifted.Customers.Rows; row++)
        {
            string? channel = drifted.Customers.Text("channel", row);
            if (drifted.Customers.Integers("signup_at")[row] < Drift.Parse($"feature=channel,from={From}").From * 1_000_000)
                before += channel == "marketplace" ? 1 : 0;
            else if (channel is not null)
                (after, novel) = (after + 1, novel + (channel == "marketplace" ? 1 : 0));
        }
        Assert.Equal(0, before);
        Assert.True(after > 100);
        Assert.InRange((double)novel / after, 0.28, 0.52);
        Assert.DoesNotContain("marketplace", World("streaming").Customers.Texts("channel"));
    }

    [Fact]
    public void Generate_MissingBurst_EndsWhenItIsOver()
    {
        CapturedWorld still = World("streaming"), drifted = World("streaming", $"feature=age,kind=missing,from={From},until=2024-04-01,by=1");
        (long from, long until) = (Drift.Parse($"feature=age,from={From}").From * 1_000_000, Drift.Parse("feature=age,from=2024-04-01").From * 1_000_000);
        int lost = 0;
        for (int row = 0; row < still.Customers.Rows; row++)
        {
            bool isIn = still.Customers.Integers("signup_at")[row] is var signup && signup >= from && signup < until;
            Assert.Equal(isIn ? CapturedTable.Null : still.Customers.Integers("age")[row], drifted.Customers.Integers("age")[row]);
            lost += isIn ? 1 : 0;
        }
        Assert.True(lost > 50);
    }

    [Fact]
    public void Generate_WilderMoods_SpreadThePlaysAndKeepTheirMean()
    {
        double[] still = PlaysPerCustomerMonth(World("streaming"));
        double[] drifted = PlaysPerCustomerMonth(World("streaming", $"feature=plays,kind=variance,from={From},by=1.5"));
        Assert.Equal(still[0], drifted[0]);
        Assert.InRange(drifted[3] / still[3], 0.75, 1.3);
    }

    private static CapturedWorld World(string scenario, params string[] drifts) => new(new WorldOptions
    {
        Scenario = scenario,
        Customers = scenario == "music-log" ? 60 : scenario == "b2b" ? 400 : 1500,
        Months = 4,
        Seed = 8,
        Drifts = [.. drifts.Select(Drift.Parse)],
    });

    private static List<(long Customer, long AsOf, double Probability)> TruthBefore(CapturedWorld world, long instant)
    {
        List<(long, long, double)> rows = [];
        for (int row = 0; row < world.Truth.Rows; row++)
        {
            // At the very instant of the drift the law may be another one already.
            if (world.Truth.Integers(TruthFile.AsOf)[row] < instant)
                rows.Add((world.Truth.Integers(TruthFile.CustomerId)[row], world.Truth.Integers(TruthFile.AsOf)[row], world.Truth.Reals(TruthFile.Probability)[row]));
        }
        return rows;
    }

    private static double[] PlaysPerCustomerMonth(CapturedWorld world)
    {
        const long Month = 30L * 86_400_000_000;
        double[] plays = new double[4];
        double[] customers = new double[4];
        for (int row = 0; row < world.Events.Rows; row++)
        {
            long since = world.Events.Integers("event_at")[row] - 1_704_067_200_000_000;
            if (since >= 0 && world.Events.Text("event_type", row) == "play")
                plays[since / Month]++;
        }
        foreach (long asOf in world.Truth.Integers(TruthFile.AsOf))
        {
            long month = (asOf - 1_704_067_200_000_000) / Month;
            if (month < 4)
                customers[month]++;
        }
        return [.. plays.Zip(customers, (p, c) => p / c)];
    }
}
