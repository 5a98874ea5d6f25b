using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.Ingest.DuckDb;
using FsCheck;
using FsCheck.Fluent;

namespace ChurnEngine.Features.Tests.Oracle;

/// <summary>Every aggregate of the plan language against its SQL in DuckDB, in double before the rounding to float, on random worlds.</summary>
public sealed class PlanSqlTests : IDisposable
{
    internal const string Features = """
          - { name: "count_{w}d", from: events, where: kind = play, value: count, windows: [7, 30] }
          - { name: count_all, from: events, value: count }
          - { name: not_play, from: events, where: kind != play, value: count, windows: [30] }
          - { name: not_in, from: events, where: "kind not in (play, skip)", value: count, windows: [30] }
          - { name: paid_level, from: events, where: level = paid, value: count, windows: [30] }
          - { name: not_free, from: events, where: "kind = play and level != free", value: count, windows: [40] }
          - { name: levels_in, from: events, where: "level in (free, trial)", value: count, windows: [40] }
          - { name: nights, from: events, where: "hour < 6", value: count, windows: [30] }
          - { name: weekends, from: events, where: "weekday in (6, 7) and amount > 10", value: sum(amount), windows: [30] }
          - { name: "days_{w}d", from: events, value: active_days, windows: [10, 50] }
          - { name: "streak_{w}d", from: events, value: streak_days, windows: [50] }
          - { name: "sum_{w}d", from: events, where: kind = pay, value: sum(amount), windows: [7, 30] }
          - { name: "mean_{w}d", from: events, value: mean(amount), windows: [30] }
          - { name: "min_{w}d", from: events, value: min(amount), windows: [30] }
          - { name: "max_{w}h", from: events, value: max(amount), windows: [100h] }
          - { name: "std_{w}d", from: events, value: std(amount), windows: [30] }
          - { name: first_all, from: events, value: first(amount) }
          - { name: "last_{w}d", from: events, value: last(amount), windows: [20] }
          - { name: "items_{w}d", from: events, value: distinct(item), windows: [30] }
          - { name: "systems_{w}d", from: events, value: distinct(os(agent)), windows: [30] }
          - { name: "hours_{w}d", from: events, value: distinct(hour), windows: [30] }
          - { name: "kind_entropy_{w}d", from: events, value: entropy(kind), windows: [60] }
          - { name: "weekday_entropy_{w}d", from: events, value: entropy(weekday), windows: [60] }
          - { name: "level_entropy_{w}d", from: events, value: entropy(level), windows: [60] }
          - { name: "skip_share_{w}d", from: events, value: share(kind = skip), windows: [30] }
          - { name: "night_share_{w}d", from: events, where: kind = play, value: share(hour < 6), windows: [30] }
          - { name: recency, from: events, where: kind = pay, value: recency_days }
          - { name: tenure, from: events, where: kind = pay, value: tenure_days }
          - { name: "gap_mean_{w}d", from: events, where: kind = play, value: gap_mean_days, windows: [60] }
          - { name: "gap_std_{w}d", from: events, where: kind = play, value: gap_std_days, windows: [60] }
          - { name: gap_max, from: events, where: kind = play, value: gap_max_days }
          - { name: "slope_{w}d", from: events, where: kind = play, value: slope(7d), windows: [28] }
          - { name: "spend_slope_{w}d", from: events, value: "slope(amount, 10d)", windows: [60] }
          - { name: "sessions_{w}d", from: events, value: sessions, windows: [30] }
          - { name: "minutes_{w}d", from: events, value: session_minutes, windows: [30] }
          - { name: "session_items_{w}d", from: events, value: session_items, windows: [30] }
          - { name: "session_gap_{w}d", from: events, value: session_gap_days, windows: [30] }
          - { name: "short_{w}d", from: events, value: session_short_share(1h), windows: [60] }
          - { name: "changes_{w}d", from: events, value: changes(level), windows: [30] }
          - { name: "upgrades_{w}d", from: events, value: "changes(level, free, paid)", windows: [60] }
          - { name: since_change, from: events, value: days_since_change(level) }
          - { name: "paid_time_{w}d", from: events, value: time_share(level = paid), windows: [30] }
          - { name: paid_time, from: events, value: time_share(level = paid) }
          - { name: last_amount, from: events, where: kind = pay, value: amount }
        """;

    private readonly IngestSession _session = new(new IngestOptions { Budget = new JobBudget { Threads = 2 } });
    private readonly DuckDbDatabase _database = new(threads: 2, memoryBytes: 1L << 30);

    public void Dispose()
    {
        _database.Dispose();
        _session.Dispose();
    }

    [Theory]
    [InlineData(1, 45.3)]
    [InlineData(2, 62)]
    [InlineData(3, 79.9)]
    public void Evaluate_EveryAggregate_EqualsItsSql(int seed, double asOfDays)
    {
        using var world = new OracleWorld(seed, _session);
        Compare(world, world.Plan(Features), asOfDays, $"seed {seed}", mayBeEmpty: false);
    }

