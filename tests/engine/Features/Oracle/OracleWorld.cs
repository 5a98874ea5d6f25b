using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.TestKit;

namespace ChurnEngine.Features.Tests.Oracle;

/// <summary>A random base of customers in Parquet files, rich enough for every aggregate of the plan language.</summary>
/// <remarks>No two events of a customer share an instant, since SQL says nothing about the order of ties; about one event in eight is late.</remarks>
internal sealed class OracleWorld : IDisposable
{
    private static readonly string[] s_kinds = ["play", "pay", "skip", "cancel"];
    private static readonly string?[] s_levels = ["free", "paid", "trial", null, " "];
    private static readonly string?[] s_agents =
    [
        "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/36.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 7_1 like Mac OS X) AppleWebKit/537.51.2 (KHTML, like Gecko) Version/7.0 Mobile/11D257 Safari/9537.53",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.9; rv:31.0) Gecko/20100101 Firefox/31.0", null,
    ];

    private readonly TemporaryDirectory _folder = new();

    public OracleWorld(int seed, IngestSession session)
    {
        var random = new Random(seed);
        Write(session, Customers, CustomerRows(random),
            [new("customer_id", ColumnType.Int64), new("signup_at", ColumnType.TimestampMicros), new("ends_at", ColumnType.TimestampMicros), new("age", ColumnType.Float64)]);
        Write(session, Events, EventRows(random),
        [
            new("customer_id", ColumnType.Int64), new("event_at", ColumnType.TimestampMicros), new("ingested_at", ColumnType.TimestampMicros), new("event_type", ColumnType.Utf8),
            new("amount", ColumnType.Float64), new("level", ColumnType.Utf8), new("session_id", ColumnType.Int64), new("agent", ColumnType.Utf8), new("item", ColumnType.Int32),
        ]);
    }

    public const int CustomerCount = 80;

    public string Customers => _folder["customers.parquet"];

    public string Events => _folder["events.parquet"];

    /// <summary>The plan of the world with these features; a label without a word about its horizon that matters here.</summary>
    public FeaturePlan Plan(string features, string tables = "session: session_id", string more = "") => FeaturePlan.Parse($$"""
        entity: customer_id
        {{more}}
        tables:
          customers: { source: "{{Customers}}", valid_from: signup_at }
          events: { source: "{{Events}}", time: event_at, known: ingested_at, kind: event_type, {{tables}} }
        features:
        {{features}}
        label: { from: events, churned: "kind = cancel within 30d" }
        """, "churn.yaml");

    public void Dispose() => _folder.Dispose();

    private static Column[] CustomerRows(Random random)
    {
        PrimitiveBuilder<long> ids = new(ColumnType.Int64), signups = new(ColumnType.TimestampMicros), ends = new(ColumnType.TimestampMicros);
        var ages = new PrimitiveBuilder<double>(ColumnType.Float64);
        for (int customer = 1; customer <= CustomerCount; customer++)
        {
            ids.Append(customer);
            signups.Append(World.At(random.Next(20)));
            ends.Append(World.At(30 + random.Next(90)) + random.Next());
            ages.Append(random.Next(18, 90));
        }
        return [ids.Build(), signups.Build(), ends.Build(), ages.Build()];
    }

    private static Column[] EventRows(Random random)
    {
        PrimitiveBuilder<long> ids = new(ColumnType.Int64), times = new(ColumnType.TimestampMicros), known = new(ColumnType.TimestampMicros), sessions = new(ColumnType.Int64);
        Utf8Builder kinds = new(), levels = new(), agents = new();
        var amounts = new PrimitiveBuilder<double>(ColumnType.Float64);
        var items = new PrimitiveBuilder<int>(ColumnType.Int32);
        for (int customer = 1; customer <= CustomerCount; customer++)
        {
            var taken = new HashSet<long>();
            int count = random.Next(3) == 0 ? random.Next(4) : random.Next(120);
            for (int i = 0; i < count; i++)
            {
                // Half of the events come in bursts, so that sessions, streaks and days with several events happen.
                double at = random.Next(2) == 0 ? random.NextDouble() * 80 : random.Next(80) + random.NextDouble() / 12;
                long time = World.At(at);
                if (!taken.Add(time))
                    continue;
                ids.Append(customer);
                times.Append(time);
                known.Append(time + (random.Next(8) == 0 ? (long)(random.NextDouble() * 15 * 86_400_000_000) : 0));
                kinds.Append(s_kinds[random.Next(60) == 0 ? 3 : random.Next(3)]);
                Maybe(amounts, random.Next(4) > 0, Math.Round(random.NextDouble() * 100 - 20, 2));
                levels.Append(s_levels[random.Next(s_levels.Length)]);
                Maybe(sessions, random.Next(20) > 0, customer * 1000 + (long)(at * 2));
                agents.Append(s_agents[random.Next(s_agents.Length)]);
                Maybe(items, random.Next(10) > 0, random.Next(6));
            }
        }
        return [ids.Build(), times.Build(), known.Build(), kinds.Build(), amounts.Build(), levels.Build(), sessions.Build(), agents.Build(), items.Build()];
    }

    private static void Maybe<T>(PrimitiveBuilder<T> builder, bool given, T value) where T : unmanaged
    {
        if (given)
            builder.Append(value);
        else
            builder.AppendNull();
    }

    private static void Write(IngestSession session, string path, Column[] columns, Field[] fields)
    {
        var schema = new Schema(fields);
        using IBatchSink sink = session.OpenParquet(path, schema);
        using var batch = new RecordBatch(schema, columns, columns[0].Length);
        sink.Write(batch);
        sink.Complete();
    }
}
