namespace ChurnEngine.Features.Tests;

public class LabelTests
{
    private const double Micro = 1 / 86_400_000_000.0;
    private const string Feature = "  - { name: n, from: events, value: count }";
    private const string Event = "label: { churned: \"kind = cancel within 30d\" }";
    private const string EventWithGap = "label: { churned: \"kind = cancel within 30d\", gap: 5d }";
    private const string Inactive = "label: { churned: \"inactive 21d within 30d\" }";
    private const string Both = "label: { churned: \"kind = cancel within 30d or inactive 21d\" }";

    [Theory]
    [InlineData(100, 1f)]
    [InlineData(130 - Micro, 1f)]
    [InlineData(130, 0f)]
    [InlineData(100 - Micro, null)]
    public void EventForm_AtTheEdges_LooksAtTheHalfOpenWindow(double cancelAt, float? expected) =>
        Assert.Equal(expected, LabelAt100(Event, [new(1, 50, "play"), new(1, cancelAt, "cancel")]));

    [Theory]
    [InlineData(104.9, null)]
    [InlineData(105, 1f)]
    [InlineData(135 - Micro, 1f)]
    [InlineData(135, 0f)]
    public void EventForm_WithGap_StartsAfterItAndLeavesOutWhoChurnedInIt(double cancelAt, float? expected) =>
        Assert.Equal(expected, LabelAt100(EventWithGap, [new(1, 50, "play"), new(1, cancelAt, "cancel")]));

    [Fact]
    public void EventForm_CancelBeforeThatArrivedLate_ExcludesFromTraining() =>
        Assert.Null(LabelAt100(Event, [new(1, 50, "play"), new(1, 90, "cancel", KnownAt: 110)]));

    [Theory]
    [InlineData(new[] { 99.0 }, 1f)] // 99 + 21 = 120, in [100, 130)
    [InlineData(new[] { 99.0, 109 }, 0f)] // completed exactly at 130
    [InlineData(new[] { 99.0, 109 - Micro }, 1f)]
    [InlineData(new[] { 79.0 }, 1f)] // completed exactly at 100: the last instant at which they are at risk
    [InlineData(new[] { 79 - Micro }, null)] // already inactive
    [InlineData(new[] { 79.0, 100, 121, 142 }, 0f)] // an event exactly 21 days later is just in time
    [InlineData(new[] { 79.0, 100 + Micro }, 1f)]
    [InlineData(new[] { 99.0, 121 }, 1f)] // came back, but after the days were completed
    public void InactivityForm_DaysCompletedInTheWindow_IsChurn(double[] plays, float? expected) =>
        Assert.Equal(expected, LabelAt100(Inactive, [.. plays.Select(at => new TestEvent(1, at, "play"))]));

    [Fact]
    public void InactivityForm_NoEventYet_CountsFromTheSignup()
    {
        Assert.Equal(1f, LabelAt100(Inactive, [], signup: 95));
        Assert.Null(LabelAt100(Inactive, [], signup: 78));
    }

    [Theory]
    [InlineData(99.0, 110.0, 1f)]
    [InlineData(99.0, 125.0, 1f)]
    [InlineData(120.0, 200.0, null)] // the days before 120 make them inactive already
    public void BothForms_TheEarlierCounts(double play, double cancel, float? expected) =>
        Assert.Equal(expected, LabelAt100(Both, [new(1, play, "play"), new(1, cancel, "cancel")]));

    [Fact]
    public void BothForms_CancelIsNoActivity() =>
        Assert.Null(LabelAt100(Both, [new(1, 70, "play"), new(1, 90, "cancel", KnownAt: 300)]));

    [Fact]
    public void Scoring_InactivityAsKnown_LeavesOutWhoLooksInactive()
    {
        var world = new World { Customers = [new(1, 0), new(2, 0)], Events = [new(1, 95, "play"), new(2, 60, "play"), new(2, 95, "play", KnownAt: 101)] };
        FeaturePlan plan = World.Plan(Feature, Inactive);
        Assert.Equal(["0001"], world.Compute(plan, 100).Keys);
        Assert.Equal(2, world.Compute(plan, 100, Population.Training).Count);
    }

    [Fact]
    public void Build_CustomersInTheGap_AreCounted()
    {
        using TrainingSet set = Build(EventWithGap, [new(1, 50, "play"), new(1, 101, "cancel"), new(2, 50, "play")], 0);
        Assert.Equal((2, 1L), (set.Labels.Length, set.RowsChurnedInGap));
    }

    private static float? LabelAt100(string label, TestEvent[] events, double signup = 0)
    {
        using TrainingSet set = Build(label, [.. events, new(99, 99, "play")], signup);
        Dictionary<string, Dictionary<string, float>> rows = World.ByKey(set.Matrix, set.Keys, 0, set.Labels.Length);
        int row = rows.Keys.ToList().IndexOf(World.KeyText(1));
        return row < 0 ? null : set.Labels[row];
    }

    private static TrainingSet Build(string label, List<TestEvent> events, double signup)
    {
        var world = new World { Customers = [new(1, signup), new(2, 0), new(99, 90)], Events = events };
        FeaturePlan plan = FeaturePlan.Parse(World.Tables + "features:\n" + Feature + "\n" + label + "\nextract_at: 2026-01-01", "churn.yaml");
        using CustomerData data = world.Load(plan);
        return TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [World.At(100)] }, CancellationToken.None);
    }
}
