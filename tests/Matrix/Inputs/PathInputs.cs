namespace ChurnEngine.Matrix.Tests;

/// <summary>What stands where a file is promised: nothing, a folder, a loop, a pipe, a device, or a file nobody may read.</summary>
internal static class PathInputs
{
    private static readonly OwnProcess s_child = new();

    // The rights of root beyond those of its files are dropped; the files stay root's own, and their mode counts again.
    private static readonly OwnProcess s_withoutPower = new() { Before = "exec setpriv --inh-caps=-dac_override,-dac_read_search --bounding-set=-dac_override,-dac_read_search" };

    public static IEnumerable<BadInput> All => [.. Absent, .. NotFiles, .. NotReadable, .. Names];

    private static IEnumerable<BadInput> Absent =>
    [
        Source("a file that is not there", "gone.csv", _ => { }, 3, "CE2001") with { Names = ["gone.csv", "events"] },
        Source("a folder that is not there", "gone/events.csv", _ => { }, 3, "CE2001") with { Names = ["gone/events.csv"] },
        Source("a glob that matches nothing", "parts/*.parquet", scene => Directory.CreateDirectory(scene["parts"]), 3, "CE2002") with { Names = ["parts/*.parquet"] },
        Source("a glob in a folder that is not there", "gone/*.parquet", _ => { }, 3, "CE2002") with { Names = ["gone/*.parquet"] },
        Source("an empty folder", "parts", scene => Directory.CreateDirectory(scene["parts"]), 3, "CE2002") with { Names = ["parts"] },
        Source("a folder with hidden files only", "parts", scene => scene.Write("parts/_temporary/a.csv", Samples.Events), 3, "CE2002") with { Names = ["parts", "'_'"] },
        Source("a folder with foreign files only", "parts", scene => scene.Write("parts/readme.md", "hello"), 3, "CE2002") with { Names = ["parts", ".parquet"] },
        Source("an ending that tells no format", "events.dat", scene => scene.Write("events.dat", Samples.Events), 3, "CE2003") with { Names = ["events.dat", "format"] },
        Source("an Excel workbook", "events.xlsx", scene => scene.Write("events.xlsx", "PK"), 3, "CE2003") with { Names = ["events.xlsx"] },
        Source("a path with a URL's scheme", "https://example.invalid/events.csv", _ => { }, 3, "CE20") with { Names = ["https://example.invalid/events.csv"] },
        Source("an object store", "s3://bucket/events/*.parquet", _ => { }, 3, "CE20") with { Names = ["s3://bucket/events/*.parquet"] },
        Line("no configuration file", "validate --config gone.yaml", _ => { }, 2, "CE1101") with { Names = ["gone.yaml"] },
        Line("no model file", "score --table people.csv --model gone.onnx", scene => scene.Write("people.csv", Samples.People), 3, "CE5001") with { Names = ["gone.onnx"] },
        Line("no table file", "score --table gone.csv --model model.onnx", scene => scene.Write("model.onnx", Samples.TableModel), 3, "CE2001") with { Names = ["gone.csv"] },
        Line("an empty table name", "score --table \"\" --model model.onnx", scene => scene.Write("model.onnx", Samples.TableModel), 3, "CE2001") with { Names = ["table"] },
        Line("standard input as table", "score --table - --model model.onnx", scene => scene.Write("model.onnx", Samples.TableModel), 3, "CE2001") with { Names = ["'-'"] },
        Line("no scores to decide on", "decide --scores gone", _ => { }, 3, "CE6101") with { Names = ["gone"] },
    ];

