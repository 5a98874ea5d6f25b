using ChurnEngine.TestKit;

[assembly: AssemblyFixture(typeof(ChurnEngine.Cli.Tests.SmallProject))]

namespace ChurnEngine.Cli.Tests;

/// <summary>A small generated world with a model of it, made once for all tests, which only read it.</summary>
public sealed class SmallProject : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public SmallProject()
    {
        Churn.Run("generate", "--customers", "3000", "--seed", "7", "--out", World, "--quiet").Expect(ExitCode.Done);
        Churn.Run("train", "--config", Config, "--trees", "40", "--model", Model, "--compatible", CompatibleModel, "--quiet").Expect(ExitCode.Done);
        Churn.Run("score", "--config", Config, "--model", Model, "--out", Scores, "--columns", "monthly_price", "plan", "--quiet").Expect(ExitCode.Done);
        File.WriteAllText(Table, PlainRows.Csv(400));
        Churn.Run("train", "--table", Table, "--id", "id", "--label", "Churn", "--cv", "2", "--trees", "20", "--model", TableModel, "--quiet").Expect(ExitCode.Done);
    }

    public string World => _folder["world"];

    public string Config => Path.Combine(World, "churn.yaml");

    public string Model => _folder["model.onnx"];

    public string CompatibleModel => _folder["compatible.onnx"];

    public string Scores => _folder["scores"];

    /// <summary>A plain table of 400 rows: id, tenure, price, plan, Churn.</summary>
    public string Table => _folder["table.csv"];

    public string TableModel => _folder["table.onnx"];

    /// <summary>The same project with more sections, as a file in another folder.</summary>
    public string ConfigWith(TemporaryDirectory folder, string more) => folder.Write("churn.yaml",
        File.ReadAllText(Config).Replace("source: ", $"source: {World}/", StringComparison.Ordinal).Replace($"{World}/\"", $"\"{World}/", StringComparison.Ordinal) + "\n" + more + "\n");

    public void Dispose() => _folder.Dispose();
}
