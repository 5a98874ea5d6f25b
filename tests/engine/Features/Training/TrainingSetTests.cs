using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests;

public class TrainingSetTests
{
    private const string Feature = "  - { name: \"n_{w}\", from: events, value: count, windows: [30] }";

    [Fact]
    public void Build_SeveralSnapshots_StackThemInTime()
    {
        var world = new World
        {
            Customers = [new(1, 0), new(2, 0), new(3, 95)],
            Events = [new(1, 80, "play"), new(1, 100, "cancel"), new(2, 110, "play"), new(2, 300, "play")],
        };
        FeaturePlan plan = World.Plan(Feature);
        using CustomerData data = world.Load(plan);
        using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [World.At(120), World.At(90), World.At(90)] }, CancellationToken.None);
        Assert.Equal([new SnapshotRange(World.At(90), 0, 2, 1) { LabelMean = 0.5 }, new SnapshotRange(World.At(120), 2, 2, 0) { LabelMean = 0 }], set.Snapshots);
        Assert.Equal([1L, 2, 2, 3], ((PrimitiveColumn<long>)set.Keys).Values);
        Assert.Equal([1f, 0, 0, 0], set.Labels);
        Assert.Equal([1f, 0, 1, 0], set.Matrix.Rows(0, 4));
        Assert.Equal(set.Customers[1], set.Customers[2]);
        Assert.Equal(0, set.RowsChurnedInGap);
    }

    [Fact]
    public void Check_HorizonAndLatenessBeyondTheData_AreCensored()
    {
        // Known up to day 200, one event two days late: t + 30 + 2 <= 200.
        var world = new World { Customers = [new(1, 0)], Events = [new(1, 150, "play", KnownAt: 152), new(1, 200, "play")] };
        FeaturePlan plan = World.Plan(Feature);
        using CustomerData data = world.Load(plan);
        SnapshotCalendar calendar = SnapshotCalendar.Check(data, [World.At(168), World.At(168.01), World.At(90)]);
        Assert.Equal([World.At(90), World.At(168)], calendar.Usable);
        Assert.Equal(World.At(168.01), Assert.Single(calendar.Censored).AsOf);
        Assert.Contains("after the end of the data at 2024-07-19", calendar.Censored[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ExtractAt_IsTheEndOfTheData()
    {
        var world = new World { Customers = [new(1, 0)], Events = [new(1, 200, "play")] };
        FeaturePlan plan = World.Plan(Feature, World.Label + "extract_at: 2024-05-30\n");
        using CustomerData data = world.Load(plan);
        Assert.Equal([World.At(120)], SnapshotCalendar.Check(data, [World.At(120), World.At(121)]).Usable);
    }

    [Fact]
    public void Propose_AYear_StepsByHorizonFromTheDayOfTheFirstEvent()
    {
        var world = new World { Customers = [new(1, 0)], Events = [new(1, 0.3, "play"), new(1, 240, "play")] };
        FeaturePlan plan = World.Plan(Feature);
        using CustomerData data = world.Load(plan);
        SnapshotCalendar calendar = SnapshotCalendar.Propose(data);
        Assert.Equal([World.At(90), World.At(120), World.At(150), World.At(180), World.At(210)], calendar.Usable);
        Assert.Equal([World.At(240)], calendar.Censored.Select(c => c.AsOf));
    }

    [Fact]
    public void Build_AllSnapshotsCensored_SaysWhy()
    {
        var world = new World { Customers = [new(1, 0)], Events = [new(1, 100, "play")] };
        FeaturePlan plan = World.Plan(Feature);
        using CustomerData data = world.Load(plan);
        var error = Assert.Throws<ChurnDataException>(() => TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [World.At(90)] }, CancellationToken.None));
        Assert.Equal("CE3037", error.Code.ToString());
        Assert.Contains("2024-03-31", error.Actual, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_Categories_AreFrozenFromTheFitSnapshotsOnly()
    {
        var world = new World
        {
            Customers = [new(1, 0, Plan: "silver"), new(2, 0, Plan: "gold"), new(3, 100, Plan: "late"), new(1, 100, Plan: "gold"), new(4, 0)],
            Events = [new(1, 300, "play")],
        };
        FeaturePlan plan = World.Plan("  - { name: plan, from: customers, value: category(plan) }");
        using CustomerData data = world.Load(plan);
        Assert.False(plan.IsFrozen);
        Assert.Throws<InvalidOperationException>(() => new Featurizer(plan, data));
        using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [World.At(90), World.At(120)], FreezeThrough = World.At(90) }, CancellationToken.None);
        Assert.Equal(["gold", "silver"], set.Plan.Features[0].Categories);
        Assert.Same(set.Plan.Features, set.Matrix.Features);
        Assert.Equal([1f, 0, float.NaN, 0, 0, float.NaN, float.NaN], set.Matrix.Rows(0, 7));
        Assert.Equal(plan.Hash, set.Plan.Hash);

        using FeatureSnapshot scored = new Featurizer(plan.WithCategoriesOf(set.Plan), data).Compute(World.At(120), Population.Scoring, new JobBudget(), CancellationToken.None);
        Assert.Equal(set.Matrix.Rows(3, 4), scored.Matrix.Rows(0, 4));
    }

    [Fact]
    public void Build_MoreCategoriesThanTheLimit_KeepsTheMostFrequent()
    {
        string[] plans = ["c", "a", "b", "c", "b", "d"];
        var world = new World { Customers = [.. plans.Select((p, i) => new TestCustomer(i, 0, Plan: p))], Events = [new(1, 300, "play")] };
        FeaturePlan plan = World.Plan("  - { name: plan, from: customers, value: category(plan) }");
        using CustomerData data = world.Load(plan);
        using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [World.At(90)], CategoryLimit = 2 }, CancellationToken.None);
        Assert.Equal(["b", "c"], set.Plan.Features[0].Categories);
        Assert.Contains(set.Warnings, w => w.Contains("4 categories", StringComparison.Ordinal));
        Assert.Equal(2, set.Matrix.Rows(0, 6).ToArray().Count(float.IsNaN));
    }

    [Fact]
    public void Load_KindThatNeverOccurs_WarnsWithTheLikelyName()
    {
        var world = new World { Customers = [new(1, 0)], Events = [new(1, 1, "plya")] };
        using CustomerData data = world.Load(World.Plan("  - { name: n, from: events, where: kind = play, value: count }"));
        Assert.Contains(data.Warnings, w => w.Contains("no row of kind 'play'; did you mean 'plya'?", StringComparison.Ordinal));
    }

    [Fact]
    public void Featurizer_PlanOfOtherHash_IsRefused()
    {
        var world = new World { Customers = [new(1, 0)] };
        using CustomerData data = world.Load(World.Plan(Feature));
        Assert.Equal("CE3008", Assert.Throws<ChurnConfigException>(() => new Featurizer(World.Plan(Feature.Replace("30", "7", StringComparison.Ordinal)), data)).Code.ToString());
    }
}
