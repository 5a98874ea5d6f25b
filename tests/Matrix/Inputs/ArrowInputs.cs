using ChurnEngine.TestKit;

namespace ChurnEngine.Matrix.Tests;

/// <summary>Arrow files and streams: damaged, compressed, foreign, or with other types than promised.</summary>
internal static class ArrowInputs
{
    public static IEnumerable<BadInput> All => [.. Forms, .. Damaged, .. Foreign, .. Values, .. Several, .. Cut];

    private static IEnumerable<BadInput> Forms =>
    [
        File("a file", scene => Good(scene), 0, "") with { Rows = new Rows("events", 200, 200) },
        File("a stream", scene => Samples.Arrow(scene, "events.arrow", Samples.EventsQuery(scene), stream: true), 0, "") with { Rows = new Rows("events", 200, 200) },
        File("columns of types that the engine does not hold, beside those wanted", scene => Nested(scene), 0, "") with { Rows = new Rows("events", 200, 200) },
        File("a number column of decimals", scene => { Nested(scene); scene.Write("churn.yaml", Project(", columns: { amount: before_decimal }")); }, 3, "CE2107 table 'events'") with { Names = ["events.arrow", "'before_decimal'", "decimal", "cast"] },
        File("packed with gzip", scene => { Good(scene); scene.Shell("gzip events.arrow"); scene.Write("churn.yaml", Samples.Project(events: "events.arrow.gz", more: Extract)); }, 3, "CE2003 table 'events'") with { Names = ["events.arrow.gz"] },
        File("packed with gzip, under the bare name", scene => { Good(scene); scene.Shell("gzip events.arrow && mv events.arrow.gz events.arrow"); }, 3, "CE2101 table 'events'") with { Names = ["events.arrow", "gunzip"] },
    ];

    private static IEnumerable<BadInput> Damaged =>
    [
        File("an empty file", scene => scene.Write("events.arrow", ""), 3, "CE2004") with { Names = ["events.arrow"] },
        File("the magic word only", scene => scene.Write("events.arrow", "ARROW1"), 3, "CE2104 table 'events'") with { Names = ["events.arrow"] },
        File("a footer length beyond the file", scene => Change(scene, bytes => bytes.AsSpan(bytes.Length - 10, 4).Fill(0x7F)), 3, "CE2104 table 'events'") with { Names = ["events.arrow"] },
        File("a footer of zeros", scene => Change(scene, bytes => bytes.AsSpan(bytes.Length - 300, 290).Clear()), 3, "CE2105 table 'events'") with { Names = ["events.arrow"] },
        File("a footer of ones", scene => Change(scene, bytes => bytes.AsSpan(bytes.Length - 300, 290).Fill(0xFF)), 3, "CE2105 table 'events'") with { Names = ["events.arrow"] },
        File("bytes added behind the end", scene => { Good(scene); System.IO.File.AppendAllText(scene["events.arrow"], "more"); }, 3, "CE2104 table 'events'") with { Names = ["events.arrow"] },
        File("a stream without its end marker", scene =>
        {
            Samples.Arrow(scene, "events.arrow", Samples.EventsQuery(scene), stream: true);
            scene.Write("events.arrow", System.IO.File.ReadAllBytes(scene["events.arrow"])[..^8]);
        }, 3, "CE2103 table 'events'") with { Names = ["events.arrow", "killed"] },
        File("a text that is not UTF-8", scene => Change(scene, bytes => bytes[bytes.AsSpan().IndexOf("phonetvphone"u8)] = 0xFF), 3, "CE2115 table 'events'") with { Names = ["events.arrow", "'device'", "row"] },
    ];

