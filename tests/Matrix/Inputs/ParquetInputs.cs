namespace ChurnEngine.Matrix.Tests;

/// <summary>Parquet files: damaged, foreign, or with other types than promised.</summary>
internal static class ParquetInputs
{
    public static IEnumerable<BadInput> All => [.. Damaged, .. Types, .. Values, .. Several, .. CutFiles];

    private static IEnumerable<BadInput> Damaged =>
    [
        File("an empty file", scene => scene.Write("events.parquet", ""), 3, "CE2004") with { Names = ["events.parquet"] },
        File("CSV named .parquet", scene => scene.Write("events.parquet", Samples.Events), 3, "CE2009") with { Names = ["events.parquet"] },
        File("the magic word only", scene => scene.Write("events.parquet", "PAR1PAR1"), 3, "CE2009") with { Names = ["events.parquet"] },
        File("an encrypted file's magic word", scene => Change(scene, bytes => "PARE"u8.CopyTo(bytes.AsSpan(bytes.Length - 4))), 3, "CE2009") with { Names = ["events.parquet"] },
        File("a footer length beyond the file", scene => Change(scene, bytes => bytes.AsSpan(bytes.Length - 8, 4).Fill(0x7F)), 3, "CE2009") with { Names = ["events.parquet"] },
        File("a footer of zeros", scene => Change(scene, bytes => bytes.AsSpan(bytes.Length - 300, 290).Clear()), 3, "CE2009") with { Names = ["events.parquet"] },
        File("a footer of ones", scene => Change(scene, bytes => bytes.AsSpan(bytes.Length - 300, 290).Fill(0xFF)), 3, "CE2009") with { Names = ["events.parquet"] },
        File("data pages of zeros", scene => Change(scene, bytes => bytes.AsSpan(4, 600).Clear()), 3, "CE2009") with { Names = ["events.parquet"] },
        File("data pages of random bytes", scene => Change(scene, bytes => CsvTextInputs.RandomBytes(600).CopyTo(bytes, 4)), 3, "CE2009") with { Names = ["events.parquet"] },
        File("bytes added behind the end", scene => { Good(scene); System.IO.File.AppendAllText(scene["events.parquet"], "more"); }, 3, "CE2009") with { Names = ["events.parquet"] },
    ];

    private static IEnumerable<BadInput> Types =>
    [
        Query("a number column of texts", "'lots' AS amount", 3, "CE2007") with { Names = ["events.parquet", "row 1", "'amount'"] },
        Query("a number column of lists", "[1, 2] AS amount", 3, "CE2007") with { Names = ["events.parquet", "row 1", "'amount'"] },
        Query("a number column of structs", "{'eur': 5} AS amount", 3, "CE2007") with { Names = ["events.parquet", "row 1", "'amount'"] },
        Query("a number column of bytes", "'\\xFF'::BLOB AS amount", 3, "CE2007") with { Names = ["events.parquet", "row 1", "'amount'"] },
        Query("a number column of decimals", "1.25::DECIMAL(38, 2) AS amount", 200),
        Query("a number column of 128-bit integers", "5::HUGEINT AS amount", 200),
        Query("a number column of unsigned 64-bit integers", "18446744073709551615::UBIGINT AS amount", 3, "CE3020") with { Names = ["'amount'"] },
        Query("a number column of booleans", "true AS amount", 200),
        Query("a number column of instants", "event_at AS amount", 2, "CE3006") with { Names = ["'amount'"] },
        Query("a time column of texts, ISO", "strftime(event_at, '%Y-%m-%d %H:%M:%S') AS event_at", 200),
        Query("a time column of texts, day first", "strftime(event_at, '%d.%m.%Y') AS event_at", 3, "CE2007") with { Names = ["events.parquet", "row 1", "'event_at'"] },
        Query("a time column of dates", "event_at::DATE AS event_at", 200),
        Query("a time column of clock times", "(event_at::TIMESTAMP)::TIME AS event_at", 3, "CE2007") with { Names = ["events.parquet", "row 1", "'event_at'"] },
        Query("a time column of numbers", "epoch(event_at)::BIGINT AS event_at", 2, "CE3006") with { Names = ["'event_at'", "time_unit"] },
        Query("a time column in nanoseconds", "event_at::TIMESTAMP_NS AS event_at", 200),
        Query("a time column with a zone", "event_at::TIMESTAMPTZ AS event_at", 200),
        Query("keys that are fractions", "customer_id + 0.5 AS customer_id", 3, "CE2007") with { Names = ["events.parquet", "row 1", "'customer_id'", "'2.5'"] },
        Query("keys that are lists", "[customer_id] AS customer_id", 3, "CE3026") with { Names = ["events", "[10]"] },
        Query("a kind column of numbers", "7 AS kind", 200),
    ];

