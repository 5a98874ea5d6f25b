using System.Text.Json;

[assembly: AssemblyFixture(typeof(ChurnEngine.Service.Tests.ServedWorld))]

namespace ChurnEngine.Service.Tests;

/// <summary>A small world with a registry of two models, an online store, scores of a batch job, and a plain table with a model; made once, and only read.</summary>
public sealed class ServedWorld : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public ServedWorld()
    {
        Churn.Run("generate", "--customers", "1500", "--seed", "7", "--out", World, "--quiet").Expect(ExitCode.Done);
        File.AppendAllText(Config, "\nregistry: registry\n");
        Weak = Train("1", _folder["weak.onnx"]);
        Strong = Train("30", Model);
        Churn.Run("score", "--config", Config, "--model", Model, "--out", _folder["scores"], "--flag", "--reasons", "3", "--reasons-from", "0", "--quiet").Expect(ExitCode.Done);
        AsOf = AsOfIn(_folder["scores"]);
        Churn.Run("features", "materialise", "--config", Config, "--store", _folder["store"], "--as-of", AsOf, "--quiet").Expect(ExitCode.Done);
        Churn.Run("features", "publish", "--store", _folder["store"], "--out", Online, "--quiet").Expect(ExitCode.Done);
        File.WriteAllText(Table, PlainRows.Csv(400));
        Churn.Run("train", "--table", Table, "--id", "id", "--label", "Churn", "--cv", "2", "--trees", "20", "--model", TableModel, "--runs", "none", "--quiet").Expect(ExitCode.Done);
        Churn.Run("score", "--table", Table, "--model", TableModel, "--out", _folder["table-scores"], "--quiet").Expect(ExitCode.Done);
        Rows = WorldJson.Read(Config);
        Scores = ScoreParts.Read(_folder["scores"], "probability", "margin", "flagged", "reason_1", "reason_2");
        TableScores = ScoreParts.Read(_folder["table-scores"], "probability");
    }

    public string World => _folder["world"];

    public string Config => Path.Combine(World, "churn.yaml");

    public string Model => _folder["strong.onnx"];

    public string Weak { get; }

    public string Strong { get; }

    public string Online => _folder["online.sqlite"];

    public string Table => _folder["table.csv"];

    public string TableModel => _folder["table.onnx"];

    /// <summary>Customer to table to rows of JSON.</summary>
    internal Dictionary<string, Dictionary<string, List<string>>> Rows { get; }

    /// <summary>Customer to probability, margin, flagged and two reasons, by the batch job.</summary>
    internal Dictionary<string, string?[]> Scores { get; }

    internal Dictionary<string, string?[]> TableScores { get; }

    /// <summary>The instant that the batch job scored at.</summary>
    public string AsOf { get; }

    /// <summary>The instant that a finished job scored at.</summary>
    internal static string AsOfIn(string scores) => JsonDocument.Parse(File.ReadAllText(Path.Combine(scores, "manifest.json"))).RootElement.GetProperty("as_of").GetString()!;

    /// <summary>A request with all rows of a customer.</summary>
    public string Request(string customer) => WorldJson.Request(customer, Rows[customer], AsOf);

    /// <summary>A copy of project and registry, to be changed.</summary>
    public string CopyTo(TemporaryDirectory folder)
    {
        FolderContent.Copy(World, folder["world"]);
        return folder["world/churn.yaml"];
    }

    public void Dispose() => _folder.Dispose();

    private string Train(string trees, string model) =>
        Churn.Result("train", "--config", Config, "--trees", trees, "--model", model, "--quiet").GetProperty("training").GetProperty("version").GetString()!;
}
