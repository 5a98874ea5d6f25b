using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.DataGen;
using ChurnEngine.Ingest;
using ChurnEngine.Ingest.DuckDb;
using ChurnEngine.TestKit;

namespace ChurnEngine.Features.Tests.Real;

/// <summary>Every numeric feature of a generated world's own plan against the same feature as SQL in DuckDB.</summary>
public sealed class SqlOracleTests : IDisposable
{
    private const string Day = "86400000000";
    private readonly TemporaryDirectory _folder = new();
    private readonly IngestSession _session = new(new IngestOptions { Budget = new JobBudget { Threads = 2 } });
    private readonly DuckDbDatabase _database = new(threads: 2, memoryBytes: 1L << 30);

    public void Dispose()
    {
        _database.Dispose();
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 5)]
    public void Compute_GeneratedWorld_EqualsSql(int seed, int month)
    {
        string world = _folder[$"world-{seed}"];
        DataGen.World.Generate(new WorldOptions { Customers = 1200, Months = 6, Seed = seed }, world, _session.OpenParquet, null, default);
        string yaml = Path.Combine(world, "churn.yaml");
        FeaturePlan plan = FeaturePlan.Parse(File.ReadAllText(yaml), yaml);
        using CustomerData data = CustomerData.Load(plan, _session, new JobBudget { Threads = 2 }, null, default);
        // Not at a month's start alone: seven hours later, so that windows cut days.
        long asOf = new DateTimeOffset(2024, 1, 1, 7, 0, 0, TimeSpan.Zero).AddDays(30 * month).ToUnixTimeMilliseconds() * 1000;
        using FeatureSnapshot snapshot = SelfFrozenFeatures.Compute(plan, data, asOf, new JobBudget { Threads = 2 }, default);
        Assert.True(snapshot.Matrix.RowCount > 200);

        Dictionary<long, double?[]> expected = Query(world, asOf, out string[] names);
        ReadOnlySpan<long> keys = ((PrimitiveColumn<long>)snapshot.Keys).Values;
        int[] columns = [.. names.Select(name => Enumerable.Range(0, plan.Features.Count).Single(i => plan.Features[i].Name == name))];
        Assert.Equal(plan.Features.Count(feature => feature.Kind == FeatureKind.Numeric), names.Length);
        for (int row = 0; row < keys.Length; row++)
        {
            ReadOnlySpan<float> features = snapshot.Matrix.Row(row);
            for (int i = 0; i < columns.Length; i++)
            {
                double? wanted = expected[keys[row]][i];
                float found = features[columns[i]];
                Assert.True(wanted is null ? float.IsNaN(found) : Math.Abs(found - wanted.Value) <= 1e-6 * Math.Max(1, Math.Abs(wanted.Value)),
                    $"seed {seed}, customer {keys[row]}, {names[i]}: SQL says {wanted?.ToString(CultureInfo.InvariantCulture) ?? "null"}, we say {found}");
            }
        }
    }

    private Dictionary<long, double?[]> Query(string world, long asOf, out string[] names)
    {
        string t = asOf.ToString(CultureInfo.InvariantCulture);
        string Window(int days) => $"a >= {t} - {days} * {Day}";
        var events = new Dictionary<string, string>();
        foreach (int days in new[] { 7, 30, 90 })
            events.Add($"plays_{days}d", $"count(*) FILTER (k = 'play' AND {Window(days)})");
        foreach ((string name, string kind) in new[] { ("searches", "search"), ("likes", "like"), ("skips", "skip"), ("errors", "error") })
            events.Add($"{name}_30d", $"count(*) FILTER (k = '{kind}' AND {Window(30)})");
        events.Add("days_since_play", $"({t} - max(a) FILTER (k = 'play'))::DOUBLE / {Day}");
        events.Add("listened_s_30d", $"coalesce(sum(v) FILTER (k = 'play' AND {Window(30)}), 0)");
        events.Add("play_length_s_90d", $"avg(v) FILTER (k = 'play' AND {Window(90)})");
        var payments = new Dictionary<string, string>
        {
            ["failed_charges_30d"] = $"count(*) FILTER (k = 'failed' AND {Window(30)})",
            ["failed_charges_90d"] = $"count(*) FILTER (k = 'failed' AND {Window(90)})",
            ["paid_90d"] = $"coalesce(sum(v) FILTER (k = 'paid' AND {Window(90)}), 0)",
        };
        var support = new Dictionary<string, string>
        {
            ["tickets_30d"] = $"count(*) FILTER ({Window(30)})",
            ["tickets_90d"] = $"count(*) FILTER ({Window(90)})",
            ["billing_tickets_30d"] = $"count(*) FILTER (k = 'billing' AND {Window(30)})",
        };
        var ratios = new Dictionary<string, string>
        {
            ["plays_week_on_month"] = "(plays_7d / 7.0::DOUBLE) / nullif(plays_30d / 30.0::DOUBLE, 0)",
            ["plays_month_on_quarter"] = "(plays_30d / 30.0::DOUBLE) / nullif(plays_90d / 90.0::DOUBLE, 0)",
            ["skips_per_play"] = "skips_30d / nullif(plays_30d, 0)::DOUBLE",
            ["errors_per_play"] = "errors_30d / nullif(plays_30d, 0)::DOUBLE",
        };
        var customers = new Dictionary<string, string>
        {
            ["tenure_days"] = $"({t} - epoch_us(signup_at))::DOUBLE / {Day}",
            ["monthly_price"] = "monthly_price",
            ["age"] = "age",
        };
        string Aggregate(string files, string kind, string value, Dictionary<string, string> features) =>
            $"(SELECT customer_id AS id, {string.Join(", ", features.Select(f => $"{f.Value} AS {f.Key}"))} FROM (SELECT customer_id, epoch_us(event_at) AS a, {kind} AS k, {value} AS v FROM '{world}/{files}' WHERE epoch_us(event_at) < {t} AND epoch_us(ingested_at) <= {t}) GROUP BY customer_id)";
        string Known(IEnumerable<string> counts) => string.Join(", ", counts.Select(name => name is "days_since_play" or "play_length_s_90d" ? name : $"coalesce({name}, 0) AS {name}"));
        names = [.. events.Keys, .. payments.Keys, .. support.Keys, .. ratios.Keys, .. customers.Keys];
        string sql = $"""
            WITH joined AS (SELECT c.customer_id, {string.Join(", ", customers.Select(f => $"{f.Value} AS {f.Key}"))},
                {Known(events.Keys)}, {Known(payments.Keys)}, {Known(support.Keys)}
                FROM '{world}/customers.parquet' c
                LEFT JOIN {Aggregate("events/*.parquet", "event_type", "duration_s", events)} e ON e.id = c.customer_id
                LEFT JOIN {Aggregate("payments.parquet", "status", "amount", payments)} p ON p.id = c.customer_id
                LEFT JOIN {Aggregate("support.parquet", "ticket_kind", "0", support)} s ON s.id = c.customer_id)
            SELECT customer_id, {string.Join(", ", names.Select(name => (ratios.TryGetValue(name, out string? ratio) ? ratio : name) + "::DOUBLE"))} FROM joined
            """;
        using DuckDbConnection connection = _database.Connect();
        var result = new Dictionary<long, double?[]>();
        foreach (RecordBatch batch in connection.Stream(sql, default))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                {
                    result.Add(((PrimitiveColumn<long>)batch.Columns[0]).Values[row], [.. batch.Columns.Skip(1).Select(column =>
                        column.IsNull(row) ? (double?)null : ((PrimitiveColumn<double>)column).Values[row])]);
                }
            }
        }
        return result;
    }
}