    private static IEnumerable<BadInput> Foreign =>
    [
        File("CSV named .arrow", scene => scene.Write("events.arrow", Samples.Events), 3, "CE2101 table 'events'") with { Names = ["events.arrow"] },
        File("Parquet named .arrow", scene => Samples.Parquet(scene, "events.arrow", Samples.EventsQuery(scene)), 3, "CE2101 table 'events'") with { Names = ["events.arrow", ".parquet"] },
        File("Arrow named .csv", scene => { Good(scene); scene.Shell("mv events.arrow events.csv"); scene.Write("churn.yaml", Samples.Project(more: Extract)); }, 3, "CE2016 table 'events'") with { Names = ["events.csv", ".arrow"] },
        File("Feather of version 1", scene => scene.Write("events.arrow", "FEA1" + new string('.', 200) + "FEA1"), 3, "CE2101 table 'events'") with { Names = ["events.arrow", "version=2"] },
        File("compressed with LZ4, as pandas does unless told", scene => Compressed(scene, "lz4"), 3, "CE2108 table 'events'") with { Names = ["events.arrow", "LZ4", "to_feather(path, compression='uncompressed')", "pyarrow", "polars"] },
        File("compressed with ZSTD", scene => Compressed(scene, "zstd"), 3, "CE2108 table 'events'") with { Names = ["events.arrow", "ZSTD", "uncompressed"] },
        File("a plain table compressed with LZ4", scene =>
        {
            scene.Write("model.onnx", Samples.TableModel);
            scene.Write("people.csv", Samples.People);
            ForeignRuntimes.WriteTable("polars", scene["people.csv"], scene["people.arrow"], "lz4");
        }, 3, "CE2108") with { CommandLine = "score --table people.arrow --model model.onnx --out scores", Names = ["people.arrow", "LZ4"] },
    ];

    private static IEnumerable<BadInput> Values =>
    [
        Query("a number column of texts", "'lots' AS amount", 3, "CE2007") with { Names = ["events.arrow", "row 1", "'amount'"] },
        Query("a number column of instants", "event_at AS amount", 2, "CE3006") with { Names = ["'amount'"] },
        Query("a time column of numbers", "epoch(event_at)::BIGINT AS event_at", 2, "CE3006") with { Names = ["'event_at'", "time_unit"] },
        Query("a time column of texts, day first", "strftime(event_at, '%d.%m.%Y') AS event_at", 3, "CE2007") with { Names = ["events.arrow", "row 1", "'event_at'"] },
        Query("a key null", "CASE WHEN amount = 9 AND customer_id = 7 THEN NULL ELSE customer_id END AS customer_id", 0, "table 'events'") with { Rows = new Rows("events", 200, 199) },
        Query("a time in the year 290000", "CASE WHEN amount = 9 AND customer_id = 7 THEN TIMESTAMP '290000-01-01' ELSE event_at END AS event_at", 0, "table 'events'") with { Rows = new Rows("events", 200, 199) },
        Query("a number that is infinite", "CASE WHEN amount = 9 AND customer_id = 7 THEN 'inf'::DOUBLE ELSE amount::DOUBLE END AS amount", 0, "table 'events'") with { Rows = new Rows("events", 200, 199) },
        File("a column that is absent", scene => Samples.Arrow(scene, "events.arrow", $"SELECT * EXCLUDE (amount) FROM ({Samples.EventsQuery(scene)})"), 2, "CE3002") with { Names = ["'amount'", "events"] },
        File("no rows", scene => Samples.Arrow(scene, "events.arrow", $"{Samples.EventsQuery(scene)} LIMIT 0"), 3, "CE2005") with { Names = ["events.arrow"] },
    ];

