using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests;

public sealed class CustomerOutcomesTests
{
    private const string Feature = "  - { name: n, from: events, value: count }";

    // Each customer at another instant: churn in its own window, later, before, in the gap, and somebody whom nobody knows.
    [Fact]
    public void Of_InstantsOfTheirOwn_AreTheLabelsOfASnapshotThere()
    {
        var world = new World
        {
            TextKeys = true,
            Customers = [.. Enumerable.Range(1, 5).Select(customer => new TestCustomer(customer, 10))],
            Events = [new(1, 50, "play"), new(1, 120, "cancel"), new(2, 180, "cancel"), new(3, 60, "cancel"), new(4, 103, "cancel"), new(5, 300, "play", KnownAt: 302)],
        };
        FeaturePlan plan = World.Plan(Feature, "label: { churned: \"kind = cancel within 30d\", gap: 5d }");
        using CustomerData data = world.Load(plan);
        var outcomes = new CustomerOutcomes(data);
        (int Customer, double AsOf, float Label)[] asked = [(1, 100, 1), (1, 80, 0), (2, 100, 0), (2, 160.25, 1), (3, 100, float.NaN), (4, 100, float.NaN), (4, 95, 1), (5, 5, float.NaN), (9, 100, float.NaN)];
        Assert.Equal(asked.Select(row => row.Label), outcomes.Of([.. asked.Select(row => World.KeyText(row.Customer))], [.. asked.Select(row => World.At(row.AsOf))], default));
        foreach ((int customer, double asOf, float label) in asked.Where(row => !float.IsNaN(row.Label)))
        {
            using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [World.At(asOf)], Budget = new JobBudget { Threads = 1 } }, default);
            int row = Enumerable.Range(0, set.Labels.Length).Single(i => ((Utf8Column)set.Keys).GetString(i) == World.KeyText(customer));
            Assert.Equal(label, set.Labels[row]);
        }
    }

    // The data ends at day 302, and an event was two days late: gap and horizon must be over by day 300.
    [Fact]
    public void IsComplete_AtTheEndOfTheData_LeavesRoomForTheLongestLateness()
    {
        var world = new World { Customers = [new(1, 10)], Events = [new(1, 300, "play", KnownAt: 302)] };
        using CustomerData data = world.Load(World.Plan(Feature));
        var outcomes = new CustomerOutcomes(data);
        Assert.True(outcomes.IsComplete(World.At(270)));
        Assert.False(outcomes.IsComplete(World.At(270.5)));
    }
}
