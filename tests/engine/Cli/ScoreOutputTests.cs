using System.Globalization;
using System.Text.Json;
using ChurnEngine.Features;
using ChurnEngine.Scoring;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>What <c>churn score</c> writes and where to, by its options and by churn.yaml.</summary>
public sealed class ScoreOutputTests(SmallProject small) : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("arrow")]
    [InlineData("csv")]
    public void Score_FileFormat_IsWhatDecideReads(string format)
    {
        string[] line = ["--config", small.Config, "--model", small.Model, "--columns", "monthly_price", "plan"];
        Churn.Run(["score", .. line, "--format", format, "--out", _folder["scores"], "--quiet"]).Expect(ExitCode.Done);
        Assert.All(Directory.GetFiles(_folder["scores"], "part-*"), part => Assert.EndsWith($".{format}", part, StringComparison.Ordinal));
        foreach ((string scores, string plan) in new[] { (small.Scores, "a.csv"), (_folder["scores"], "b.csv") })
            Churn.Run("decide", "--scores", scores, "--value-column", "monthly_price", "--save-rate", "0.3", "--cost", "1", "--out", _folder[plan], "--quiet").Expect(ExitCode.Done);
        Assert.Equal(File.ReadAllText(_folder["a.csv"]), File.ReadAllText(_folder["b.csv"]));
    }

    [Fact]
    public void Score_WhereAndRisk_OfAProject()
    {
        FolderContent.Copy(small.World, _folder["world"]);
        FolderContent.Edit(_folder["world/churn.yaml"], "score: { as_of:", "score: { format: sqlite, database: crm.sqlite, table_name: at_risk, where: probability >= 0.2, risk: { low: 0, medium: 0.3, high: 0.6 }, reasons: 0, out: tonight, as_of:");
        JsonElement result = Churn.Result("score", "--config", _folder["world/churn.yaml"], "--model", small.Model, "--quiet").GetProperty("scoring");

        Dictionary<string, string?[]> all = ScoreParts.Read(small.Scores, "probability");
        string[] expected = [.. all.Where(row => float.Parse(row.Value[0]!, CultureInfo.InvariantCulture) >= 0.2)
            .Select(row => $"{row.Key}|{(float.Parse(row.Value[0]!, CultureInfo.InvariantCulture) switch { >= 0.6f => "high", >= 0.3f => "medium", _ => "low" })}").Order(StringComparer.Ordinal)];
        Assert.Equal((expected.Length, all.Count - expected.Length), (result.GetProperty("rows").GetInt32(), result.GetProperty("left_out").GetInt32()));
        using SqliteDatabase database = SqliteDatabase.OpenForUpdates(_folder["world/crm.sqlite"]);
        using SqliteStatement statement = database.Prepare("SELECT customer_id || '|' || risk FROM at_risk");
        List<string> shown = [];
        while (statement.Step())
            shown.Add(statement.Text(0));
        Assert.Equal(expected, shown.Order(StringComparer.Ordinal));
        Assert.Equal("sqlite", Manifest.TryRead(_folder["world/tonight"])!.Format);
        Assert.Equal($"{_folder["world/crm.sqlite"]}, table at_risk", result.GetProperty("database").GetString());

        CommandRun decide = Churn.Run("decide", "--scores", _folder["world/tonight"], "--out", _folder["plan.csv"]).Expect(ExitCode.Usage);
        Assert.StartsWith("CE1122", decide.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_DryRun_ChecksTheCondition()
    {
        CommandRun run = Churn.Run("score", "--table", small.Table, "--model", small.TableModel, "--where", "tenur > 3", "--out", _folder["scores"], "--dry-run").Expect(ExitCode.Usage);
        Assert.StartsWith("CE3002 --where: unknown name 'tenur'. Hint: did you mean 'tenure'?", run.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CE6010", "--format", "sqlite")]
    [InlineData("CE6010", "--format", "postgres")]
    [InlineData("CE6010", "--format", "csv", "--database", "x.sqlite")]
    [InlineData("CE6011", "--risk", "low")]
    [InlineData("CE3001", "--where", "probability >")]
    [InlineData("CE6017", "--format", "postgres", "--database", "somewhere")]
    public void Score_OptionsThatCannotBe_AreRefusedAndWriteNothing(string code, params string[] options)
    {
        CommandRun run = Churn.Run(["score", "--table", small.Table, "--model", small.TableModel, "--out", _folder["scores"], "--quiet", .. options]).Expect(ExitCode.Usage);
        Assert.StartsWith(code, run.LastError, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["scores"]) && Directory.EnumerateFileSystemEntries(_folder["scores"]).Any());
    }
}
