using System.Text.Json;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>The job by separate verbs, as an operator runs it.</summary>
public sealed class VerbChainTests(SmallProject small)
{
    [Fact]
    public void Verbs_OneAfterTheOther_HandTheirFilesOn()
    {
        using var folder = new TemporaryDirectory();
        string config = folder["world/churn.yaml"];
        JsonElement world = Churn.Result("generate", "--customers", "2000", "--months", "12", "--seed", "11", "--out", folder["world"]).GetProperty("world");
        JsonElement validated = Churn.Result("validate", "--config", config);
        Assert.True(validated.GetProperty("passed").GetBoolean());
        Assert.Equal(world.GetProperty("events").GetInt64(), validated.GetProperty("tables").EnumerateArray().Single(table => table.GetProperty("table").GetString() == "events").GetProperty("rows").GetInt64());

        JsonElement features = Churn.Result("features", "--config", config, "--as-of", "2024-12-26", "--out", folder["features.parquet"]);
        Assert.Equal("2024-12-26", features.GetProperty("as_of").GetString());

        JsonElement trained = Churn.Result("train", "--config", config, "--model", folder["model.onnx"]).GetProperty("training");
        Assert.Equal(["train", "train", "train", "train", "train", "stop", "calibrate", "test"], trained.GetProperty("snapshots").EnumerateArray().Select(use => use.GetProperty("role").GetString()));
        JsonElement evaluated = Churn.Result("evaluate", "--config", config, "--model", folder["model.onnx"]);
        Assert.Equal(trained.GetProperty("version").GetString(), evaluated.GetProperty("version").GetString());
        // The trainer measures by the walk, evaluation through ONNX Runtime: the same snapshot, so the same numbers.
        Assert.Equal(trained.GetProperty("metrics").GetProperty("roc_auc").GetDouble(), evaluated.GetProperty("metrics").GetProperty("roc_auc").GetDouble(), 5);
        Assert.Equal(trained.GetProperty("metrics").GetProperty("log_loss").GetDouble(), evaluated.GetProperty("metrics").GetProperty("log_loss").GetDouble(), 5);

        string[] scoring = ["score", "--config", config, "--model", folder["model.onnx"], "--out", folder["scores"]];
        JsonElement scored = Churn.Result(scoring).GetProperty("scoring");
        long customers = scored.GetProperty("rows").GetInt64();
        Assert.Equal(world.GetProperty("to_score").GetInt64(), customers);
        Assert.Equal(features.GetProperty("rows").GetInt64(), customers);
        JsonElement stages = JsonDocument.Parse(File.ReadAllText(folder["scores/run.json"])).RootElement.GetProperty("stages");
        Assert.Equal(["hash inputs", "read tables", "score"], stages.EnumerateArray().Select(stage => stage.GetProperty("stage").GetString()));
        AssertRerunComputesNothing(folder, scoring);

        JsonElement decided = Churn.Result("decide", "--scores", folder["scores"], "--config", config, "--out", folder["plan.csv"]).GetProperty("decisions");
        Assert.Equal(customers, decided.GetProperty("scored").GetInt64());
        Assert.Equal(customers, decided.GetProperty("risk_levels").EnumerateObject().Sum(level => level.Value.GetInt64()));
        Assert.Equal(decided.GetProperty("chosen").GetInt32() + 1, File.ReadAllLines(folder["plan.csv"]).Length);
        FolderContent.AssertNothingHalfWritten(folder.Path);
    }

    private static void AssertRerunComputesNothing(TemporaryDirectory folder, string[] scoring)
    {
        string part = Directory.GetFiles(folder["scores"], "part-*")[0];
        var before = FolderContent.Of(folder["scores"]);
        DateTime written = File.GetLastWriteTimeUtc(part);
        JsonElement again = Churn.Result(scoring).GetProperty("scoring");
        Assert.Equal(again.GetProperty("parts").GetInt32(), again.GetProperty("parts_kept").GetInt32());
        Assert.Equal(before, FolderContent.Of(folder["scores"]));
        Assert.Equal(written, File.GetLastWriteTimeUtc(part));
    }

    [Fact]
    public void Score_DryRun_WritesNothingAndSaysWhatItWould()
    {
        using var folder = new TemporaryDirectory();
        JsonElement plan = Churn.Result("score", "--config", small.Config, "--model", small.Model, "--out", folder["scores"], "--dry-run");
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        Assert.Equal(folder["scores"], plan.GetProperty("output_directory").GetString());
        Assert.Equal("2024-12-26", plan.GetProperty("as_of").GetString());
        Assert.Equal(["customers.parquet", "part-00000.parquet", "payments.parquet", "support.parquet"], plan.GetProperty("inputs").EnumerateArray().Select(input => Path.GetFileName(input.GetString())));
        Assert.Equal(ModelFile.Load(small.Model).Version, plan.GetProperty("model_version").GetString());

        Churn.Run("score", "--config", small.Config, "--model", folder["none.onnx"], "--out", folder["scores"], "--dry-run").Expect(ExitCode.BadInput);
    }