    private static IEnumerable<BadInput> Several =>
    [
        Folder("three files alike, one of them a stream", 0, "", scene => Samples.Arrow(scene, "events/b.arrows", Samples.EventsQuery(scene), stream: true)) with { Rows = new Rows("events", 600, 600) },
        Folder("one file of three has its columns in another order and wider", 0, "", scene => Samples.Arrow(scene, "events/b.arrow", $"SELECT device, amount::DOUBLE AS amount, kind, event_at, customer_id FROM ({Samples.EventsQuery(scene)})")) with { Rows = new Rows("events", 600, 600) },
        Folder("one file of three lacks a column", 3, "CE2006", scene => Samples.Arrow(scene, "events/b.arrow", $"SELECT * EXCLUDE (amount) FROM ({Samples.EventsQuery(scene)})")) with { Names = ["events/b.arrow", "'amount'"] },
        Folder("one file of three has texts for numbers", 3, "CE20", scene => Samples.Arrow(scene, "events/b.arrow", Samples.EventsQuery(scene, "'lots' AS amount"))) with { Names = ["'amount'", "b.arrow"] },
        Folder("one file of three is cut", 3, "CE2104 table 'events'", scene =>
        {
            Samples.Arrow(scene, "events/b.arrow", Samples.EventsQuery(scene));
            scene.Write("events/b.arrow", System.IO.File.ReadAllBytes(scene["events/b.arrow"]).Tenths(5));
        }) with { Names = ["events/b.arrow"] },
        Folder("a CSV file among them", 3, "CE2011", scene => scene.Write("events/b.csv", Samples.Events)) with { Names = ["events", "Arrow, Csv"] },
    ];

    private static IEnumerable<BadInput> Cut => new[] { 1, 5, 9 }.SelectMany(tenth => new[] { false, true }.Select(stream => File($"a {(stream ? "stream" : "file")} cut at {tenth} tenth{(tenth == 1 ? "" : "s")}", scene =>
    {
        Samples.Arrow(scene, "events.arrow", Samples.EventsQuery(scene), stream);
        scene.Write("events.arrow", System.IO.File.ReadAllBytes(scene["events.arrow"]).Tenths(tenth));
    }, 3, stream ? "CE2102 table 'events'" : "CE2104 table 'events'") with
    { Names = ["events.arrow"] }));

    private const string Extract = "extract_at: 2024-03-01";

    private static string Project(string eventKeys) => Samples.Project(events: "events.arrow", eventKeys: eventKeys, more: Extract);

    private static void Good(Scene scene) => Samples.Arrow(scene, "events.arrow", Samples.EventsQuery(scene));

    private static void Nested(Scene scene)
    {
        scene.Write(".events.csv", Samples.Events);
        ForeignRuntimes.WriteTable("js-nested", scene[".events.csv"], scene["events.arrow"]);
    }

    private static void Compressed(Scene scene, string codec)
    {
        scene.Write(".events.csv", Samples.Events);
        ForeignRuntimes.WriteTable("polars", scene[".events.csv"], scene["events.arrow"], codec);
    }

    private static void Change(Scene scene, Action<byte[]> change)
    {
        Good(scene);
        byte[] bytes = System.IO.File.ReadAllBytes(scene["events.arrow"]);
        change(bytes);
        scene.Write("events.arrow", bytes);
    }

    private static BadInput Query(string name, string replace, int exit, string says) =>
        File(name, scene => Samples.Arrow(scene, "events.arrow", Samples.EventsQuery(scene, replace)), exit, says);

    private static BadInput Folder(string name, int exit, string says, Action<Scene> second) => File(name, scene =>
    {
        scene.Write("churn.yaml", Samples.Project(events: "events", more: Extract));
        Directory.CreateDirectory(scene["events"]);
        Samples.Arrow(scene, "events/a.arrow", Samples.EventsQuery(scene));
        Samples.Arrow(scene, "events/c.feather", Samples.EventsQuery(scene));
        second(scene);
    }, exit, says);

    private static BadInput File(string name, Action<Scene> arrange, int exit, string says) => new()
    {
        Group = "Arrow",
        Name = name,
        CommandLine = Samples.FeaturesLine,
        Arrange = scene =>
        {
            scene.Write("churn.yaml", Project(""));
            scene.Write("customers.csv", Samples.Customers);
            arrange(scene);
        },
        Exit = exit,
        Says = says,
    };
}
