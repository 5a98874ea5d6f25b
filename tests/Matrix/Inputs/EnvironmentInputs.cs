namespace ChurnEngine.Matrix.Tests;

/// <summary>What surrounds the command: a full disk, a folder that may not be written, odd variables, closed streams, little memory.</summary>
internal static class EnvironmentInputs
{
    private static readonly OwnProcess s_withoutPower = new() { Before = Powers.IsRoot ? "exec setpriv --inh-caps=-dac_override,-dac_read_search --bounding-set=-dac_override,-dac_read_search" : "exec" };

    public static IEnumerable<BadInput> All => [.. FullDisk, .. Spilled, .. ReadOnly, .. Variables, .. Streams, .. Limits];

    private static IEnumerable<BadInput> FullDisk =>
    [
        Full("scores onto a full disk", "score --table many.csv --model model.onnx --out disk/scores", 4, "CE6009", scene => scene.Write("many.csv", Many)) with { Names = ["disk/scores", "make room"] },
        Full("features onto a full disk", "features --config churn.yaml --out disk/f.parquet", 4, "CE2012", scene => { scene.Write("events.csv", ManyEvents); scene.Write("customers.csv", ManyCustomers); scene.Write("churn.yaml", Samples.Plan); }) with { Names = ["disk/f.parquet"] },
        Full("a model onto a full disk", "train --table people.csv --id id --label churned --cv 2 --trees 3 --model disk/m.onnx", 4, "CE5013", scene => Fill(scene)) with { Names = ["disk/m.onnx"] },
        Full("an action plan onto a full disk", "decide --scores good --cost 0 --out disk/plan.csv", 4, "CE7006", scene => { Fill(scene); foreach ((string name, byte[] bytes) in Samples.Scores.Value) scene.Write($"good/{name}", bytes); }) with { Names = ["disk/plan.csv"] },
        Full("a world onto a full disk", "generate --customers 2000 --out disk/world", 4, "CE2012", _ => { }) with { Names = ["disk/world"], After = null },
        Full("the list of refused rows onto a full disk", "features --config disk/churn.yaml --out features.parquet", 4, "CE2012", scene =>
        {
            scene.Write("disk/churn.yaml", Samples.Project(customers: scene["customers.csv"], events: scene["events.csv"], limit: "1"));
            scene.Write("customers.csv", Samples.Customers);
            scene.Write("events.csv", Samples.Events.Cells(3, new string('x', 900)));
            Fill(scene);
        }) with { Names = ["quarantine"] },
    ];

    private static IEnumerable<BadInput> Spilled =>
    [
        Full("rows beyond memory, and little room in the temporary folder", Samples.FeaturesLine + " --memory 64MB", 4, "CE3045", RowsBeyondMemory) with
        {
            Names = ["disk/", "No space left", "TMPDIR", "--memory"],
            Process = new OwnProcess { Before = "TMPDIR=\"$PWD/disk\" DOTNET_EnableDiagnostics=0 exec" },
            After = scene => Assert.Empty(Directory.EnumerateFileSystemEntries(scene["disk"])),
        },
        Limited("rows beyond memory", Samples.FeaturesLine + " --memory 64MB", "exec", 0, "") with
        {
            Arrange = scene => { Put(scene); RowsBeyondMemory(scene); },
            Rows = new Rows("events", EventRowsBeyondMemory, EventRowsBeyondMemory),
        },
    ];

