using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests.Data;

/// <summary>Rows that do not fit into the job's memory. Alone, as it looks at the process-wide ledger.</summary>
[Collection(nameof(NativeMemoryTests))]
public sealed class SpillTests
{
    private const long LeastMemory = 64L << 20;

    private const int Customers = 40_000, Events = 1_800_000;

    private static readonly long[] s_rows = [Customers, Events];

    private const string Features = """
          - { name: "n_{w}d", from: events, value: count, windows: [7, 90] }
          - { name: "spend_{w}d", from: events, where: "kind = buy", value: sum(amount), windows: [30] }
          - { name: spread, from: events, value: std(amount), windows: [90] }
          - { name: kinds, from: events, value: entropy(event_type), windows: [90] }
          - { name: recency, from: events, value: recency_days }
          - { name: rank, rank: n_90d }
          - { name: plan, from: customers, value: category(plan) }
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Compute_MoreRowsThanMemory_SameBitsAsInMemory(bool textKeys)
    {
        FeaturePlan plan = World.Plan(Features);
        Assert.SkipUnless(SpillFile.IsSupported, "only Linux has files in the place of memory");
        using CustomerData inMemory = Shuffled(textKeys, 8L << 30).Load(plan), spilled = Shuffled(textKeys, LeastMemory).Load(plan);
        Assert.Equal(0, inMemory.BytesInFile);
        // What the plan says that a row takes is the most: these numbers take two bytes of eight, and few rows are late.
        long said = s_rows.Zip(plan.RowSizes, (rows, size) => rows * size.Spilled).Sum();
        Assert.InRange(spilled.BytesInFile, said * 0.2, said);
        using TrainingSet expected = TrainingSet.Build(plan, inMemory, Options, CancellationToken.None);
        using TrainingSet actual = TrainingSet.Build(plan, spilled, Options, CancellationToken.None);
        Assert.Equal(expected.Labels, actual.Labels);
        Assert.Equal(expected.Snapshots, actual.Snapshots);
        AssertSameBits(expected.Matrix, actual.Matrix);
        using FeatureSnapshot one = Compute(expected.Plan, inMemory), other = Compute(actual.Plan, spilled);
        AssertSameBits(one.Matrix, other.Matrix);
        Assert.Equal(one.Partitions, other.Partitions);
    }

    [Fact]
    public void Load_MoreRowsThanMemory_HoldsFewerBytesAndLeaksNone()
    {
        Assert.SkipUnless(SpillFile.IsSupported, "only Linux has files in the place of memory");
        FeaturePlan plan = World.Plan(Features);
        long before = NativeLedger.LiveBytes, buffers = NativeLedger.LiveBuffers;
        using (CustomerData spilled = Shuffled(textKeys: false, LeastMemory).Load(plan))
            Assert.InRange(NativeLedger.LiveBytes - before, 0, 4L << 20);
        Assert.Equal((before, buffers), (NativeLedger.LiveBytes, NativeLedger.LiveBuffers));
    }

    private static TrainingSetOptions Options => new() { AsOf = [World.At(60), World.At(100)], FreezeThrough = World.At(100), Budget = new JobBudget { Threads = 2 } };

    private static FeatureSnapshot Compute(FeaturePlan plan, CustomerData data) =>
        new Featurizer(plan, data).Compute(World.At(110), Population.Scoring, new JobBudget { Threads = 2 }, CancellationToken.None);

    // A little more than half of the least budget.
    private static World Shuffled(bool textKeys, long memoryBytes)
    {
        string[] kinds = ["play", "buy", "rate", "cancel"], plans = ["basic", "family", "student"];
        var random = new Random(5);
        return new World
        {
            TextKeys = textKeys,
            MemoryBytes = memoryBytes,
            BatchSize = 20_000,
            Customers = [.. Enumerable.Range(0, Customers).Select(c => new TestCustomer(c * 7919L % 1_000_003, random.Next(50), Plan: plans[c % 3]))],
            Events = [.. Enumerable.Range(0, Events).Select(_ => NewEvent())],
        };

        TestEvent NewEvent()
        {
            double at = Math.Round(random.NextDouble() * 140, 3);
            string kind = kinds[random.Next(1000) == 0 ? 3 : random.Next(3)];
            return new TestEvent(random.Next(Customers) * 7919L % 1_000_003, at, kind, random.Next(10_000) / 100.0, random.Next(50) == 0 ? at + 3 : at);
        }
    }

    private static unsafe void AssertSameBits(FeatureMatrix expected, FeatureMatrix actual)
    {
        Assert.Equal((expected.RowCount, expected.FeatureCount), (actual.RowCount, actual.FeatureCount));
        for (long row = 0; row < expected.RowCount; row++)
            Assert.True(System.Runtime.InteropServices.MemoryMarshal.AsBytes(expected.Row(row)).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(actual.Row(row))), $"row {row}");
    }
}
