namespace ChurnEngine.Cli.Tests.Killed;

/// <summary>One command line that writes, and the folder it writes into.</summary>
/// <param name="Name">Of the case.</param>
/// <param name="Prepare">Fills the folder with what is there before: inputs, and an earlier good result.</param>
/// <param name="Line">The command line for a folder.</param>
public sealed record KillCase(string Name, Action<string> Prepare, Func<string, string[]> Line)
{
    /// <summary>Steps from one kill to the next; 1 kills at every step.</summary>
    public int Every { get; init; } = 1;

    /// <summary>The earlier result is replaced as a whole: its files may go, while another whole result is there.</summary>
    public bool ReplacesAll { get; init; }

    /// <summary>Running it again on its own whole result is refused.</summary>
    public bool RefusesItsOwnResult { get; init; }

    public override string ToString() => Name;

    /// <summary>Every verb that writes, onto nothing and over an earlier result.</summary>
    public static IReadOnlyList<KillCase> All(KillScene scene) =>
    [
        new("generate", _ => { }, folder => ["generate", "--customers", "300", "--months", "10", "--out", Path.Combine(folder, "world")]) { RefusesItsOwnResult = true },
        new("validate", folder => Copy(scene, folder, "quarantine/support.csv"), folder => ["validate", "--config", Config(folder)]),
        new("features", folder => Copy(scene, folder, "features.parquet"), folder => ["features", "--config", Config(folder), "--out", Path.Combine(folder, "features.parquet")]),
        new("features --grouped", _ => { }, folder => ["features", "--config", Path.Combine(scene.Project, "churn.yaml"), "--out", Path.Combine(folder, "features.parquet"), "--grouped", Path.Combine(folder, "grouped")]),
        new("train", folder => Copy(scene, folder, "model.onnx", "compatible.onnx"),
            folder => ["train", "--config", Config(folder), "--trees", "4", "--model", Path.Combine(folder, "model.onnx"), "--compatible", Path.Combine(folder, "compatible.onnx")]),
        new("evaluate", folder => Copy(scene, folder), folder => ["evaluate", "--config", Config(folder), "--model", scene.Model]),
        new("score", _ => { }, folder => Score(scene, folder)),
        new("score --overwrite", folder => FolderContent.Copy(scene.OlderScores, Path.Combine(folder, "scores")), folder => [.. Score(scene, folder), "--overwrite"]) { ReplacesAll = true },
        new("score --partition", _ => { }, folder => [.. Score(scene, folder), "--partition", "1/2"]),
        new("score --finish", folder => FolderContent.Copy(scene.Slices, Path.Combine(folder, "scores")), folder => ["score", "--finish", Path.Combine(folder, "scores")]),
        new("decide", folder => File.WriteAllText(Path.Combine(folder, "plan.csv"), "an earlier plan"),
            folder => ["decide", "--scores", scene.Scores, "--value", "600", "--save-rate", "0.3", "--cost", "10", "--out", Path.Combine(folder, "plan.csv")]),
        new("demo", _ => { }, folder => ["demo", "--customers", "600", "--out", Path.Combine(folder, "demo")]) { Every = 9 },
        new("features backfill", folder => Copy(scene, folder),
            folder => ["features", "backfill", "--config", Config(folder), "--from", "2024-04-01", "--to", "2024-06-01", "--every", "1mo", "--store", Path.Combine(folder, "store")]),
        new("features materialise --overwrite", folder => { Copy(scene, folder); FolderContent.Copy(scene.Store, Path.Combine(folder, "store")); },
            folder => ["features", "materialise", "--config", Config(folder), "--as-of", "2024-05-01", "--overwrite", "--store", Path.Combine(folder, "store")]),
        new("features join", folder => { Copy(scene, folder, "training.parquet"); File.WriteAllText(Path.Combine(folder, "pairs.csv"), "customer_id,as_of\n1,2024-05-01\n2,2024-05-01\n3,2024-05-01\n4,2024-05-01\n99999,2024-05-01\n"); },
            folder => ["features", "join", "--store", scene.Store, "--pairs", Path.Combine(folder, "pairs.csv"), "--out", Path.Combine(folder, "training.parquet")]),
        new("features publish", folder => File.WriteAllText(Path.Combine(folder, "features.sqlite"), "an earlier store"),
            folder => ["features", "publish", "--store", scene.Store, "--out", Path.Combine(folder, "features.sqlite")]),
    ];

    private static string[] Score(KillScene scene, string folder) =>
        ["score", "--table", scene.Table, "--model", scene.TableModel, "--reasons", "0", "--out", Path.Combine(folder, "scores")];

    private static string Config(string folder) => Path.Combine(folder, "project", "churn.yaml");

    private static void Copy(KillScene scene, string folder, params string[] earlier)
    {
        FolderContent.Copy(scene.Project, Path.Combine(folder, "project"));
        foreach (string name in earlier)
        {
            string path = Path.Combine(folder, name.StartsWith("quarantine", StringComparison.Ordinal) ? Path.Combine("project", name) : name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "an earlier good result");
        }
    }
}
