using System.Text.Json;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>Folds, searches, choices of features and comparisons as a command line asks for them.</summary>
public sealed class TuneTests(SmallProject small)
{
    private const int Kill = 9;

    [Fact]
    public void Train_TunedProject_ShowsALineForEachTrial_AndGoesOnFromItsJournal()
    {
        using var folder = new TemporaryDirectory();
        string[] line = ["train", "--config", small.Config, "--trees", "30", "--tune", "--trials", "3", "--model", folder["m.onnx"], "--tune-journal", folder["trials.jsonl"]];
        CommandRun first = Churn.Run(line).Expect(ExitCode.Done), second = Churn.Run([.. line, "--threads", "1"]).Expect(ExitCode.Done);
        Assert.Contains("trial 0 of 3  all  log-loss 0.", first.Error, StringComparison.Ordinal);
        Assert.Contains("trial 3 of 3", first.Error, StringComparison.Ordinal);
        Assert.Contains("learning_rate=", first.Error, StringComparison.Ordinal);
        Assert.Contains("search: 3 trials by tpe", first.Output, StringComparison.Ordinal);
        int known = second.Error.Split('\n').Count(text => text.StartsWith("trial ", StringComparison.Ordinal) && text.Contains("  known  ", StringComparison.Ordinal));
        Assert.Equal(first.Error.Split('\n').Count(text => text.StartsWith("trial ", StringComparison.Ordinal)), known);
        Assert.Equal(ModelFile.Load(folder["m.onnx"]).Version, Churn.Result(line).GetProperty("training").GetProperty("version").GetString());
    }

    [Fact]
    public void Train_KilledInTheMiddleOfASearch_GoesOnAndComesToTheSameModel()
    {
        using var folder = new TemporaryDirectory();
        string[] Line(string model) => ["train", "--config", small.Config, "--trees", "60", "--tune", "--trials", "8", "--threads", "2", "--model", folder[model]];
        Churn.Run([.. Line("whole.onnx"), "--quiet"]).Expect(ExitCode.Done);
        using (var process = ChurnProcess.Start(folder.Path, new Dictionary<string, string>(), Line("killed.onnx")))
        {
            process.WaitForProgress("trial 2 of 8");
            process.Signal(Kill);
            process.WaitForEnd();
        }
        Assert.False(File.Exists(folder["killed.onnx"]));
        CommandRun resumed = Churn.Run(Line("killed.onnx")).Expect(ExitCode.Done);
        Assert.Contains("  known  ", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(folder["whole.onnx"]), File.ReadAllBytes(folder["killed.onnx"]));
    }

    [Fact]
    public void Train_Folds_ReportsDatesSizesAndPositives()
    {
        using var folder = new TemporaryDirectory();
        string[] line = ["train", "--config", small.Config, "--trees", "20", "--folds", "2", "--model", folder["m.onnx"]];
        JsonElement folds = Churn.Result(line).GetProperty("training").GetProperty("folds");
        Assert.Equal(2, folds.GetProperty("folds").GetArrayLength());
        JsonElement test = folds.GetProperty("folds")[1].GetProperty("snapshots").EnumerateArray().Last();
        Assert.Equal("test", test.GetProperty("role").GetString());
        Assert.True(test.GetProperty("positives").GetInt64() > 0);
        Assert.True(folds.GetProperty("summary").GetProperty("roc_auc").GetProperty("high").GetDouble() > 0.5);
        CommandRun printed = Churn.Run(line).Expect(ExitCode.Done);
        Assert.Contains("95% interval", printed.Output, StringComparison.Ordinal);
        Assert.Contains("rolling origin", printed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Compare_PrintsALeaderboard_AndWritesNoModel()
    {
        using var folder = new TemporaryDirectory();
        string[] line = ["train", "--table", small.Table, "--id", "id", "--label", "Churn", "--cv", "2", "--trees", "20"];
        CommandRun printed = Churn.Run([.. line, "--compare", "models"]).Expect(ExitCode.Done);
        Assert.Contains("extra_trees", printed.Output, StringComparison.Ordinal);
        Assert.Contains("to train it: churn train ... --algorithm", printed.Output, StringComparison.Ordinal);
        JsonElement compared = Churn.Result([.. line, "--compare", "imbalance"]).GetProperty("comparison");
        Assert.Contains("smote", compared.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        Assert.StartsWith("CE1003", Churn.Run([.. line, "--compare", "models", "--model", folder["m.onnx"]]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["m.onnx"]));
    }

    [Fact]
    public void Stack_FromTrainToScore_IsTheSameInEveryBackend()
    {
        using var folder = new TemporaryDirectory();
        Churn.Run("train", "--config", small.Config, "--algorithm", "stack", "--trees", "30", "--model", folder["m.onnx"], "--compatible", folder["compatible.onnx"], "--quiet").Expect(ExitCode.Done);
        var scores = new Dictionary<string, Dictionary<string, string?[]>>();
        foreach (string backend in (string[])["onnx", "simd", "walk"])
        {
            Churn.Run("score", "--config", small.Config, "--model", folder["m.onnx"], "--backend", backend, "--reasons", "2", "--reasons-from", "0", "--out", folder[backend], "--quiet").Expect(ExitCode.Done);
            scores[backend] = ScoreParts.Read(folder[backend], "probability", "reason_1");
        }
        Assert.True(scores["walk"].Count > 500);
        foreach ((string key, string?[] walk) in scores["walk"])
        {
            Assert.Equal(double.Parse(walk[0]!, System.Globalization.CultureInfo.InvariantCulture), double.Parse(scores["onnx"][key][0]!, System.Globalization.CultureInfo.InvariantCulture), 1e-6);
            Assert.Equal(walk, scores["simd"][key]);
        }
        Churn.Run("explain", "--model", folder["m.onnx"]).Expect(ExitCode.Done);
        Churn.Run("evaluate", "--config", small.Config, "--model", folder["compatible.onnx"], "--quiet").Expect(ExitCode.Done);
    }
}