    [Fact]
    public void Score_ColumnsAndReasons_AreInTheParts()
    {
        using var folder = new TemporaryDirectory();
        Churn.Run("score", "--config", small.Config, "--model", small.Model, "--out", folder["scores"], "--columns", "monthly_price", "plan", "--reasons", "2", "--reasons-from", "0").Expect(ExitCode.Done);
        Dictionary<string, string?[]> scores = ScoreParts.Read(folder["scores"], "monthly_price", "plan", "reason_1", "reason_2", "probability");
        Assert.NotEmpty(scores);
        string?[][] atRisk = [.. scores.Values.Where(row => double.Parse(row[4]!, System.Globalization.CultureInfo.InvariantCulture) > 0.3)];
        Assert.NotEmpty(atRisk);
        Assert.All(atRisk, row => Assert.Matches(": |is not known", row[2]));
        Assert.Contains(scores.Values, row => row[0] is { } price && double.Parse(price, System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Equal(5, scores.Values.Select(row => row[1]).Where(plan => plan is not null).Distinct().Count());
        Assert.DoesNotContain("reason_3", File.ReadAllText(folder["scores/manifest.json"]), StringComparison.Ordinal);

        Churn.Run("score", "--config", small.Config, "--model", small.Model, "--out", folder["bare"], "--reasons", "0").Expect(ExitCode.Done);
        Assert.DoesNotContain("reason_", File.ReadAllText(folder["bare/manifest.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Score_IntoAnotherJobsFolder_NeedsOverwrite()
    {
        using var folder = new TemporaryDirectory();
        string[] line = ["score", "--config", small.Config, "--model", small.Model, "--out", folder["scores"]];
        Churn.Run(line).Expect(ExitCode.Done);
        var before = FolderContent.Of(folder["scores"]);
        CommandRun refused = Churn.Run([.. line, "--as-of", "2024-11-26"]).Expect(ExitCode.Usage);
        Assert.StartsWith("CE6001", refused.LastError, StringComparison.Ordinal);
        Assert.Contains("--overwrite", refused.LastError, StringComparison.Ordinal);
        Assert.Equal(before, FolderContent.Of(folder["scores"]));

        Churn.Run([.. line, "--as-of", "2024-11-26", "--overwrite"]).Expect(ExitCode.Done);
        Assert.Contains("2024-11-26", File.ReadAllText(folder["scores/manifest.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_ValueColumn_IsEachCustomersWorth()
    {
        using var folder = new TemporaryDirectory();
        string[] line = ["decide", "--scores", small.Scores, "--save-rate", "0.5", "--cost", "1", "--out", folder["plan.csv"]];
        Churn.Run([.. line, "--value-column", "monthly_price"]).Expect(ExitCode.Done);
        Dictionary<string, string?[]> scores = ScoreParts.Read(small.Scores, "monthly_price", "probability");
        string[][] plan = [.. File.ReadAllLines(folder["plan.csv"]).Skip(1).Select(row => row.Split(','))];
        Assert.NotEmpty(plan);
        Assert.All(plan, row =>
        {
            double price = double.Parse(scores[row[1]][0]!, System.Globalization.CultureInfo.InvariantCulture);
            double probability = double.Parse(scores[row[1]][1]!, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(price, double.Parse(row[4], System.Globalization.CultureInfo.InvariantCulture), 0.0051);
            Assert.Equal(probability * 0.5 * price - 1, double.Parse(row[5], System.Globalization.CultureInfo.InvariantCulture), 0.0051);
        });

        JsonElement few = Churn.Result([.. line, "--value", "100", "--capacity", "7"]).GetProperty("decisions");
        Assert.Equal(7, few.GetProperty("chosen").GetInt32());
        JsonElement cheap = Churn.Result([.. line, "--value", "100", "--budget", "5"]).GetProperty("decisions");
        Assert.Equal(5, cheap.GetProperty("chosen").GetInt32());
        Assert.Equal(5, cheap.GetProperty("spend").GetDouble());
    }

    [Theory]
    [InlineData("walk")]
    [InlineData("simd")]
    public void Score_OtherBackend_GivesTheSameProbabilities(string backend)
    {
        using var folder = new TemporaryDirectory();
        Churn.Run("score", "--config", small.Config, "--model", small.Model, "--out", folder["scores"], "--backend", backend).Expect(ExitCode.Done);
        Assert.Contains($"\"{backend}\"", File.ReadAllText(folder["scores/manifest.json"]), StringComparison.Ordinal);
        Dictionary<string, string?[]> walked = ScoreParts.Read(folder["scores"], "probability");
        Dictionary<string, string?[]> onnx = ScoreParts.Read(small.Scores, "probability");
        Assert.Equal(onnx.Keys.Order(), walked.Keys.Order());
        Assert.All(onnx, row => Assert.Equal(Number(row.Value[0]), Number(walked[row.Key][0]), 1e-6));

        static double Number(string? text) => double.Parse(text!, System.Globalization.CultureInfo.InvariantCulture);
    }
}