    private static IEnumerable<BadInput> NotFiles =>
    [
        Source("a folder named .csv", "events.csv", scene => Directory.CreateDirectory(scene["events.csv"]), 3, "CE2002") with { Names = ["events.csv"] },
        Line("a folder as configuration", "validate --config conf", scene => Directory.CreateDirectory(scene["conf"]), 2, "CE1101") with { Names = ["conf", "folder"] },
        Line("a folder as model", "score --table people.csv --model model", scene => { Directory.CreateDirectory(scene["model"]); scene.Write("people.csv", Samples.People); }, 3, "CE5012") with { Names = ["model", "folder"] },
        Source("a link that points nowhere", "events.csv", scene => File.CreateSymbolicLink(scene["events.csv"], "gone"), 3, "CE2001") with { Names = ["events.csv"] },
        Source("a link that points to itself", "events.csv", scene => File.CreateSymbolicLink(scene["events.csv"], scene["events.csv"]), 3, "CE2019") with { Names = ["events.csv", "leads back to itself"], Process = s_child },
        Source("a folder with a link to itself", "parts", scene =>
        {
            scene.Write("parts/a.csv", Samples.Events);
            Directory.CreateSymbolicLink(scene["parts/loop"], scene["parts"]);
        }, 0, "") with { Rows = new Rows("events", 200, 200), Process = s_child },
        Source("a link to a good file", "events.csv", scene => { scene.Write("real/e.csv", Samples.Events); File.CreateSymbolicLink(scene["events.csv"], "real/e.csv"); }, 0, "") with { Rows = new Rows("events", 200, 200) },
        Source("a pipe as CSV", "events.csv", scene => scene.Shell("mkfifo events.csv"), 3, "CE2019") with { Names = ["events.csv", "pipe"], Process = s_child },
        Source("a pipe as Parquet", "events.parquet", scene => scene.Shell("mkfifo events.parquet"), 3, "CE2019") with { Names = ["events.parquet", "pipe"], Process = s_child },
        Source("a pipe in a folder", "parts", scene => scene.Shell("mkdir parts && mkfifo parts/a.jsonl"), 3, "CE2019") with { Names = ["parts/a.jsonl"], Process = s_child },
        Line("a pipe as configuration", "validate --config churn.yaml", scene => scene.Shell("mkfifo churn.yaml"), 2, "CE1101") with { Names = ["churn.yaml", "pipe"], Process = s_child },
        Line("a pipe as model", "score --table people.csv --model model.onnx", scene => scene.Shell("mkfifo model.onnx"), 3, "CE5012") with { Names = ["model.onnx", "pipe"], Process = s_child },
        Line("an endless device as model", "score --table people.csv --model /dev/zero", _ => { }, 3, "CE5012") with { Names = ["/dev/zero", "device"], Process = s_child },
        Source("an endless device", "events.csv", scene => File.CreateSymbolicLink(scene["events.csv"], "/dev/zero"), 3, "CE2019") with { Names = ["events.csv", "device"], Process = s_child },
    ];

    private static IEnumerable<BadInput> NotReadable =>
    [
        Source("a file without the right to read it", "events.csv", scene => { scene.Write("events.csv", Samples.Events); scene.Mode("000", "events.csv"); }, 3, "CE2010") with { Names = ["events.csv", "permission"] },
        Source("a folder without the right to enter it", "parts", scene => { scene.Write("parts/a.csv", Samples.Events); scene.Mode("000", "parts"); }, 3, "CE2010") with { Names = ["parts", "permission"] },
        Source("a file in a folder without the right to enter it", "parts/a.csv", scene => { scene.Write("parts/a.csv", Samples.Events); scene.Mode("000", "parts"); }, 3, "CE20") with { Names = ["parts/a.csv"] },
        Line("a configuration without the right to read it", "validate --config churn.yaml", scene => { scene.Write("churn.yaml", Samples.Plan); scene.Mode("000", "churn.yaml"); }, 2, "CE1109") with { Names = ["churn.yaml", "permission"] },
        Line("a model without the right to read it", "score --table people.csv --model model.onnx", scene => { scene.Write("people.csv", Samples.People); scene.Write("model.onnx", Samples.TableModel); scene.Mode("000", "model.onnx"); }, 3, "CE5012") with { Names = ["model.onnx", "permission"] },
    ];

    private static IEnumerable<BadInput> Names =>
    [
        Named("a path with blanks", "my events.csv"),
        Named("a path in other scripts", "события/εκδηλώσεις 事件 🎬.csv"),
        Named("a path with an apostrophe", "it's.csv"),
        Named("a path with SQL in it", "a'); DROP TABLE x; --.csv"),
        Named("a path with glob characters, meant as they are", "a[1].csv"),
        Named("a path with a line break", "a\nb.csv"),
        Named("a path with a percent sign", "100%41.csv"),
        Named("a path of 200 letters", new string('e', 200) + ".csv"),
        Named("a path with a leading dash", "-events.csv"),
    ];

    private static BadInput Named(string name, string file) => Source(name, file, scene => scene.Write(file, Samples.Events), 0, "") with { Rows = new Rows("events", 200, 200) };

    private static BadInput Source(string name, string source, Action<Scene> arrange, int exit, string says) => Line(name, Samples.FeaturesLine, scene =>
    {
        scene.Write("churn.yaml", Samples.Project(events: $"\"{source.Replace("\n", "\\n", StringComparison.Ordinal)}\"", more: "extract_at: 2024-03-01"));
        scene.Write("customers.csv", Samples.Customers);
        arrange(scene);
    }, exit, says);

    private static BadInput Line(string name, string line, Action<Scene> arrange, int exit, string says) => new()
    {
        Group = "path",
        Name = name,
        CommandLine = line,
        Arrange = arrange,
        Exit = exit,
        Says = says,
        Process = name.Contains("the right to", StringComparison.Ordinal) && Powers.IsRoot ? s_withoutPower : null,
        Lacks = name.Contains("the right to", StringComparison.Ordinal) ? Powers.LackOfDrop : () => null,
    };
}
