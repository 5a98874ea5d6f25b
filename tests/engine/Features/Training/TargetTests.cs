using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests;

/// <summary>Labels that are numbers.</summary>
public class TargetTests
{
    private const double Micro = 1 / 86_400_000_000.0;
    private const string Feature = "  - { name: paid, from: events, where: \"kind = pay\", value: sum(amount) }";
    private const string Spend = "label: { target: \"sum(amount) within 30d\", from: events, where: \"kind = pay\" }";

    [Theory]
    [InlineData("", 100, 7f)]
    [InlineData("", 100 - Micro, 0f)]
    [InlineData("", 130 - Micro, 7f)]
    [InlineData("", 130, 0f)]
    [InlineData("gap: 5d", 105 - Micro, 0f)]
    [InlineData("gap: 5d", 105, 7f)]
    [InlineData("gap: 5d", 135 - Micro, 7f)]
    [InlineData("gap: 5d", 135, 0f)]
    public void Sum_AtTheEdges_LooksAtTheHalfOpenWindow(string gap, double paidAt, float expected) =>
        Assert.Equal(expected, LabelAt100(Spend.Replace(" }", gap.Length > 0 ? $", {gap} }}" : " }", StringComparison.Ordinal), [new(1, paidAt, "pay", 7), new(1, paidAt, "play", 100)]));

    [Theory]
    [InlineData(130.0, 7f)]
    [InlineData(130.1, 0f)]
    public void Sum_CountedAt130_AsFarAsWasKnown(double knownAt, float expected) =>
        Assert.Equal(expected, LabelAt100(Spend, [new(1, 120, "pay", 7, KnownAt: knownAt)], countedAt: 130));

    [Fact]
    public void Build_CustomersAtRisk_AreAllSignedUpUnlessChurnIsSaid()
    {
        var world = new World
        {
            Customers = [new(1, 0), new(2, 0), new(3, 0), new(4, 100)],
            Events = [new(1, 95, "pay", 1), new(2, 50, "cancel"), new(1, 110, "pay", 2), new(2, 110, "pay", 4), new(3, 50, "play"), new(1, 300, "play")],
        };
        Assert.Equal([2f, 4, 0], LabelsOf(world, Spend));
        Assert.Equal([2f, 0], LabelsOf(world, Spend.Replace(" }", ", churned: \"kind = cancel\" }", StringComparison.Ordinal)));
        Assert.Equal([2f], LabelsOf(world, Spend.Replace(" }", ", churned: \"kind = cancel or inactive 21d\" }", StringComparison.Ordinal)));
    }