    private static IEnumerable<BadInput> ReadOnly =>
    [
        Closed("scores into a folder that may not be written", "score --table people.csv --model model.onnx --out closed/scores", "CE6004") with { Names = ["closed/scores", "permission"] },
        Closed("features into a folder that may not be written", "features --config churn.yaml --out closed/f.parquet", "CE2012") with { Names = ["closed/f.parquet", "permission"] },
        Closed("a model into a folder that may not be written", "train --table people.csv --id id --label churned --cv 2 --trees 3 --model closed/m.onnx", "CE5013") with { Names = ["closed/m.onnx", "permission"] },
        Closed("an action plan into a folder that may not be written", "decide --scores good --out closed/plan.csv", "CE7006") with { Names = ["closed/plan.csv", "permission"] },
        Closed("a world into a folder that may not be written", "generate --customers 100 --out closed/world", "CE1805") with { Names = ["closed/world", "permission"] },
        Closed("the list of refused rows into a folder that may not be written", "score --table people.csv --model model.onnx --out scores", "CE2012") with
        {
            Names = ["quarantine", "permission"],
            Arrange = scene =>
            {
                Put(scene);
                scene.Write("people.csv", Samples.People.Cell(7, 0, ""));
                Directory.CreateDirectory(scene["quarantine"]);
                scene.Mode("500", "quarantine");
            },
        },
        Mounted("scores onto a disk mounted read-only", "score --table people.csv --model model.onnx --out disk/scores", "CE6004") with { Names = ["disk/scores"] },
        Mounted("features onto a disk mounted read-only", "features --config churn.yaml --out disk/f.parquet", "CE2012") with { Names = ["disk/f.parquet"] },
    ];

    private static IEnumerable<BadInput> Variables =>
    [
        Child("a temporary folder that is not there", Samples.ScoreLine, 0, "", new() { ["TMPDIR"] = "/nowhere/at/all" }),
        Child("a locale with decimal commas", Samples.ScoreLine, 0, "", new() { ["LC_ALL"] = "de_DE.UTF-8", ["LANG"] = "de_DE.UTF-8" }) with { Rows = new Rows("table", 60, 60) },
        Child("a clock's zone far from UTC", Samples.FeaturesLine, 0, "", new() { ["TZ"] = "Pacific/Kiritimati" }) with { Rows = new Rows("events", 200, 200) },
        Child("no home folder", Samples.ScoreLine, 0, "", new() { ["HOME"] = "" }) with { Rows = new Rows("table", 60, 60) },
        Child("a terminal of no width", Samples.ScoreLine, 0, "", new() { ["COLUMNS"] = "0", ["TERM"] = "dumb" }) with { Rows = new Rows("table", 60, 60) },
        Child("colours refused", Samples.ScoreLine, 0, "", new() { ["NO_COLOR"] = "1" }) with { Rows = new Rows("table", 60, 60) },
        Child("a Slurm array slice that makes no sense", Samples.ScoreLine, 2, "CE1130", new() { ["SLURM_ARRAY_TASK_ID"] = "x" }) with { Names = ["SLURM_ARRAY_TASK_ID", "'x'"] },
        Child("a Kubernetes index of an unknown number", Samples.ScoreLine, 2, "CE1132", new() { ["JOB_COMPLETION_INDEX"] = "3" }) with { Names = ["JOB_COMPLETION_INDEX", "--partition auto/N"] },
        Child("the native libraries cannot be found", Samples.FeaturesLine, 2, "CE2014", []) with
        {
            Names = ["DuckDB"],
            Process = new OwnProcess { Program = "bin/churn" },
            Arrange = scene =>
            {
                Put(scene);
                scene.Shell($"mkdir bin && cd '{AppContext.BaseDirectory}' && cp churn churn.runtimeconfig.json churn.deps.json *.dll \"$OLDPWD/bin/\"");
            },
        },
    ];

    private static IEnumerable<BadInput> Streams =>
    [
        Redirected("standard output is a full device", Samples.ScoreLine, ">/dev/full", 4, "CE1011") with { Names = ["standard output"], IsDone = true },
        Redirected("the reader of a pipe is gone", Samples.ScoreLine + " --json", "| head -c 1 >/dev/null", 0, "") with { Process = new OwnProcess { Before = "", Behind = "| head -c 1 >/dev/null" } },
    ];

