using System.Globalization;
using System.Text.Json.Nodes;

namespace ChurnEngine.Bench.Peers;

/// <summary>Features of a generated world's own plan against the same features as SQL in DuckDB.</summary>
internal sealed class FeaturizeEntry : IPeerEntry
{
    private const int Months = 12;
    private const long DayMicros = 86_400_000_000;

    public string Name => "featurize";

    public string Summary =>
        """
        featurize: the plan of a generated world against the same features as one SQL statement an as-of date in DuckDB, each in a fresh process.
        From files: Parquet in, features in memory out, everything counted: our loading, grouping and sorting too; 'duckdb' scans the files at each date, 'duckdb-tables'
        reads them into its own tables first. From memory: ours from events grouped by customer and sorted by time, which loading does once; DuckDB from its own
        tables; the median of three passes after a warm-up. Result: ours a row-major float32 matrix, DuckDB's a table of FLOAT columns.
        """;

    public IReadOnlyList<DebianPackage> Needs { get; } = [];

    public IEnumerable<PeerCase> Cases(PeerRequest request)
    {
        int customers = request.Quick ? 5_000 : 100_000;
        int most = request.Threads.Max();
        foreach (int threads in request.Threads)
        {
            foreach (bool files in new[] { true, false })
            {
                foreach (int dates in new[] { 1, 6 })
                {
                    if (request.Grid || (threads == most && (files || dates == 1)))
                        yield return Case(request, customers, threads, (files, dates));
                }
            }
        }
    }

    public PeerMeasures Measure(string contestant, JsonObject options)
    {
        var job = new FeaturizeJob((string)options["world"]!, [.. options["as_of"]!.AsArray().Select(date => (long)date!)], (bool)options["from_files"]!, (int)options["threads"]!);
        return contestant switch
        {
            "ours" => FeaturizeRuns.Ours(job, job.Plan(), groupingCounts: false),
            "duckdb" => FeaturizeRuns.DuckDb(job, job.Plan(), loadFirst: false),
            "duckdb-tables" => FeaturizeRuns.DuckDb(job, job.Plan(), loadFirst: true),
            _ => throw new BenchException($"there is no contestant '{contestant}'", "see FeaturizeEntry"),
        };
    }

    private static PeerCase Case(PeerRequest request, int customers, int threads, (bool FromFiles, int Dates) what)
    {
        var cache = new StageCache(new StageOptions { Stage = "featurize", Customers = customers, Months = Months, Cache = request.Cache });
        var options = new JsonObject { ["from_files"] = what.FromFiles, ["threads"] = threads };
        Contestant[] peers = what.FromFiles ? [One("duckdb"), One("duckdb-tables")] : [One("duckdb-tables")];
        double millions = customers / 1e6;
        return new PeerCase
        {
            Parameters =
            [
                new("shape", customers.ToString("N0", CultureInfo.InvariantCulture) + " customers"), new("source", what.FromFiles ? "from files" : "from memory"),
                new("as-of dates", $"{what.Dates}"), new("threads", $"{threads}"),
            ],
            EqualOptions = $"{customers:N0} customers over {Months} months, seed 7; every feature of the world's own plan; {what.Dates} as-of {(what.Dates == 1 ? "date" : "dates, a month apart")}; "
                + $"half-open windows, only what was known by then, customers at risk; {threads} {(threads == 1 ? "thread" : "threads")}",
            Contestants = [One("ours"), .. peers],
            Metrics =
            [
                new("total", "total", "s") { Decimals = 3 }, new("rate", "customers at dates", "rows/s") { Kind = MetricKind.Shown, Decimals = 0 },
                // In memory, the warm-up leaves room that the timed passes fill again.
                .. what.FromFiles ? new PeerMetric[] { new("memory", "peak above the start", "MB") { Decimals = 0 } } : [],
            ],
            // 85 rows a customer: read at some millions a second and thread, scanned once more for each date.
            SecondsPerRound = (1 + peers.Length) * (1 + 85 * millions * (0.08 + 0.03 * what.Dates) * 2 / threads),
            Prepare = say =>
            {
                Directory.CreateDirectory(request.Cache);
                say($"world of {customers:N0} customers");
                options["world"] = cache.World();
                options["as_of"] = new JsonArray([.. Dates(what.Dates).Select(date => JsonValue.Create(date))]);
            },
            Complete = (_, measures) => measures.Numbers["rate"] = measures[FeatureDigest.Prefix + "rows"] / measures["total"],
            Judge = runs => runs.Skip(1).Select(run => FeatureDigest.Compare(runs[0], run)),
        };

        Contestant One(string name) => new(name, null, options);
    }

    // Ends of months; not midnight, so that windows cut days.
    private static IEnumerable<long> Dates(int count)
    {
        const long Start = DataGen.WorldClock.Start * 1_000_000;
        return Enumerable.Range(0, count).Select(i => Start + ((Months - i) * 30 * DayMicros) - (DayMicros / 3));
    }
}
