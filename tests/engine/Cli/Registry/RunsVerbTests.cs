using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Registry;

public sealed class RunsVerbTests(SmallProject small, TwoModels models) : IClassFixture<TwoModels>
{
    [Fact]
    public void Train_OfAProject_LeavesARecordAndMlflowsCopy()
    {
        string runs = Path.Combine(models.World, "runs"), mlruns = Path.Combine(models.World, "mlruns");
        JsonElement[] rows = [.. Churn.Result("runs", "list", "--config", models.Config).GetProperty("runs").EnumerateArray()];
        Assert.Equal([models.Strong, models.Weak], rows.Select(row => row.GetProperty("model_version").GetString()));
        JsonElement run = Churn.Result("runs", "show", "latest", "--config", models.Config);
        Assert.Equal("40", run.GetProperty("options").GetProperty("Trees").GetString());
        Assert.All(run.GetProperty("inputs").EnumerateArray(), file => Assert.Equal(64, file.GetProperty("sha256").GetString()!.Length));
        Assert.Equal(4, run.GetProperty("inputs").GetArrayLength());
        Assert.Equal(rows[0].GetProperty("metrics").GetProperty("roc_auc").GetDouble(), run.GetProperty("row").GetProperty("metrics").GetProperty("roc_auc").GetDouble());
        int iterations = run.GetProperty("history").GetProperty("train.loss").GetArrayLength();
        Assert.InRange(iterations, 2, 40);
        Assert.Equal(iterations, run.GetProperty("history").GetProperty("stop.loss").GetArrayLength());
        Assert.Equal(Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture), run.GetProperty("environment").GetProperty("cores").GetString());
        string[] metas = [.. Directory.GetFiles(mlruns, "meta.yaml", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(mlruns, path)).Order(StringComparer.Ordinal)];
        Assert.Equal(1 + 2 + 1 + 2, metas.Length);
        Assert.Equal(2, Directory.GetDirectories(runs).Length);
        FolderContent.AssertNothingHalfWritten(models.World);

        JsonElement[] differences = [.. Churn.Result("runs", "compare", "latest", rows[1].GetProperty("id").GetString()![..10], "--config", models.Config).GetProperty("differences").EnumerateArray()];
        Assert.Contains(differences, row => row.GetProperty("name").GetString() == "Trees");
        Assert.DoesNotContain(differences, row => row.GetProperty("area").GetString() is "data" or "environment");
    }

    [Fact]
    public void Train_OfATable_RecordsBesideTheModelUnlessToldOtherwise()
    {
        using var folder = new TemporaryDirectory();
        string[] line = ["train", "--table", small.Table, "--id", "id", "--label", "Churn", "--cv", "2", "--trees", "3", "--model", folder["m/table.onnx"], "--quiet"];
        JsonElement trained = Churn.Result(line).GetProperty("training");
        Assert.Equal(Directory.GetDirectories(folder["m/runs"]).Single(), trained.GetProperty("run").GetString());
        Assert.False(trained.TryGetProperty("registry", out _));
        Churn.Run([.. line, "--runs", folder["elsewhere"], "--registry", folder["registry"]]).Expect(ExitCode.Done);
        Assert.Single(Directory.GetDirectories(folder["elsewhere"]));
        Assert.Single(Churn.Result("models", "list", "--registry", folder["registry"]).GetProperty("versions").EnumerateArray());
        Churn.Run([.. line, "--runs", "none"]).Expect(ExitCode.Done);
        Assert.Single(Directory.GetDirectories(folder["m/runs"]));
        Churn.Run([.. line, "--runs", "none", "--register"]).Expect(ExitCode.Usage);
    }

    [Fact]
    public void Train_ThatAGateStopped_IsRecordedAsFailed()
    {
        using var folder = new TemporaryDirectory();
        string config = LeakingProject.Write(folder);
        CommandRun run = Churn.Run("train", "--config", config, "--model", folder["m.onnx"], "--runs", folder["runs"], "--quiet").Expect(ExitCode.GateSaidNo);
        JsonElement shown = Churn.Result("runs", "show", "latest", "--runs", folder["runs"]);
        Assert.Equal("failed", shown.GetProperty("row").GetProperty("status").GetString());
        Assert.StartsWith(run.LastError[..6], shown.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(0, shown.GetProperty("history").GetProperty("train.loss").GetArrayLength());
    }

    [Fact]
    public void Help_OfRuns_SaysHowNewMlflowReadsThem()
    {
        string help = Churn.Run("runs", "--help").Expect(ExitCode.Done).Output;
        Assert.Contains("MLFLOW_ALLOW_FILE_STORE=true", help, StringComparison.Ordinal);
        Assert.Contains("mlflow migrate-filestore", help.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
