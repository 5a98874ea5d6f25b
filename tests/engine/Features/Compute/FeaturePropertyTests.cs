using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests;

/// <summary>Random worlds, several seeds: the definition by brute force, and what must not show in the result.</summary>
public class FeaturePropertyTests
{
    private const double AsOf = 60;
    private static readonly string[] s_kinds = ["play", "pay", "skip", "cancel"];

    private const string Features = """
          - { name: "plays_{w}d", from: events, where: kind = play, value: count, windows: [7, 30, 50] }
          - { name: "any_{w}d", from: events, value: count, windows: [1, 30] }
          - { name: plays, from: events, where: kind = play, value: count }
          - { name: "spend_{w}d", from: events, where: "kind in (pay, play) and amount > 2", value: sum(amount), windows: [30] }
          - { name: "mean_{w}d", from: events, where: kind = pay, value: mean(amount), windows: [30] }
          - { name: recency, from: events, where: kind = skip, value: recency_days }
          - { name: last_amount, from: events, value: amount }
          - { name: tenure, from: customers, value: tenure_days }
          - { name: age, from: customers, value: age }
          - { name: plan, from: customers, value: category(plan), categories: [gold, silver] }
          - { name: trend, ratio: [plays_7d, plays_30d], per_day: true }
        """;

    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5];

    [Theory, MemberData(nameof(Seeds))]
    public void Compute_RandomWorld_EqualsTheDefinition(int seed)
    {
        World world = Random(seed);
        Dictionary<string, Dictionary<string, float>> rows = world.Compute(World.Plan(Features), AsOf);
        Assert.Equal(BruteForce.AtRisk(world, AsOf), rows.Keys.Order());
        Assert.NotEmpty(rows);
        foreach ((string key, Dictionary<string, float> row) in rows)
            Assert.Equal(BruteForce.Row(world, key, AsOf), row);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Compute_OtherOrderBatchesAndThreads_GivesTheSameBits(int seed)
    {
        World world = Random(seed);
        float[] expected = Bits(world);
        var random = new Random(seed);
        foreach ((int batch, int threads) in ((int, int)[])[(1, 1), (7, 3), (100_000, 2)])
        {
            Assert.Equal(expected, Bits(new World
            {
                Customers = [.. world.Customers.OrderBy(_ => random.Next())],
                Events = [.. world.Events.OrderBy(_ => random.Next())],
                BatchSize = batch,
                Threads = threads,
            }));
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Compute_WithTheFutureDeleted_GivesTheSameBits(int seed)
    {
        World world = Random(seed);
        long asOf = World.At(AsOf);
        var past = new World
        {
            Customers = [.. world.Customers.Where(c => c.Time < asOf && c.Known <= asOf)],
            Events = [.. world.Events.Where(e => e.Time < asOf && e.Known <= asOf)],
        };
        Assert.True(past.Events.Count < world.Events.Count);
        Assert.Equal(Bits(world), Bits(past));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Compute_TextKeys_GiveTheSameFeatures(int seed)
    {
        World world = Random(seed);
        var text = new World { Customers = world.Customers, Events = world.Events, TextKeys = true };
        FeaturePlan plan = World.Plan(Features);
        Dictionary<string, Dictionary<string, float>> expected = world.Compute(plan, AsOf), actual = text.Compute(plan, AsOf);
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (string key in expected.Keys)
            Assert.Equal(expected[key], actual[key]);
    }

    [Fact]
    public void ComputePartition_AllPartitions_AreTheWholeSnapshot()
    {
        // Enough customers for several partitions.
        var random = new Random(7);
        var world = new World { Customers = [.. Enumerable.Range(0, 40_000).Select(i => new TestCustomer(i, random.Next(50), Age: random.Next(90)))], BatchSize = 2048 };
        FeaturePlan plan = World.Plan("""
              - { name: age, from: customers, value: age }
              - { name: tenure, from: customers, value: tenure_days }
            """);
        using CustomerData data = world.Load(plan);
        var featurizer = new Featurizer(plan, data);
        Assert.Equal(4, featurizer.PartitionCount);
        using FeatureSnapshot whole = featurizer.Compute(World.At(25), Population.Scoring, new JobBudget { Threads = 2 }, CancellationToken.None);
        Assert.Equal(4, whole.Partitions.Count);
        Assert.Equal(whole.Matrix.RowCount, whole.Partitions.Sum(p => p.Count));
        foreach (PartitionRange range in whole.Partitions)
        {
            using FeatureSnapshot part = featurizer.ComputePartition(World.At(25), Population.Scoring, range.Partition);
            Assert.Equal(whole.Matrix.Rows(range.Start, range.Count), part.Matrix.Rows(0, range.Count));
            ReadOnlySpan<long> keys = ((PrimitiveColumn<long>)part.Keys).Values;
            Assert.Equal(((PrimitiveColumn<long>)whole.Keys).Values.Slice(range.Start, range.Count), keys);
            for (int i = 0; i < keys.Length; i++)
            {
                Assert.Equal(range.Partition, PartitionHash.PartitionOf(PartitionHash.OfInt64(keys[i]), 4));
                Assert.True(i == 0 || keys[i] > keys[i - 1]);
            }
        }
    }

    private static float[] Bits(World world)
    {
        FeaturePlan plan = World.Plan(Features);
        using CustomerData data = world.Load(plan);
        using FeatureSnapshot snapshot = new Featurizer(plan, data).Compute(World.At(AsOf), Population.Scoring, new JobBudget { Threads = world.Threads }, CancellationToken.None);
        return [.. snapshot.Matrix.Rows(0, (int)snapshot.Matrix.RowCount)];
    }

    // Whole hours, so that ties and exact window edges happen all the time; about one event in eight is late.
    private static World Random(int seed)
    {
        var random = new Random(seed);
        double? known(double at) => random.Next(8) == 0 ? at + random.Next(20) : null;
        var world = new World();
        for (int customer = 1; customer <= 60; customer++)
        {
            for (int row = random.Next(3); row >= 0; row--)
            {
                double from = random.Next(70);
                world.Customers.Add(new(customer, from, random.Next(4) == 0 ? null : random.Next(90), (string?[])["gold", "silver", "unseen", null] is var plans ? plans[random.Next(4)] : null, known(from)));
            }
            for (int row = random.Next(60); row > 0; row--)
            {
                double at = random.Next(80 * 24) / 24.0;
                string kind = s_kinds[random.Next(40) == 0 ? 3 : random.Next(3)];
                world.Events.Add(new(customer, at, kind, random.Next(3) == 0 ? null : Math.Round(random.NextDouble() * 10 - 2, 2), known(at)));
            }
        }
        return world;
    }
}
