using System.Text.Json;
using System.Text.RegularExpressions;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>Watching customers against a model's training: of a project, a store and a table.</summary>
public sealed class MonitorTests(SmallProject small)
{
    [Fact]
    public void Monitor_OfTheWorldItWasTrainedOn_IsQuiet_AndSaysWhatToExpect()
    {
        JsonElement report = Churn.Result("monitor", "--model", small.Model, "--config", small.Config, "--labels").GetProperty("monitor");
        Assert.Equal(0, report.GetProperty("alarms").GetArrayLength());
        JsonElement auc = report.GetProperty("expected").GetProperty("roc_auc");
        double measured = report.GetProperty("measured").GetProperty("metrics").GetProperty("roc_auc").GetDouble();
        Assert.InRange(measured, auc.GetProperty("low").GetDouble() - 0.05, auc.GetProperty("high").GetDouble() + 0.05);
        Assert.Equal(report.GetProperty("customers").GetInt64(), ScoreParts.Read(small.Scores, "probability").Count);
    }

    [Fact]
    public void Monitor_OfADriftedWorld_NamesTheFeature_KeepsTheReport_AndExitsWithOne()
    {
        using var folder = new TemporaryDirectory();
        Churn.Run("generate", "--customers", "3000", "--seed", "7", "--out", folder["drifted"], "--drift", "feature=plays,from=2024-11-20,by=0.4", "--quiet").Expect(ExitCode.Done);
        CommandRun run = Churn.Run("monitor", "--model", small.Model, "--config", Path.Combine(folder["drifted"], "churn.yaml"), "--out", folder["watch"]).Expect(ExitCode.GateSaidNo);
        Assert.Contains("alarm, feature_drift, plays_30d", run.Output, StringComparison.Ordinal);
        using var kept = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["watch"], "monitor.json")));
        string[] drifted = [.. kept.RootElement.GetProperty("alarms").EnumerateArray().Select(alarm => alarm.GetProperty("subject").GetString()!)];
        Assert.Contains("plays_30d", drifted);
        Assert.DoesNotContain("age", drifted);
        Assert.DoesNotContain("tickets_30d", drifted);
        // The page draws the window before, too.
        string config = Path.Combine(folder["drifted"], "churn.yaml"), watch = folder["watch"];
        Churn.Run("monitor", "--model", small.Model, "--config", config, "--as-of", "2024-11-01", "--out", watch).Expect(ExitCode.Done);
        Churn.Run("monitor", "--model", small.Model, "--config", config, "--out", watch, "--labels").Expect(ExitCode.GateSaidNo);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(watch, "windows")).Length);
        string page = File.ReadAllText(Path.Combine(watch, "dashboard.html"));
        Assert.Contains("2 windows", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        foreach (int width in (int[])[1280, 390])
        {
            (string[] console, int pageWidth, int windowWidth) = HeadlessBrowser.Open(page, width);
            Assert.Empty(console);
            Assert.True(pageWidth <= windowWidth, $"at {width} pixels the page is {pageWidth} wide in a window of {windowWidth}");
        }
        // What is known is not told again.
        File.AppendAllText(Path.Combine(folder["drifted"], "churn.yaml"), "monitor: { ignore: [plays_30d] }\n");
        Assert.DoesNotContain("feature_drift, plays_30d", Churn.Run("monitor", "--model", small.Model, "--config", Path.Combine(folder["drifted"], "churn.yaml")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Monitor_OfAStoreAndAProject_CountTheSame()
    {
        using var folder = new TemporaryDirectory();
        Churn.Run("features", "materialise", "--config", small.Config, "--store", folder["store"]).Expect(ExitCode.Done);
        JsonElement stored = Churn.Result("monitor", "--store", folder["store"], "--model", small.Model).GetProperty("monitor");
        JsonElement project = Churn.Result("monitor", "--config", small.Config, "--as-of", stored.GetProperty("as_of").GetString()!, "--model", small.Model, "--threads", "1").GetProperty("monitor");
        Assert.Equal(project.ToString(), stored.ToString());
    }

    [Fact]
    public void Monitor_OfTheTrainingTable_IsQuiet() =>
        Assert.Contains("no limit is broken", Churn.Run("monitor", "--table", small.Table, "--model", small.TableModel).Expect(ExitCode.Done).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("monitor: { psi: -1 }", "CE1102")]
    [InlineData("monitor: { pis: 1 }", "did you mean 'psi'")]
    [InlineData("monitor: { ignore: [plays_30] }", "CE1173")]
    [InlineData("monitor: { floors: { auc: 0.8 } }", "CE1172")]
    public void Monitor_SettingsThatMakeNoSense_AreRefused(string settings, string error)
    {
        using var folder = new TemporaryDirectory();
        string config = folder["churn.yaml"];
        File.WriteAllText(config, Regex.Replace(File.ReadAllText(small.Config), "source: \"?([^,\"]+)\"?", match => $"source: \"{small.World}/{match.Groups[1]}\"") + settings + "\n");
        Assert.Contains(error, Churn.Run("monitor", "--model", small.Model, "--config", config).Expect(ExitCode.Usage).Error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("--labels")]
    [InlineData("--labels-as-of 2024-10-01")]
    public void Monitor_LabelsWithoutAProject_AreRefused(string options) =>
        Assert.Contains("CE1003", Churn.Run(["monitor", "--model", small.TableModel, "--table", small.Table, .. options.Split(' ')]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
}
