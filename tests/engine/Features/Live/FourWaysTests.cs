using ChurnEngine.Columns;
using ChurnEngine.Features.Tests.Oracle;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features.Tests.Live;

/// <summary>One definition, four ways: several snapshots at once, a batch at one date, one customer's rows, and a stream of them. The same bits.</summary>
public sealed class FourWaysTests : IDisposable
{
    private const string More = """

          - { name: age, from: customers, value: age }
          - { name: ends_in, from: customers, value: days_until(ends_at) }
          - { name: since_signup, from: customers, value: tenure_days }
          - { name: level, from: events, value: category(level), categories: [free, paid] }
          - { name: system, from: events, value: category(os(agent)), categories: [ios, macos, windows] }
          - { name: spend_per_play, ratio: [sum_30d, count_30d], impute: 0 }
          - { name: trend, difference: [count_7d, count_30d], per_day: true }
          - { name: mix, expr: "log1p(count_30d) / max(days_10d, 1) - (recency > 5) + coalesce(gap_max, 99)" }
          - { name: spend_rank, rank: sum_30d }
          - { name: spend_quartile, quantile: sum_30d, parts: 4 }
          - { name: "wins_{w}d", from: events, value: sum(amount), windows: [25], outliers: "winsorise(0.05, 0.95)" }
          - { name: "flag_{w}d", from: events, value: count, windows: [25], outliers: "flag(0.1, 0.9)" }
          - { name: "logged_{w}d", from: events, windows: [25], value: sum(amount), outliers: log, clip: [-3, 6] }
        """;

    private readonly IngestSession _session = new(new IngestOptions { Budget = new JobBudget { Threads = 2 } });

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Rows_AllFourWays_AreTheSameBits(int seed)
    {
        using var world = new OracleWorld(seed, _session);
        FeaturePlan plan = world.Plan(PlanSqlTests.Features + More);
        var budget = new JobBudget { Threads = 2 };
        using CustomerData data = CustomerData.Load(plan, _session, budget, null, default);
        long asOf = World.At(45.5);
        var featurizer = new Featurizer(plan, data);
        using FeatureSnapshot batch = featurizer.Compute(asOf, Population.Scoring, budget, default);
        Dictionary<string, Dictionary<string, float>> expected = World.ByKey(batch.Matrix, batch.Keys, 0, batch.Matrix.RowCount);
        Assert.True(expected.Count > 20);

        using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [World.At(20), World.At(33), asOf], Budget = budget }, default);
        SnapshotRange range = set.Snapshots.Single(s => s.AsOf == asOf);
        foreach ((string key, Dictionary<string, float> row) in World.ByKey(set.Matrix, set.Keys, range.Start, range.Count))
            Assert.Equal(expected[key], row);

        PopulationReference reference = KeptAndRead(featurizer.ReferenceAt(asOf), plan);
        var random = new Random(seed);
        int compared = 0;
        float[] values = new float[plan.Features.Count];
        foreach (string key in expected.Keys)
        {
            using CustomerRows? rows = CustomerRows.Of(long.Parse(key, System.Globalization.CultureInfo.InvariantCulture), plan, _session);
            if (rows is null)
                continue;
            compared++;
            using CustomerData alone = CustomerData.Load(plan, rows.Tables);
            using FeatureSnapshot one = new Featurizer(plan, alone) { Reference = reference }.Compute(asOf, Population.Scoring, new JobBudget { Threads = 1 }, default);
            Assert.Equal([.. expected[key].Values], one.Matrix.Rows(0, 1).ToArray());

            using var live = new LiveCustomer(plan, reference);
            foreach ((string table, RecordBatch part) in rows.Shuffled(random))
            {
                using (part)
                    live.Apply(table, part);
                if (random.Next(10) == 0)
                    live.Read(World.At(random.Next(60)), values);
            }
            live.Read(asOf, values);
            Assert.Equal([.. expected[key].Values], values);
        }
        Assert.True(compared > 20);
    }

    [Fact]
    public void Apply_BatchThatFails_LeavesTheCustomerAsItWas()
    {
        FeaturePlan plan = World.Plan("  - { name: s, from: events, value: sum(amount) }");
        using var live = new LiveCustomer(plan);
        float[] row = new float[1];
        using RecordBatch good = Event(5), bad = Event(1e300);
        live.Apply("events", good);
        Assert.Throws<ChurnDataException>(() => live.Apply("events", bad));
        live.Apply("events", good);
        live.Read(World.At(2), row);
        Assert.Equal(10, row[0]);
    }

    [Fact]
    public void Constructor_RankWithoutReference_IsRefused()
    {
        FeaturePlan plan = World.Plan("  - { name: n, from: events, value: count }\n  - { name: r, rank: n }");
        Assert.Equal("CE3044", Assert.Throws<ChurnConfigException>(() => new LiveCustomer(plan)).Code.ToString());
    }

    [Fact]
    public void Read_WithoutARow_CountsZeroAndTheRestMissing()
    {
        using var live = new LiveCustomer(World.Plan("  - { name: n, from: events, where: \"kind = play and hour < 5\", value: count }\n  - { name: r, from: events, value: recency_days }\n  - { name: age, from: customers, value: age }"));
        float[] row = new float[3];
        live.Read(World.At(2), row);
        Assert.Equal([0, float.NaN, float.NaN], row);
    }

    // A service keeps the population for its next start: what is read there must be the same bits, or nothing.
    private static PopulationReference KeptAndRead(PopulationReference reference, FeaturePlan plan)
    {
        using var stream = new MemoryStream();
        reference.Write(stream);
        byte[] bytes = stream.ToArray();
        for (int at = 0; at < bytes.Length; at += 1 + bytes.Length / 200)
        {
            bytes[at] ^= 4;
            Assert.Null(PopulationReference.TryRead(bytes, plan));
            bytes[at] ^= 4;
            Assert.Null(PopulationReference.TryRead(bytes.AsSpan(0, at), plan));
        }
        Assert.Null(PopulationReference.TryRead(bytes, World.Plan("  - { name: n, from: events, value: count }\n  - { name: r, rank: n }")));
        return PopulationReference.TryRead(bytes, plan)!;
    }

    private static RecordBatch Event(double amount)
    {
        PrimitiveBuilder<long> keys = new(ColumnType.Int64), times = new(ColumnType.TimestampMicros), known = new(ColumnType.TimestampMicros);
        var amounts = new PrimitiveBuilder<double>(ColumnType.Float64);
        keys.Append(1);
        times.Append(World.At(1));
        known.Append(World.At(1));
        amounts.Append(amount);
        return new RecordBatch(new Schema([new("customer_id", ColumnType.Int64), new("event_at", ColumnType.TimestampMicros), new("ingested_at", ColumnType.TimestampMicros), new("event_type", ColumnType.Utf8), new("amount", ColumnType.Float64)]),
            [keys.Build(), times.Build(), known.Build(), Texts("play"), amounts.Build()], 1);
    }

    private static Utf8Column Texts(string text)
    {
        using var builder = new Utf8Builder();
        builder.Append(text);
        return builder.Build();
    }
}