    private static IEnumerable<BadInput> Values =>
    [
        Query("a key null", "CASE WHEN amount = 9 AND customer_id = 7 THEN NULL ELSE customer_id END AS customer_id", 199),
        Query("every key null", "NULL::BIGINT AS customer_id", 3, "CE2008") with { Names = ["events.parquet", "row 1", "'customer_id'"] },
        Query("a time null", "CASE WHEN amount = 9 AND customer_id = 7 THEN NULL ELSE event_at END AS event_at", 199),
        Query("an infinite time", "CASE WHEN amount = 9 AND customer_id = 7 THEN 'infinity'::TIMESTAMP ELSE event_at END AS event_at", 199),
        Query("a time in the year 290000", "CASE WHEN amount = 9 AND customer_id = 7 THEN TIMESTAMP '290000-01-01' ELSE event_at END AS event_at", 199),
        Query("a number that is NaN", "CASE WHEN amount = 9 AND customer_id = 7 THEN 'nan'::DOUBLE ELSE amount::DOUBLE END AS amount", 200),
        Query("a number that is infinite", "CASE WHEN amount = 9 AND customer_id = 7 THEN 'inf'::DOUBLE ELSE amount::DOUBLE END AS amount", 199),
        Query("a column that is absent", "1 AS amount", 2, "CE3002") with { Arrange = scene => Start(scene, s => Samples.Parquet(s, "events.parquet", $"SELECT * EXCLUDE (amount) FROM ({Samples.EventsQuery(s)})")), Names = ["'amount'", "events"] },
        Query("no rows", "1 AS amount", 3, "CE2005") with { Arrange = scene => Start(scene, s => Samples.Parquet(s, "events.parquet", $"{Samples.EventsQuery(s)} LIMIT 0")), Names = ["events.parquet"] },
        Query("2,000 columns beside those wanted", "1 AS amount", 200) with
        {
            Arrange = scene => Start(scene, s => Samples.Parquet(s, "events.parquet", $"SELECT *, {string.Join(", ", Enumerable.Range(0, 2000).Select(i => $"{i} AS x{i}"))} FROM ({Samples.EventsQuery(s)})")),
        },
    ];

    private static IEnumerable<BadInput> Several =>
    [
        Folder("one file of three is damaged", 3, "CE2009", scene => scene.Write("events/b.parquet", "nonsense, nonsense")) with { Names = ["events/b.parquet"] },
        Folder("one file of three is empty", 3, "CE2004", scene => scene.Write("events/b.parquet", "")) with { Names = ["events/b.parquet"] },
        Folder("one file of three lacks a column", 3, "CE2006", scene => Samples.Parquet(scene, "events/b.parquet", $"SELECT * EXCLUDE (amount) FROM ({Samples.EventsQuery(scene)})")) with { Names = ["events/b.parquet", "'amount'"] },
        Folder("one file of three has texts for numbers", 3, "CE20", scene => Samples.Parquet(scene, "events/b.parquet", Samples.EventsQuery(scene, "'lots' AS amount"))) with { Names = ["'amount'", "b.parquet"] },
        Folder("one file of three is still being written", 0, "", scene => scene.Write("events/.b.parquet.partial", "half")) with { Rows = new Rows("events", 400, 400) },
        Folder("a CSV file among them", 3, "CE2011", scene => scene.Write("events/b.csv", Samples.Events)) with { Names = ["events", "Csv"] },
    ];

    private static IEnumerable<BadInput> CutFiles => Enumerable.Range(1, 9).Select(tenth => File($"cut at {tenth} tenths", scene =>
    {
        Good(scene);
        scene.Write("events.parquet", System.IO.File.ReadAllBytes(scene["events.parquet"]).Tenths(tenth));
    }, 3, "CE2009") with
    { Names = ["events.parquet"] });

    private static void Good(Scene scene) => Samples.Parquet(scene, "events.parquet", Samples.EventsQuery(scene));

    private static void Change(Scene scene, Action<byte[]> change)
    {
        Good(scene);
        byte[] bytes = System.IO.File.ReadAllBytes(scene["events.parquet"]);
        change(bytes);
        scene.Write("events.parquet", bytes);
    }

    private static void Start(Scene scene, Action<Scene> arrange)
    {
        scene.Write("churn.yaml", Samples.Project(events: "events.parquet", more: "extract_at: 2024-03-01"));
        scene.Write("customers.csv", Samples.Customers);
        arrange(scene);
    }

    private static BadInput Query(string name, string replace, int kept) => Query(name, replace, 0, kept == 200 ? "" : "table 'events'") with { Rows = new Rows("events", 200, kept) };

    private static BadInput Query(string name, string replace, int exit, string says) =>
        File(name, scene => Samples.Parquet(scene, "events.parquet", Samples.EventsQuery(scene, replace)), exit, says);

    private static BadInput Folder(string name, int exit, string says, Action<Scene> second) => File(name, scene =>
    {
        scene.Write("churn.yaml", Samples.Project(events: "events", more: "extract_at: 2024-03-01"));
        Directory.CreateDirectory(scene["events"]);
        Samples.Parquet(scene, "events/a.parquet", Samples.EventsQuery(scene));
        Samples.Parquet(scene, "events/c.parquet", Samples.EventsQuery(scene));
        second(scene);
    }, exit, says);

    private static BadInput File(string name, Action<Scene> arrange, int exit, string says) => new()
    {
        Group = "Parquet",
        Name = name,
        CommandLine = Samples.FeaturesLine,
        Arrange = scene => Start(scene, arrange),
        Exit = exit,
        Says = says,
    };
}
