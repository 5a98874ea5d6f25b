namespace ChurnEngine.DataGen.Tests;

public class TreatmentTests
{
    public static TheoryData<string> Scenarios => [.. WorldOptions.Scenarios];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Generate_Experiment_IsRandomLoggedAndHeterogeneous(string scenario)
    {
        CapturedWorld world = World(scenario, share: 0.3);
        CapturedTable offers = world.Files["offers.parquet"];
        Assert.Equal(world.Report.AtRisk, offers.Rows);
        Assert.InRange(world.Report.Treated / (double)world.Report.AtRisk, 0.26, 0.34);

        // The log of the company and the truth say the same of every draw.
        bool[] drawn = [.. Enumerable.Range(0, (int)world.Truth.Rows).Select(row => world.Truth.Integers(TruthFile.Churned)[row] != CapturedTable.Null)];
        Assert.Equal(Column(world.Effects, TruthFile.CustomerId, drawn), offers.Integers(TruthFile.CustomerId).ToArray());
        Assert.Equal(Column(world.Effects, TruthFile.AsOf, drawn), offers.Integers("offered_at").ToArray());
        Assert.Equal(Column(world.Effects, EffectsFile.Treated, drawn), offers.Integers(EffectsFile.Treated).ToArray());

        // Some are saved by the offer, some are left cold, some are driven away; on average it helps.
        double[] effects = world.Effects.Reals(EffectsFile.Effect).ToArray();
        Assert.Contains(effects, effect => effect < -0.05);
        Assert.Contains(effects, effect => effect == 0);
        Assert.Contains(effects, effect => effect > 0.01);
        Assert.True(effects.Average() < -0.005, $"mean effect {effects.Average():F4}");
        Assert.Contains(world.Effects.Reals(EffectsFile.Value).ToArray(), value => value > 0);
    }

    // Each arm churns at the rate of its probabilities, and those of the treated are the others' plus the effect.
    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Generate_EachArm_IsCalibrated(string scenario)
    {
        CapturedWorld world = World(scenario, share: 0.5);
        List<Draw> treated = [], control = [];
        for (int row = 0; row < world.Truth.Rows; row++)
        {
            if (world.Truth.Integers(TruthFile.Churned)[row] != CapturedTable.Null)
                (world.Effects.Integers(EffectsFile.Treated)[row] == 1 ? treated : control).Add(Oracle.Row(world.Truth, row));
        }
        Oracle.AssertCalibrated([.. treated], "treated");
        Oracle.AssertCalibrated([.. control], "control");
        Assert.True(Oracle.Rate([.. treated]) < Oracle.Rate([.. control]));
    }

    // Until somebody has got an offer, the experiment changes nothing: the same customers, the same first draws.
    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Generate_WithoutExperiment_KnowsTheEffectAllTheSame(string scenario)
    {
        CapturedWorld without = World(scenario, share: 0), with = World(scenario, share: 0.5);
        Assert.DoesNotContain("offers.parquet", without.Files.Keys);
        Assert.Equal(0, without.Report.Treated);
        Dictionary<long, int> first = FirstRows(without);
        int compared = 0;
        foreach ((long customer, int row) in FirstRows(with))
        {
            bool treated = with.Effects.Integers(EffectsFile.Treated)[row] == 1;
            double effect = without.Effects.Reals(EffectsFile.Effect)[first[customer]];
            Assert.Equal(0, without.Effects.Integers(EffectsFile.Treated)[first[customer]]);
            Assert.Equal(effect, with.Effects.Reals(EffectsFile.Effect)[row]);
            Assert.Equal(without.Truth.Reals(TruthFile.Probability)[first[customer]] + (treated ? effect : 0), with.Truth.Reals(TruthFile.Probability)[row], 12);
            compared++;
        }
        Assert.Equal(first.Count, compared);
    }

    private static CapturedWorld World(string scenario, double share) => new(new WorldOptions
    {
        Scenario = scenario,
        Customers = scenario == "music-log" ? 250 : 4_000,
        Months = scenario == "music-log" ? 8 : 4,
        Seed = 6,
        TreatmentShare = share,
    });

    private static long[] Column(CapturedTable table, string column, bool[] rows) => [.. table.Integers(column).ToArray().Where((_, row) => rows[row])];

    private static Dictionary<long, int> FirstRows(CapturedWorld world)
    {
        var rows = new Dictionary<long, int>();
        for (int row = 0; row < world.Truth.Rows; row++)
            rows.TryAdd(world.Truth.Integers(TruthFile.CustomerId)[row], row);
        return rows;
    }
}
