using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>The whole job on a generated world, whose best reachable metrics are known.</summary>
public sealed class DemoTests
{
    [Fact]
    public void Demo_FullSize_ComesWithin002OfTheBestReachableAuc()
    {
        using var folder = new TemporaryDirectory();
        JsonElement demo = Churn.Result("demo", "--out", folder["demo"]);
        AssertWhole(demo, folder["demo"], tolerance: 0.02);
        Assert.Equal(20_000, demo.GetProperty("stages").EnumerateArray().Single(stage => stage.GetProperty("stage").GetString() == "validate customers").GetProperty("rows").GetInt32());
    }

    [Fact]
    public void Demo_AnotherNumberOfThreads_GivesTheSameBytesInTheSameFolder()
    {
        using var folder = new TemporaryDirectory();
        JsonElement first = Churn.Result("demo", "--customers", "3000", "--seed", "3", "--threads", "1", "--out", folder["demo"]);
        AssertWhole(first, folder["demo"], tolerance: 0.05);
        string[] before = Lasting(folder["demo"]);

        JsonElement second = Churn.Result("demo", "--customers", "3000", "--seed", "3", "--threads", "3", "--out", folder["demo"]);

        Assert.Equal(before, Lasting(folder["demo"]));
        Assert.Equal(0, first.GetProperty("metrics").GetProperty("roc_auc").GetDouble() - second.GetProperty("metrics").GetProperty("roc_auc").GetDouble());
    }

    [Fact]
    public void Demo_AnotherSeed_IsAnotherWorld()
    {
        using var folder = new TemporaryDirectory();
        string[] versions = [.. ((string[])["1", "2"]).Select(seed => Churn.Result("demo", "--customers", "1500", "--seed", seed, "--out", folder["demo"]).GetProperty("training").GetProperty("version").GetString()!)];
        Assert.NotEqual(versions[0], versions[1]);
    }

    [Fact]
    public void Demo_AsText_ShowsStagesMetricsPlanAndFiles()
    {
        using var folder = new TemporaryDirectory();
        CommandRun run = Churn.Run("demo", "--customers", "1500", "--out", folder["demo"]).Expect(ExitCode.Done);
        Assert.All(["stage", "rows/s", "generate", "score", "best reachable", "ROC-AUC", "no leakage alarm", "rank,customer_id,probability", folder["demo/action_plan.csv"], folder["demo/model.onnx"]],
            part => Assert.Contains(part, run.Output, StringComparison.Ordinal));
        string[] lines = run.Output.Split('\n');
        Assert.Equal(File.ReadLines(folder["demo/action_plan.csv"]).Take(11), lines[Array.FindIndex(lines, line => line.StartsWith("rank,", StringComparison.Ordinal))..][..11].Select(line => line.TrimEnd()));
    }

    private static void AssertWhole(JsonElement demo, string directory, double tolerance)
    {
        double auc = demo.GetProperty("metrics").GetProperty("roc_auc").GetDouble();
        double best = demo.GetProperty("best_reachable").GetProperty("roc_auc").GetDouble();
        TestContext.Current.TestOutputHelper?.WriteLine($"AUC {auc:F4}, best reachable {best:F4}");
        Assert.InRange(auc, best - tolerance, best + tolerance);
        Assert.False(demo.TryGetProperty("leakage_alarm", out _));
        Assert.All(demo.GetProperty("files").EnumerateObject(), file => Assert.True(Path.Exists(file.Value.GetString()), file.Value.GetString()));
        FolderContent.AssertNothingHalfWritten(directory);

        string[] plan = File.ReadAllLines(Path.Combine(directory, "action_plan.csv"));
        int chosen = demo.GetProperty("decisions").GetProperty("chosen").GetInt32();
        Assert.InRange(chosen, 1, 1000);
        Assert.Equal(Enumerable.Range(1, chosen).Select(rank => rank.ToString(System.Globalization.CultureInfo.InvariantCulture)), plan[1..].Select(line => line.Split(',')[0]));
        double[] values = [.. plan[1..].Select(line => double.Parse(line.Split(',')[5], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(values.OrderDescending(), values);
        Assert.All(values, value => Assert.True(value > 0));
    }

    private static string[] Lasting(string directory) =>
        [.. FolderContent.Of(directory).Where(file => Path.GetFileName(file.Key) != "run.json").Select(file => $"{file.Key} {file.Value}")];
}
