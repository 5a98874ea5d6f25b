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

    public static TheoryData<string, string> EveryFeature =>
        [.. WorldOptions.Scenarios.SelectMany(scenario => WorldOptions.DriftsOf(scenario).Select(feature => (scenario, feature)))];

    // The truth up to the drift is that of the world without it; after, it is another one. A factor of one is no drift.
    [Theory]
    [MemberData(nameof(EveryFeature))]
    public void Generate_DriftOfAnyFeature_ChangesTheWorldFromThenOnOnly(string scenario, string feature)
    {
        CapturedWorld still = World(scenario);
        CapturedWorld drifted = World(scenario, $"feature={feature},from={From},by=4");
        Assert.Equal(still.Hash(), World(scenario, $"feature={feature},from={From},by=1").Hash());
        long from = Drift.Parse($"feature={feature},from={From}").From * 1_000_000;
        Assert.Equal(TruthBefore(still, from), TruthBefore(drifted, from));
        Assert.NotEqual(still.Hash(), drifted.Hash());
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
