using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Registry;

/// <summary>A project with a registry of two models, one of a single tree and one of forty; made once, copied by who changes it.</summary>
public sealed class TwoModels : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public TwoModels()
    {
        Churn.Run("generate", "--customers", "3000", "--seed", "7", "--out", World, "--quiet").Expect(ExitCode.Done);
        File.AppendAllText(Config, "\nregistry: registry\nruns: { folder: runs, mlflow: mlruns }\ngates: { roc_auc: 0.6, ece: 0.2, better_than_champion: true, resamples: 200, staging: { roc_auc: 0.55 } }\n");
        Weak = Train("1", _folder["weak.onnx"]);
        Strong = Train("40", _folder["strong.onnx"]);
    }

    public string World => _folder["world"];

    public string Config => Path.Combine(World, "churn.yaml");

    public string Registry => Path.Combine(World, "registry");

    /// <summary>Version of one tree.</summary>
    public string Weak { get; }

    /// <summary>Version of forty.</summary>
    public string Strong { get; }

    public string StrongFile => _folder["strong.onnx"];

    /// <summary>A copy of the project, to be changed.</summary>
    public string CopyTo(TemporaryDirectory folder)
    {
        FolderContent.Copy(World, folder["world"]);
        return folder["world/churn.yaml"];
    }

    public void Dispose() => _folder.Dispose();

    private string Train(string trees, string model) =>
        Churn.Result("train", "--config", Config, "--trees", trees, "--model", model, "--quiet").GetProperty("training").GetProperty("version").GetString()!;
}