    [Fact]
    public void Build_TargetWithoutValue_IsLeftOutAndCounted()
    {
        var world = new World { Customers = [new(1, 0), new(2, 0)], Events = [new(1, 110, "pay", 3), new(1, 111, "pay", 5), new(1, 300, "play")] };
        FeaturePlan plan = World.Plan(Feature, Spend.Replace("sum", "mean", StringComparison.Ordinal));
        using CustomerData data = world.Load(plan);
        using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [World.At(100)] }, CancellationToken.None);
        Assert.Equal([4f], set.Labels);
        Assert.Equal((1L, 0L, 4.0), (set.RowsWithoutLabel, set.RowsChurnedInGap, set.Snapshots[0].LabelMean));
        Assert.Contains(set.Warnings, warning => warning.Contains("1 rows have no value of mean", StringComparison.Ordinal));
    }

    // The oracle: the same aggregate as a feature at the window's end, in a world where what is not known by then was never written and all else is known at once.
    [Theory]
    [InlineData("count")]
    [InlineData("active_days")]
    [InlineData("streak_days")]
    [InlineData("sum(amount)")]
    [InlineData("mean(amount)")]
    [InlineData("min(amount)")]
    [InlineData("max(amount)")]
    [InlineData("std(amount)")]
    [InlineData("first(amount)")]
    [InlineData("last(amount)")]
    [InlineData("distinct(kind)")]
    [InlineData("entropy(weekday)")]
    [InlineData("share(amount > 4)")]
    [InlineData("gap_mean_days")]
    [InlineData("gap_std_days")]
    [InlineData("gap_max_days")]
    [InlineData("slope(10d)")]
    [InlineData("slope(amount, 5d)")]
    [InlineData("changes(kind)")]
    public void AnyAggregate_SeveralSnapshots_EqualsTheFeatureAtTheEnd(string value)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            World world = Random(seed);
            string label = $"label: {{ target: \"{value} within 30d\", from: events, where: \"kind != skip\", gap: 5d, churned: \"kind = cancel\" }}\nextract_at: 2026-01-01\n";
            FeaturePlan plan = World.Plan(Feature, label);
            using CustomerData data = world.Load(plan);
            double[] days = [60, 95, 100];
            var options = new TrainingSetOptions { AsOf = [.. days.Select(World.At)], LabelsKnownAt = days.ToDictionary(World.At, day => World.At(day + 40)) };
            using TrainingSet set = TrainingSet.Build(plan, data, options, CancellationToken.None);
            for (int i = 0; i < days.Length; i++)
            {
                long counted = World.At(days[i] + 40);
                // A table of its own kind of leaving keeps everybody at risk at the window's end.
                var known = new World { Customers = world.Customers, Events = [.. world.Events.Where(e => e.Kind != "cancel" && e.Known <= counted).Select(e => e with { KnownAt = null })] };
                Dictionary<string, Dictionary<string, float>> expected = known.Compute(World.Plan($"  - {{ name: \"x_{{w}}\", from: events, where: \"kind != skip\", value: \"{value}\", windows: [30] }}"), days[i] + 35);
                SnapshotRange range = set.Snapshots[i];
                Dictionary<string, Dictionary<string, float>> rows = World.ByKey(set.Matrix, set.Keys, range.Start, range.Count);
                Assert.True(rows.Count > 10, $"seed {seed}");
                int row = (int)range.Start;
                foreach (string key in rows.Keys)
                    Assert.True(expected[key].Values.Single().Equals(set.Labels[row++]), $"seed {seed}, day {days[i]}, customer {key}: expected {expected[key].Values.Single()}, got {set.Labels[row - 1]}");
            }
        }
    }

    [Fact]
    public void Features_RowsOfTheLabelWindowDeleted_StayTheSame()
    {
        World world = Random(7);
        FeaturePlan plan = World.Plan(Feature, Spend);
        var before = new World { Customers = world.Customers, Events = [.. world.Events.Where(e => e.Time < World.At(95))] };
        Dictionary<string, Dictionary<string, float>> all = world.Compute(plan, 95), cut = before.Compute(plan, 95);
        Assert.Equal(all.Keys, cut.Keys);
        Assert.All(all, row => Assert.Equal(row.Value, cut[row.Key]));
        Assert.Contains(all.Values, row => row["paid"] > 0);
    }

    [Fact]
    public void Parse_Canonical_ReadsBackAsTheSamePlan()
    {
        foreach (string more in (string[])["", ", churned: \"kind in (cancel, gone) or inactive 21d\"", ", gap: 12h, scale: 2, churned: \"kind = cancel\", churned_from: events"])
        {
            FeaturePlan plan = World.Plan(Feature, Spend.Replace(" }", more + " }", StringComparison.Ordinal));
            FeaturePlan again = FeaturePlan.Parse(plan.ToYaml(), "model");
            Assert.Equal((plan.Hash, true, "sum(\"amount\") within 30d"), (again.Hash, again.Label!.IsNumeric, again.Label.TargetText));
            Assert.Equal(PlanExplanation.OfLabel(plan), PlanExplanation.OfLabel(again));
        }
        Assert.Equal("sum(amount) of rows with kind = pay of table 'events' in [t + 0d, t + 30d)", PlanExplanation.OfLabel(World.Plan(Feature, Spend)));
        Assert.NotEqual(World.Plan(Feature, Spend).Hash, World.Plan(Feature, Spend.Replace("30d", "31d", StringComparison.Ordinal)).Hash);
    }

    [Theory]
    [InlineData("target: \"recency_days within 30d\", from: events", 3046, "it has no window")]
    [InlineData("target: \"amount within 30d\", from: events", 3046, "it has no window")]
    [InlineData("target: \"slope(7d) within 30d\", from: events", 3046, "two periods of 7d")]
    [InlineData("target: \"count within 30d\", from: events, where: \"kind = cancel\", churned: \"kind = cancel\"", 3046, "'cancel'")]
    [InlineData("target: \"count within 30d\", from: events, churned: \"kind = cancel within 30d\"", 3006, "at any time")]
    [InlineData("target: \"count within 30d\", from: events, churned_from: events", 3006, "`churned_from`")]
    [InlineData("target: \"count within 30d\", from: customers", 3006, "no events")]
    [InlineData("target: count, from: events", 3003, "within 90d")]
    [InlineData("target: \"count within soon\", from: events", 3001, "soon")]
    [InlineData("target: \"count within 30d or inactive 21d\", from: events", 3001, "nothing may follow")]
    [InlineData("target: \"summ(amount) within 30d\", from: events", 3002, "summ")]
    [InlineData("target: \"count within 30d\", from: events, positive: yes", 3002, "positive")]
    public void Parse_WhatCannotBe_SaysWhy(string label, int code, string says)
    {
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => World.Plan(Feature, $"label: {{ {label} }}"));
        Assert.Equal(code, error.Code.Number);
        Assert.Contains(says, error.Message + error.Expected + error.Actual + error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NumericColumn_ReadsBackAsTheSamePlan()
    {
        const string Table = "entity: id\ntables: { t: { source: t.csv } }\nfeatures: [ { name: a, value: a } ]\nlabel: ";
        FeaturePlan plan = FeaturePlan.Parse(Table + "{ column: price, numeric: true }", "churn.yaml");
        FeaturePlan again = FeaturePlan.Parse(plan.ToYaml(), "model");
        Assert.Equal((plan.Hash, true, "price"), (again.Hash, again.Label!.IsNumeric, again.Label.TargetText));
        Assert.Equal("the number in column 'price' of table 't'", PlanExplanation.OfLabel(again));
        Assert.Equal(3006, Assert.Throws<ChurnConfigException>(() => FeaturePlan.Parse(Table + "{ column: price, numeric: true, positive: yes }", "churn.yaml")).Code.Number);
        Assert.Equal(3003, Assert.Throws<ChurnConfigException>(() => FeaturePlan.Parse(Table + "{ column: price, numeric: false }", "churn.yaml")).Code.Number);
    }

    private static World Random(int seed)
    {
        var random = new Random(seed);
        string[] kinds = ["pay", "play", "skip", "pay", "play"];
        var events = new List<TestEvent> { new(99, 0, "play"), new(99, 300, "play") };
        for (int i = 0; i < 1500; i++)
        {
            double at = Math.Round(random.NextDouble() * 200, 1);
            double? known = random.Next(4) == 0 ? at + random.NextDouble() * 40 : null;
            events.Add(new(random.Next(30), at, kinds[random.Next(kinds.Length)], random.Next(5) == 0 ? null : Math.Round(random.NextDouble() * 10, 2), known));
        }
        for (int customer = 0; customer < 8; customer++)
            events.Add(new(customer, random.Next(40, 200), "cancel"));
        return new World { Customers = [.. Enumerable.Range(0, 30).Append(99).Select(customer => new TestCustomer(customer, 0))], Events = events };
    }

    private static float? LabelAt100(string label, TestEvent[] events, double? countedAt = null)
    {
        var world = new World { Customers = [new(1, 0)], Events = [.. events, new(1, 300, "play")] };
        FeaturePlan plan = World.Plan(Feature, label);
        using CustomerData data = world.Load(plan);
        var known = new Dictionary<long, long>();
        if (countedAt is { } day)
            known.Add(World.At(100), World.At(day));
        using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [World.At(100)], LabelsKnownAt = known }, CancellationToken.None);
        return set.Labels.Length == 0 ? null : set.Labels[0];
    }

    private static float[] LabelsOf(World world, string label)
    {
        FeaturePlan plan = World.Plan(Feature, label);
        using CustomerData data = world.Load(plan);
        using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [World.At(100)] }, CancellationToken.None);
        return set.Labels;
    }
}