    [Fact]
    public void Evaluate_RandomPlan_EqualsItsSql() => Prop.ForAll(RandomPlans.Any, random =>
    {
        using var world = new OracleWorld(random.World, _session);
        Compare(world, world.Plan(random.Lines), random.AsOfDays, "a random plan", mayBeEmpty: true);
    }).Check(RandomPlans.Config(seed: 5, plans: 15));

    /// <summary>What happens at or after t, or became known after it, changes no bit: leakage is tested, not promised.</summary>
    [Fact]
    public void Compute_RandomPlanWithTheFutureDeleted_GivesTheSameBits() => Prop.ForAll(RandomPlans.Any, random =>
    {
        using var world = new OracleWorld(random.World, _session);
        FeaturePlan plan = world.Plan(random.Lines + random.Derived);
        long asOf = World.At(random.AsOfDays);
        float[] whole = Bits(plan, null, asOf);
        Assert.Equal(whole, Bits(plan, new RowCut { From = asOf }, asOf));
        Assert.Equal(whole, Bits(plan, new RowCut { KnownAfter = asOf }, asOf));
    }).Check(RandomPlans.Config(seed: 7, plans: 20));

    private float[] Bits(FeaturePlan plan, RowCut? cut, long asOf)
    {
        var budget = new JobBudget { Threads = 2 };
        using CustomerData data = cut is null ? CustomerData.Load(plan, _session, budget, null, default) : CustomerData.Load(plan, _session, cut, budget, default);
        using FeatureSnapshot snapshot = SelfFrozenFeatures.Compute(plan, data, asOf, budget, default);
        Assert.True(snapshot.Matrix.RowCount > 10);
        return [.. snapshot.Matrix.Rows(0, (int)snapshot.Matrix.RowCount)];
    }

    private void Compare(OracleWorld world, FeaturePlan plan, double asOfDays, string where, bool mayBeEmpty)
    {
        using CustomerData data = CustomerData.Load(plan, _session, new JobBudget { Threads = 2 }, null, default);
        long asOf = World.At(asOfDays);
        Dictionary<long, double[]> rows = Evaluate(plan, data, [asOf - 5 * Duration.Day, asOf], instant: 1);
        Assert.True(rows.Count > 20);
        for (int f = 0; f < plan.Definitions.Length; f++)
        {
            FeatureDefinition feature = plan.Definitions[f];
            Dictionary<long, double?> expected = Query(FeatureSql.Of(feature, $"'{world.Events}'", asOf));
            Assert.True(mayBeEmpty || expected.Values.Any(value => value is not null and not 0));
            foreach ((long customer, double[] values) in rows)
            {
                double? wanted = expected.TryGetValue(customer, out double? found) ? found : Empty(feature.Aggregate);
                Assert.True(wanted is null ? double.IsNaN(values[f]) : Math.Abs(values[f] - wanted.Value) <= 1e-9 * Math.Max(1, Math.Abs(wanted.Value)),
                    $"{where}, customer {customer}, {feature.Name} ({feature.Value} where {feature.Where.Canonical}, {feature.Window}): SQL says {wanted?.ToString("R", CultureInfo.InvariantCulture) ?? "null"}, we say {values[f]:R}");
            }
        }
    }

    // Without a row a count, a sum, a number of things is zero, all else is missing.
    private static double? Empty(Aggregate aggregate) => aggregate is Aggregate.Count or Aggregate.Sum or Aggregate.ActiveDays or Aggregate.StreakDays or Aggregate.Distinct
        or Aggregate.Sessions or Aggregate.Changes or Aggregate.Slope ? 0 : null;

    /// <summary>Values of everybody who signed up and has not cancelled, by customer; the other instants are computed along.</summary>
    internal static Dictionary<long, double[]> Evaluate(FeaturePlan plan, CustomerData data, long[] instants, int instant)
    {
        var featurizer = new Featurizer(plan, data, mayBeUnfrozen: true);
        CustomerFeatures features = featurizer.NewFeatures(instants);
        var rows = new Dictionary<long, double[]>();
        for (int partition = 0; partition < data.PartitionCount; partition++)
        {
            foreach (int customer in featurizer.Select(partition, instants[instant], Population.Scoring))
            {
                features.Sweep(data.BlockOf(partition), customer);
                using Column key = data.GatherKeys([customer]);
                rows.Add(((PrimitiveColumn<long>)key).Values[0], [.. features.Evaluate(instant)]);
            }
        }
        return rows;
    }

    private Dictionary<long, double?> Query(string sql)
    {
        using DuckDbConnection connection = _database.Connect();
        connection.Execute("SET TimeZone = 'UTC'");
        var result = new Dictionary<long, double?>();
        foreach (RecordBatch batch in connection.Stream($"SELECT customer_id, value::DOUBLE FROM ({sql}) t(customer_id, value)", default))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                    result.Add(((PrimitiveColumn<long>)batch.Columns[0]).Values[row], batch.Columns[1].IsNull(row) ? null : ((PrimitiveColumn<double>)batch.Columns[1]).Values[row]);
            }
        }
        return result;
    }
}
