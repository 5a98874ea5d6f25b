using System.Diagnostics;
using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Registry.Tests;

public sealed class TrackingTests
{
    private const string Id = "1a2b3c4d00000000000000000000000f";

    private static readonly Dictionary<string, IReadOnlyList<double>> s_history = new() { ["train.loss"] = [0.6, 0.5, 0.4], ["stop.loss"] = [0.7, double.NaN, 0.65] };

    [Fact]
    public void Run_WrittenAndRead_IsTheSame()
    {
        using var folder = new TemporaryDirectory();
        string path = RunStore.Write(folder["runs"], Run(folder), s_history);
        Assert.Equal("20240701T060000Z-1a2b3c4d", Path.GetFileName(path));
        Assert.Equal(["metrics.jsonl", "run.json"], Directory.GetFileSystemEntries(path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal(["{\"step\":1,\"stop.loss\":0.7,\"train.loss\":0.6}", "{\"step\":2,\"train.loss\":0.5}", "{\"step\":3,\"stop.loss\":0.65,\"train.loss\":0.4}"], File.ReadAllLines(Path.Combine(path, "metrics.jsonl")));
        foreach (string word in new[] { "latest", "1a2b3c4d", Path.GetFileName(path) })
        {
            RunRecord read = RunStore.Find(folder["runs"], word);
            Assert.Equal(ManifestJson.Write(Run(folder)), ManifestJson.Write(read));
            Assert.Equal(s_history["stop.loss"], RunStore.History(folder["runs"], read)["stop.loss"]);
        }
        Assert.Equal("CE8116", Assert.Throws<ChurnConfigException>(() => RunStore.Find(folder["runs"], "ffff")).Code.ToString());
        Assert.Equal("CE8115", Assert.Throws<ChurnConfigException>(() => RunStore.List(folder["none"])).Code.ToString());
    }

    [Fact]
    public void Mlflow_Run_HasTheFileStoresLayout()
    {
        using var folder = new TemporaryDirectory();
        string run = MlflowFiles.WriteRun(folder["mlruns"], Run(folder), s_history), experiment = Path.GetDirectoryName(run)!;
        Assert.Equal(Id, Path.GetFileName(run));
        Assert.Equal(MlflowFiles.ExperimentId("it's mine"), Path.GetFileName(experiment));
        Assert.All(Path.GetFileName(experiment), digit => Assert.True(char.IsAsciiDigit(digit)));
        string meta = File.ReadAllText(Path.Combine(experiment, "meta.yaml"));
        Assert.Contains("name: 'it''s mine'\n", meta, StringComparison.Ordinal);
        Assert.Contains("lifecycle_stage: 'active'\n", meta, StringComparison.Ordinal);
        string runMeta = File.ReadAllText(Path.Combine(run, "meta.yaml"));
        Assert.Contains("status: 3\n", runMeta, StringComparison.Ordinal);
        Assert.Contains($"run_id: '{Id}'\n", runMeta, StringComparison.Ordinal);
        Assert.Contains("start_time: 1719813600000\n", runMeta, StringComparison.Ordinal);
        Assert.Equal("0.05", File.ReadAllText(Path.Combine(run, "params/LearningRate")));
        Assert.Equal("abc", File.ReadAllText(Path.Combine(run, "tags/mlflow.source.git.commit")));
        Assert.Equal("1719813660000 0.8 0\n", File.ReadAllText(Path.Combine(run, "metrics/roc_auc")));
        Assert.Equal("1719813660000 0.7 1\n1719813660000 0.65 3\n", File.ReadAllText(Path.Combine(run, "metrics/stop.loss")));
        Assert.Equal("a model", File.ReadAllText(Path.Combine(run, "artifacts/model.onnx")));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(folder["mlruns"]), path => path.EndsWith(".partial", StringComparison.Ordinal));
        Assert.Contains("status: 4\n", File.ReadAllText(Path.Combine(MlflowFiles.WriteRun(folder["failed"], Run(folder) with { Error = "CE4005" }, s_history), "meta.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void Mlflow_Registry_NumbersVersionsAndFollowsAliases()
    {
        using var scene = new RegistryScene();
        string first = scene.Register(0), second = scene.Register(1);
        scene.Promote(second);
        scene.Promote(first, AliasName.Staging);
        string models = scene.Temporary["mlruns/models/churn"];
        MlflowFiles.WriteRegistry(scene.Temporary["mlruns"], scene.Registry.Read());
        Assert.Equal("2", File.ReadAllText(Path.Combine(models, "aliases/production")));
        Assert.Equal("1", File.ReadAllText(Path.Combine(models, "aliases/staging")));
        string meta = File.ReadAllText(Path.Combine(models, "version-2/meta.yaml"));
        Assert.Contains("version: 2\n", meta, StringComparison.Ordinal);
        Assert.Contains($"description: '{second}'\n", meta, StringComparison.Ordinal);
        Assert.Contains("status: 'READY'\n", meta, StringComparison.Ordinal);
        scene.Promote(first);
        MlflowFiles.WriteRegistry(scene.Temporary["mlruns"], scene.Registry.Read());
        Assert.Equal("1", File.ReadAllText(Path.Combine(models, "aliases/production")));
    }

    [Fact]
    public void GitCommit_OfRepositoriesOfEveryKind_IsWhatGitSays()
    {
        using var folder = new TemporaryDirectory();
        Assert.Null(GitRepository.CommitOf(folder.Path));
        string repository = folder["repository"], inside = Directory.CreateDirectory(folder["repository/a/b"]).FullName;
        Git(folder.Path, "init", "-q", repository);
        Assert.Null(GitRepository.CommitOf(inside));
        Git(repository, "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "--allow-empty", "-m", "one");
        string head = Git(repository, "rev-parse", "HEAD");
        Assert.Equal(head, GitRepository.CommitOf(inside));
        Git(repository, "pack-refs", "--all");
        Assert.Equal(head, GitRepository.CommitOf(inside));
        Git(repository, "worktree", "add", "-q", folder["tree"]);
        Assert.Equal(head, GitRepository.CommitOf(folder["tree"]));
        Git(repository, "checkout", "-q", "--detach");
        Assert.Equal(head, GitRepository.CommitOf(inside));
    }

    [Fact]
    public void Card_OfAModel_SaysDataDesignMetricsAndLimits()
    {
        ChurnModel model = RegistryScene.Model(3, 0.85);
        ModelMetadata metadata = model.Metadata with
        {
            TrainingRows = 1234,
            TrainingPositiveRate = 0.15,
            Metrics = new Dictionary<string, double> { ["test.roc_auc"] = 0.85, ["test.roc_auc_low"] = 0.8, ["test.roc_auc_high"] = 0.9, ["test.true_positives"] = 12 },
            CalibrationMethod = "platt",
            TrainerOptions = new Dictionary<string, string> { ["Algorithm"] = "Boosting", ["AllowLeakage"] = "known | agreed" },
            Importance = [.. model.Metadata.Features.Select((_, i) => new FeatureImportance(i, i))],
        };
        var described = new ChurnModel { Predictor = model.Predictor, Metadata = metadata, Version = model.Version };
        string card = ModelCard.Write(described);
        Assert.Equal(card, ModelCard.Write(described));
        Assert.All([model.Version, "1,234 rows", "Snapshots as of 2023-11-14", "2023-12-08", "| ROC-AUC | 0.85 | 0.8 to 0.9 |", "calibrated (platt)", "alarm of the leakage audit was overruled", "known \\| agreed", "only known to lie between", "## What it relies on", model.Metadata.Features[^1].Name],
            part => Assert.Contains(part, card, StringComparison.Ordinal));
        Assert.Equal("/models/a-card.md", ModelCard.PathBeside("/models/a.onnx"));
    }

    private static RunRecord Run(TemporaryDirectory folder) => new()
    {
        Id = Id,
        Experiment = "it's mine",
        StartedAt = "2024-07-01T06:00:00.000000Z",
        EndedAt = "2024-07-01T06:01:00.000000Z",
        ModelVersion = "m-0123456789ab",
        Options = new Dictionary<string, string> { ["LearningRate"] = 0.05.ToString(CultureInfo.InvariantCulture) },
        Metrics = new Dictionary<string, double> { ["roc_auc"] = 0.8 },
        Inputs = [new RunFile("events.parquet", "/data/events.parquet", 10, "ab")],
        Artifacts = [new RunFile("model", folder.Write("model.onnx", "a model"), 7, "cd")],
        Environment = RunEnvironment.Here(2, "0.1.0"),
        GitCommit = "abc",
    };

    private static string Git(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", ["-C", folder, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd(), error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
        return output.Trim();
    }
}
