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
    public void Monitor_OfANewCategory_NamesFeatureAndValue_OfAProjectAndOfAStore()
    {
        using var folder = new TemporaryDirectory();
        Churn.Run("generate", "--customers", "4000", "--seed", "7", "--out", folder["drifted"], "--drift", "feature=channel,kind=category,from=2024-11-01,by=0.6", "--quiet").Expect(ExitCode.Done);
        string config = Path.Combine(folder["drifted"], "churn.yaml");
        CommandRun run = Churn.Run("monitor", "--model", small.Model, "--config", config, "--out", folder["watch"]).Expect(ExitCode.GateSaidNo);
        Assert.Contains("alarm, new_category, channel", run.Output, StringComparison.Ordinal);
        Assert.Contains("'marketplace'", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("feature_drift", run.Output, StringComparison.Ordinal);
        Assert.Contains("marketplace", File.ReadAllText(folder["watch/dashboard.html"]), StringComparison.Ordinal);
        JsonElement project = Channel("--config", config);
        Assert.Equal("marketplace", project.GetProperty("new_values")[0].GetProperty("text").GetString());
        Churn.Run("features", "materialise", "--config", config, "--store", folder["store"]).Expect(ExitCode.Done);
        Assert.Equal(project.ToString(), Channel("--store", folder["store"], "--config", config).ToString());
        // What may not be named is counted alone.
        File.AppendAllText(config, "reasons: { sensitive: [channel] }\nmonitor: { ignore: [channel] }\n");
        CommandRun unnamed = Churn.Run("monitor", "--model", small.Model, "--config", config, "--json");
        Assert.DoesNotContain("marketplace", unnamed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("new_category", unnamed.Output, StringComparison.Ordinal);
        Assert.Equal(project.GetProperty("new_levels").ToString(), Of(unnamed.Result).GetProperty("new_levels").ToString());

        JsonElement Channel(params string[] input) => Of(Churn.Run(["monitor", "--model", small.Model, "--json", .. input]).Expect(ExitCode.GateSaidNo).Result);
        static JsonElement Of(JsonElement result) => result.GetProperty("monitor").GetProperty("features").EnumerateArray().Single(feature => feature.GetProperty("feature").GetString() == "channel");
    }

    // Watched before its outcomes are known; then they are, and what was expected stands beside what came.
    [Fact]
    public void Monitor_OfOutcomesThatAWindowForetold_SaysWhetherItsIntervalHeldThem()
    {
        using var folder = new TemporaryDirectory();
        string config = small.ConfigWith(folder, "monitor: { out: watch, floors: { roc_auc: 0.5 }, segments: [plan, gender], segment_floors: { recall: 0.01 } }");
        JsonElement alone = Churn.Result("monitor", "--model", small.Model, "--config", small.Config, "--labels").GetProperty("monitor").GetProperty("measured");
        // The world draws who leaves at each month's start, so that another instant would have another law.
        string asOf = Regex.Match(alone.GetProperty("design").GetString()!, "as of ([0-9-]+)").Groups[1].Value;
        JsonElement first = Churn.Result("monitor", "--model", small.Model, "--config", config, "--as-of", asOf).GetProperty("monitor");
        JsonElement report = Churn.Result("monitor", "--model", small.Model, "--config", config, "--labels").GetProperty("monitor");
        JsonElement measured = report.GetProperty("measured");
        JsonElement foretold = measured.GetProperty("foretold");
        Assert.Equal(asOf, foretold.GetProperty("as_of").GetString());
        Assert.Contains("window watched", foretold.GetProperty("of").GetString(), StringComparison.Ordinal);
        JsonElement auc = foretold.GetProperty("figures").EnumerateArray().Single(figure => figure.GetProperty("metric").GetString() == "roc_auc");
        Assert.True(JsonElement.DeepEquals(first.GetProperty("expected").GetProperty("roc_auc"), auc.GetProperty("expected")));
        Assert.Equal(measured.GetProperty("metrics").GetProperty("roc_auc").GetDouble(), auc.GetProperty("measured").GetDouble());
        Assert.True(auc.GetProperty("held").GetBoolean());
        Assert.InRange(measured.GetProperty("recalibration").GetProperty("slope").GetDouble(), 0.5, 2);
        Assert.Equal(["plan", "gender"], measured.GetProperty("segments").EnumerateArray().Select(column => column.GetProperty("column").GetString()));
        Assert.Equal(measured.GetProperty("metrics").GetProperty("rows").GetInt64(), measured.GetProperty("segments")[0].GetProperty("segments").EnumerateArray().Sum(segment => segment.GetProperty("rows").GetInt64()));
        // Where nothing was watched, the same customers' probabilities say what was to be expected.
        Assert.Contains("same customers", alone.GetProperty("foretold").GetProperty("of").GetString(), StringComparison.Ordinal);
        string page = File.ReadAllText(folder["watch/dashboard.html"]);
        Assert.Contains("Expected, and what came", page, StringComparison.Ordinal);
        Assert.Contains("Performance and its floors", page, StringComparison.Ordinal);
        Assert.Contains("customers by score", page, StringComparison.Ordinal);
        double[] shares = [.. report.GetProperty("scores").GetProperty("shares").EnumerateArray().Select(share => share.GetProperty("now").GetDouble())];
        Assert.True(shares.Length > 10);
        Assert.Equal(1, shares.Sum(), 1e-9);
        Assert.Contains("(missing)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        foreach (int width in (int[])[1280, 390])
        {
            (string[] console, int pageWidth, int windowWidth) = HeadlessBrowser.Open(page, width);
            Assert.Empty(console);
            Assert.True(pageWidth <= windowWidth, $"at {width} pixels the page is {pageWidth} wide in a window of {windowWidth}");
        }
        string text = Churn.Run("monitor", "--model", small.Model, "--config", config, "--labels", "--labels-as-of", asOf).Expect(ExitCode.Done).Output;
        Assert.Contains($"expected by the window watched as of {asOf}", text, StringComparison.Ordinal);
        Assert.Contains("recalibration: slope", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Monitor_OfTheTrainingTable_IsQuiet() =>
        Assert.Contains("no limit is broken", Churn.Run("monitor", "--table", small.Table, "--model", small.TableModel).Expect(ExitCode.Done).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("monitor: { psi: -1 }", "CE1102")]
    [InlineData("monitor: { pis: 1 }", "did you mean 'psi'")]
    [InlineData("monitor: { ignore: [plays_30] }", "CE1173")]
    [InlineData("monitor: { floors: { auc: 0.8 } }", "CE1172")]
    [InlineData("monitor: { segment_floors: { f1: 0.8 } }", "CE1172")]
    [InlineData("monitor: { new_levels: 0 }", "CE1102")]
    [InlineData("monitor: { segment: [plan] }", "did you mean 'segments'")]
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