    private static IEnumerable<BadInput> Limits =>
    [
        Limited("64 MB of memory asked to suffice", Samples.FeaturesLine + " --memory 64MB", "exec", 0, "") with { Rows = new Rows("events", 200, 200) },
        // The runtime itself maps a large file for code unless told not to.
        Here("a file larger than the process may write", "generate --customers 30000 --out world", 4, "CE2012") with
        {
            Names = ["File too large"],
            Process = new OwnProcess { Before = "ulimit -f 500; exec", Environment = new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" } },
        },
        Limited("few open files allowed", Samples.FeaturesLine, "ulimit -n 256; exec", 0, "") with { Rows = new Rows("events", 200, 200) },
    ];

    private static string Many { get; } = "id,age,spend,plan,churned\n" + string.Concat(Enumerable.Range(1, 60_000).Select(i => $"p{i * 7919 % 1_000_003},{20 + i % 50},{i * 31 % 977}.5,basic,No\n"));

    private static string ManyEvents { get; } = "customer_id,event_at,kind,amount,device\n" + string.Concat(Enumerable.Range(1, 60_000).Select(i => $"{i * 7919 % 1_000_003},2024-01-05T00:00:00Z,play,{i * 31 % 977}.5,tv\n"));

    // At 36 bytes a row a little more than the 32 MB that rows may take of 64 MB.
    private const int EventRowsBeyondMemory = 6_000_000;

    private static string ManyCustomers { get; } = "customer_id,signup_at,age,plan\n" + string.Concat(Enumerable.Range(1, 60_000).Select(i => $"{i * 7919 % 1_000_003},2023-01-05,{i * 31 % 97},basic\n"));

    // Instants to the microsecond, which fit into no fewer bytes than they have.
    private static void RowsBeyondMemory(Scene scene)
    {
        scene.Write("churn.yaml", Samples.Project(events: "events.parquet"));
        Samples.Parquet(scene, "events.parquet", $"SELECT 1 + i % 40 AS customer_id, TIMESTAMP '2024-01-05' + to_microseconds(i * 7919 % 86400000000) AS event_at, 'play' AS kind, (i % 977)::DOUBLE AS amount, 'tv' AS device FROM range({EventRowsBeyondMemory}) t(i)");
    }

    private static BadInput Full(string name, string line, int exit, string says, Action<Scene> arrange) => Disk(name, line, "size=160k", exit, says) with
    {
        Arrange = scene =>
        {
            Put(scene);
            Mount(scene, "size=160k");
            arrange(scene);
        },
    };

    private static BadInput Mounted(string name, string line, string says) => Disk(name, line, "", 2, says) with
    {
        Arrange = scene =>
        {
            Put(scene);
            Mount(scene, "ro");
        },
    };

    private static BadInput Disk(string name, string line, string options, int exit, string says) => Here(name, line, exit, says) with { Lacks = Powers.LackOfMount, Name = name };

    private static BadInput Closed(string name, string line, string says) => Here(name, line, 2, says) with
    {
        Arrange = scene =>
        {
            Put(scene);
            foreach ((string file, byte[] bytes) in Samples.Scores.Value)
                scene.Write($"good/{file}", bytes);
            Directory.CreateDirectory(scene["closed"]);
            scene.Mode("500", "closed");
        },
        Process = s_withoutPower,
        Lacks = Powers.LackOfDrop,
    };

    private static BadInput Child(string name, string line, int exit, string says, Dictionary<string, string> variables) => Here(name, line, exit, says) with { Process = new OwnProcess { Environment = variables } };

    private static BadInput Redirected(string name, string line, string behind, int exit, string says) => Here(name, line, exit, says) with { Process = new OwnProcess { Behind = behind } };

    private static BadInput Limited(string name, string line, string before, int exit, string says) => Here(name, line, exit, says) with { Process = new OwnProcess { Before = before } };

    private static BadInput Here(string name, string line, int exit, string says) => new()
    {
        Group = "environment",
        Name = name,
        CommandLine = line,
        Arrange = Put,
        Exit = exit,
        Says = says,
    };

    private static void Put(Scene scene)
    {
        scene.Write("people.csv", Samples.People);
        scene.Write("model.onnx", Samples.TableModel);
        scene.Write("churn.yaml", Samples.Project(more: "extract_at: 2024-03-01"));
        scene.Write("customers.csv", Samples.Customers);
        scene.Write("events.csv", Samples.Events);
    }

    private static void Mount(Scene scene, string options)
    {
        Directory.CreateDirectory(scene["disk"]);
        scene.Shell($"mount -t tmpfs -o {options} churn-matrix disk");
        scene.Undo(() => scene.Shell("umount disk"));
    }

    private static void Fill(Scene scene) => scene.Shell("dd if=/dev/zero of=disk/filler bs=1k 2>/dev/null; true");
}
