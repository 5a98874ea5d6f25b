using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Cycle;

/// <summary>Two worlds to run cycles on, made once: one of nine months, and a later one of twelve in which customers play less from the ninth month on.</summary>
public sealed class CycleProject : IDisposable
{
    /// <summary>A model of one stump, which any other beats.</summary>
    public const string Weak = "train: { trees: 1, max_leaves: 2, snapshots: 3 }\n";

    /// <summary>A model of thirty trees.</summary>
    public const string Strong = "train: { trees: 30, snapshots: 3 }\n";

    /// <summary>The registry, its gates, and no audit, which takes longer than all the rest.</summary>
    public const string Registry = "registry: registry\ngates: { roc_auc: 0.5, resamples: 200 }\nrun: { audit: never }\n";

    private const string Customers = "3000";
    private readonly TemporaryDirectory _folder = new();

    public CycleProject()
    {
        Churn.Run("generate", "--customers", Customers, "--months", "9", "--seed", "7", "--out", _folder["early"], "--quiet").Expect(ExitCode.Done);
        Churn.Run("generate", "--customers", Customers, "--months", "12", "--seed", "7", "--drift", "feature=plays,from=2024-09-01,by=0.4", "--out", _folder["late"], "--quiet").Expect(ExitCode.Done);
    }

    /// <summary>Puts a world into a folder, over what of it is there; the registry, scores and state stay.</summary>
    /// <param name="folder">The project's folder.</param>
    /// <param name="late">The later world.</param>
    /// <param name="sections">What its churn.yaml has beside.</param>
    /// <returns>Path of churn.yaml.</returns>
    public string Put(string folder, bool late, string sections)
    {
        string from = _folder[late ? "late" : "early"];
        Directory.CreateDirectory(folder);
        if (Directory.Exists(Path.Combine(folder, "events")))
            Directory.Delete(Path.Combine(folder, "events"), recursive: true);
        FolderContent.Copy(Path.Combine(from, "events"), Path.Combine(folder, "events"));
        foreach (string file in Directory.EnumerateFiles(from, "*.parquet"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        string config = Path.Combine(folder, "churn.yaml");
        File.WriteAllText(config, File.ReadAllText(Path.Combine(from, "churn.yaml")) + sections);
        return config;
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>What became of each stage, by name.</summary>
    internal static Dictionary<string, string> Outcomes(CommandRun run) =>
        run.Result.GetProperty("cycle").GetProperty("stages").EnumerateArray().ToDictionary(stage => stage.GetProperty("stage").GetString()!, stage => stage.GetProperty("outcome").GetString()!);

    internal static string Note(CommandRun run, string stage) =>
        run.Result.GetProperty("cycle").GetProperty("stages").EnumerateArray().Single(one => one.GetProperty("stage").GetString() == stage).GetProperty("note").GetString()!;

    /// <summary>Version that an alias stands on; null: none.</summary>
    internal static string? Alias(string config, string alias) => Churn.Result("models", "list", "--config", config).GetProperty("aliases").EnumerateArray()
        .Where(row => row.GetProperty("alias").GetString() == alias).Select(row => row.GetProperty("version").GetString()).SingleOrDefault();

    /// <summary>Lines of the audit log about retraining, "decision: reason".</summary>
    internal static string[] Decisions(string config) => [.. Churn.Result("models", "history", "--config", config).GetProperty("lines").EnumerateArray()
        .Where(line => line.GetProperty("action").GetString() == "retraining").Select(line => $"{line.GetProperty("decision").GetString()}: {line.GetProperty("reason").GetString()}")];
}
