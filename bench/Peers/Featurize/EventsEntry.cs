using System.Globalization;
using System.Text.Json.Nodes;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest.DuckDb;

namespace ChurnEngine.Bench.Peers;

/// <summary>Features of uniformly shuffled events against the same features as SQL in DuckDB, as facts-features.md measured them; grouping counts.</summary>
internal sealed class EventsEntry : IPeerEntry
{
    private const int EventsACustomer = 100;
    private const long DayMicros = 86_400_000_000;

    public string Name => "features";

    public string Summary =>
        """
        features: events of customers, uniformly shuffled (the order that grouping likes least), 2% of them known late; 30 or 167 features at one or six as-of dates, each in a fresh
        process. From memory: columns in memory in, features out, grouping by customer and sorting by time counted as ours; DuckDB from its own table. From files: Parquet in.
        """;

    public IReadOnlyList<DebianPackage> Needs { get; } = [];

    public IEnumerable<PeerCase> Cases(PeerRequest request)
    {
        int threads = request.Threads.Max();
        foreach (int customers in request.Quick ? [2_000] : request.Grid ? [200_000, 1_000_000] : new[] { 200_000 })
        {
            yield return Case(request, customers, threads, (30, 1, false));
            yield return Case(request, customers, threads, (30, 6, false));
            yield return Case(request, customers, threads, (30, 1, true));
        }
        // DuckDB takes minutes for 167 features of more.
        int fewer = request.Quick ? 2_000 : 10_000;
        yield return Case(request, fewer, threads, (167, 1, false));
        yield return Case(request, fewer, threads, (167, 6, false));
    }

    public PeerMeasures Measure(string contestant, JsonObject options)
    {
        string folder = (string)options["folder"]!;
        FeaturePlan plan = FeaturePlan.Parse(EventsPlan.Yaml((int)options["features"]!), Path.Combine(folder, "churn.yaml"));
        var job = new FeaturizeJob(folder, [.. options["as_of"]!.AsArray().Select(date => (long)date!)], (bool)options["from_files"]!, (int)options["threads"]!);
        return contestant == "ours" ? FeaturizeRuns.Ours(job, plan, groupingCounts: true) : FeaturizeRuns.DuckDb(job, plan, loadFirst: contestant == "duckdb-tables");
    }

    private static PeerCase Case(PeerRequest request, int customers, int threads, (int Features, int Dates, bool FromFiles) what)
    {
        string folder = Path.Combine(request.Cache, $"events-{customers}");
        var options = new JsonObject
        {
            ["folder"] = folder,
            ["features"] = what.Features,
            ["from_files"] = what.FromFiles,
            ["threads"] = threads,
            // A month apart, not midnight, the last at the end of the events.
            ["as_of"] = new JsonArray([.. Enumerable.Range(0, what.Dates).Select(i => JsonValue.Create(Start + (360 - 30L * i) * DayMicros - DayMicros / 3))]),
        };
        Contestant[] peers = what.FromFiles ? [One("duckdb"), One("duckdb-tables")] : [One("duckdb-tables")];
        double millions = customers * (double)EventsACustomer / 1e6, pass = millions * (what.Features == 30 ? 0.14 : 3.7) * what.Dates;
        return new PeerCase
        {
            Parameters =
            [
                new("events", (customers * EventsACustomer).ToString(CultureInfo.InvariantCulture)), new("features", $"{what.Features}"), new("as-of dates", $"{what.Dates}"),
                new("source", what.FromFiles ? "from files" : "from memory"), new("threads", $"{threads}"),
            ],
            EqualOptions = $"{customers * EventsACustomer:N0} events of {customers:N0} customers in 360 days, shuffled, {EventsPlan.Kinds} kinds; {what.Features} features; {what.Dates} as-of "
                + $"{(what.Dates == 1 ? "date" : "dates, a month apart")}; half-open windows, only what was known by then; {threads} {(threads == 1 ? "thread" : "threads")}",
            Contestants = [One("ours"), .. peers],
            Metrics = [new("total", "total", "s") { Decimals = 3 }, new("memory", "peak above the start", "MB") { Decimals = 0, Kind = MetricKind.Shown }],
            MostRounds = 3,
            // A pass of DuckDB, warm-up and passes, ours beside them; reading the events.
            SecondsPerRound = pass * (pass > 10 ? 2 : 4) * 1.3 + millions * 0.3,
            Prepare = say => Prepare(folder, customers, say),
            Judge = runs => runs.Skip(1).Select(run => FeatureDigest.Compare(runs[0], run)),
        };

        Contestant One(string name) => new(name, null, options);
    }

    private static long Start { get; } = (new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / 10;

    // DuckDB's own generator with a fixed seed and one thread: the same rows each time.
    private static void Prepare(string folder, int customers, Action<string> say)
    {
        string stamp = Path.Combine(folder, "made");
        if (File.Exists(stamp))
            return;
        say($"{customers * (long)EventsACustomer:N0} events");
        Directory.CreateDirectory(folder);
        using var database = new DuckDbDatabase(1, new JobBudget().MemoryBytes);
        using DuckDbConnection connection = database.Connect();
        connection.Execute("SELECT setseed(0.7)");
        connection.Execute($"COPY (SELECT i AS customer_id, TIMESTAMPTZ '2023-01-01 00:00:00+00' AS signup_at FROM range({customers}) t(i)) TO '{folder}/customers.parquet'");
        connection.Execute($"""
            COPY (SELECT customer_id, make_timestamptz(a) AS event_at, make_timestamptz(a + late) AS ingested_at, kind, amount FROM
                (SELECT (random() * {customers})::BIGINT % {customers} AS customer_id, {Start} + (random() * 360 * {DayMicros})::BIGINT AS a,
                    CASE WHEN random() < 0.02 THEN (random() * 3 * {DayMicros})::BIGINT ELSE 0 END AS late, 'k' || ((random() * {EventsPlan.Kinds})::INT % {EventsPlan.Kinds}) AS kind,
                    round(random() * 100, 2) AS amount FROM range({customers * (long)EventsACustomer}))) TO '{folder}/events.parquet'
            """);
        File.WriteAllText(stamp, "");
    }
}
