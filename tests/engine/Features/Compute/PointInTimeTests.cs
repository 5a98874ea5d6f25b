namespace ChurnEngine.Features.Tests;

public class PointInTimeTests
{
    private const double Micro = 1 / 86_400_000_000.0;
    private const string Plays7 = "  - { name: f, from: events, value: count, windows: [7] }";
    private const string PlaysAll = "  - { name: f, from: events, value: count }";

    [Theory]
    [InlineData(30, 0)]
    [InlineData(30 - Micro, 1)]
    [InlineData(23, 1)]
    [InlineData(23 - Micro, 0)]
    public void Window_EventAtItsEdge_IsHalfOpen(double at, float expected)
    {
        var world = new World { Customers = [new(1, 0)], Events = [new(1, at, "play")] };
        Assert.Equal(expected, world.Value(Plays7, 30));
    }

    [Theory]
    [InlineData(30, 1)]
    [InlineData(30 + Micro, 0)]
    public void LateEvent_IsSeenFromTheInstantItBecameKnown(double known, float expected)
    {
        var world = new World { Customers = [new(1, 0)], Events = [new(1, 25, "play", KnownAt: known)] };
        Assert.Equal(expected, world.Value(Plays7, 30));
        Assert.Equal(expected, world.Value(PlaysAll, 30));
        Assert.Equal(1, world.Value(Plays7, 31));
    }

    [Fact]
    public void LateEvents_BetweenOthers_AreLeftOutExactly()
    {
        var world = new World
        {
            Customers = [new(1, 0)],
            Events = [new(1, 24, "play", 1), new(1, 26, "play", 10, KnownAt: 31), new(1, 27, "play", 100), new(1, 29, "play", 1000, KnownAt: 30.5)],
        };
        Assert.Equal(101, world.Value("  - { name: f, from: events, value: sum(amount), windows: [7] }", 30));
        Assert.Equal(3, world.Value("  - { name: f, from: events, value: recency_days }", 30));
        Assert.Equal(100, world.Value("  - { name: f, from: events, value: amount }", 30));
        Assert.Equal(1101, world.Value("  - { name: f, from: events, value: sum(amount), windows: [7] }", 30.75));
    }

    [Theory]
    [InlineData(10, 20)]
    [InlineData(20, 20)]
    [InlineData(20 + Micro, 30)]
    [InlineData(25, 30)]
    [InlineData(40.5, 30)]
    [InlineData(41, 40)]
    public void Attribute_ThatChanges_IsTheLatestRowValidBeforeAndKnown(double asOf, float expected)
    {
        var world = new World { Customers = [new(1, 0, Age: 20), new(1, 20, Age: 30), new(1, 40, Age: 40, KnownAt: 41)] };
        Assert.Equal(expected, world.Value("  - { name: f, from: customers, value: age }", asOf));
    }

    [Fact]
    public void Attribute_NullInTheLatestRow_IsMissingAndNotTheOlderValue()
    {
        var world = new World { Customers = [new(1, 0, Age: 20, Plan: "gold"), new(1, 5)] };
        Assert.True(float.IsNaN(world.Value("  - { name: f, from: customers, value: age }", 10)));
        Assert.True(float.IsNaN(world.Value("  - { name: f, from: customers, value: category(plan), categories: [gold] }", 10)));
    }

    [Fact]
    public void Category_NotAmongTheFrozen_IsMissing()
    {
        var world = new World { Customers = [new(1, 0, Plan: "silver"), new(2, 0, Plan: "new")] };
        const string feature = "  - { name: f, from: customers, value: category(plan), categories: [gold, silver] }";
        Assert.Equal(1, world.Value(feature, 10));
        Assert.True(float.IsNaN(world.Value(feature, 10, customer: 2)));
    }

    [Fact]
    public void LabelKind_NeverReachesAFeature()
    {
        var world = new World { Customers = [new(1, 0)], Events = [new(1, 5, "play"), new(1, 28, "cancel", KnownAt: 40)] };
        Assert.Equal(1, world.Value(PlaysAll, 30));
        Assert.Equal(25, world.Value("  - { name: f, from: events, value: recency_days }", 30));
    }

    [Fact]
    public void Population_ByTheWayItIsUsed_CountsWhatIsKnownOrWhatHappened()
    {
        var world = new World
        {
            Customers = [new(1, 0), new(2, 30), new(3, 0), new(4, 0), new(5, 10, KnownAt: 31)],
            Events = [new(3, 20, "cancel"), new(4, 20, "cancel", KnownAt: 31), new(6, 3, "play")],
        };
        FeaturePlan plan = World.Plan(PlaysAll);
        Assert.Equal(["0001", "0004"], world.Compute(plan, 30).Keys.Order());
        Assert.Equal(["0001"], world.Compute(plan, 30, Population.Training).Keys);
    }

    // An amount of -0.00 alone is kept as a whole number, beside a third as it is: the customer's feature may not tell which.
    [Theory]
    [InlineData(1.0)]
    [InlineData(1 / 3.0)]
    public void Latest_MinusZero_IsZeroWhateverTheOtherRows(double other)
    {
        var world = new World { Customers = [new(1, 0), new(2, 0)], Events = [new(1, 5, "pay", -0.0), new(2, 5, "pay", other)] };
        FeaturePlan plan = World.Plan("  - { name: last, from: events, where: kind = pay, value: last(amount) }\n  - { name: least, from: events, value: min(amount) }");
        Assert.Equal([0u, 0u], world.Compute(plan, 30)["0001"].Values.Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void Population_WithoutSignups_StartsAtTheFirstKnownEvent()
    {
        FeaturePlan plan = FeaturePlan.Parse("""
            entity: customer_id
            tables: { events: { source: e, time: event_at, known: ingested_at, kind: event_type } }
            features: [ { name: n, value: count, where: kind = play } ]
            """, "churn.yaml");
        var world = new World { Events = [new(1, 5, "other"), new(2, 5, "play", KnownAt: 11), new(3, 10, "play")] };
        Assert.Equal(["0001"], world.Compute(plan, 10).Keys);
        Assert.Equal(["0001", "0002", "0003"], world.Compute(plan, 11).Keys.Order());
    }
}
