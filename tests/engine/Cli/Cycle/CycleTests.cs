using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Cycle;

/// <summary><c>churn run</c>: from nothing to a watched model by one command, again and again.</summary>
public sealed class CycleTests(CycleProject project) : IClassFixture<CycleProject>
{
    private static readonly string[] s_stages = ["validate", "audit", "train", "score", "decide", "monitor", "retrain"];

    [Fact]
    public void Run_NewProject_DoesTheWholeCycle_AndAgainIsANoOp()
    {
        using var folder = new TemporaryDirectory();
        string config = project.Put(folder["p"], late: false, CycleProject.Strong + "registry: registry\ngates: { roc_auc: 0.6, ece: 0.3 }\nmonitor: { calibration_error: 0.5, retrain: { when: weekly, promote: true } }\n");
        var untouched = FolderContent.Of(folder.Path);
        CommandRun dry = Churn.Run("run", "--config", config, "--dry-run", "--json").Expect(ExitCode.Done);
        Assert.All(CycleProject.Outcomes(dry), stage => Assert.Equal("would_run", stage.Value));
        Assert.Equal("there is no production model", CycleProject.Note(dry, "train"));
        Assert.Equal(untouched, FolderContent.Of(folder.Path));

        CommandRun first = Churn.Run("run", "--config", config, "--json").Expect(ExitCode.Done);
        Assert.Equal(s_stages, CycleProject.Outcomes(first).Keys);
        Assert.All(CycleProject.Outcomes(first), stage => Assert.Equal("done", stage.Value));
        string version = CycleProject.Alias(config, "production")!;
        Assert.Equal(version, first.Result.GetProperty("cycle").GetProperty("training").GetProperty("version").GetString());
        Assert.Contains(version, File.ReadAllText(folder["p/scores/manifest.json"]), StringComparison.Ordinal);
        Assert.StartsWith("rank,customer_id,", File.ReadAllText(folder["p/action_plan.csv"]), StringComparison.Ordinal);
        Assert.True(File.Exists(folder["p/monitor/dashboard.html"]));
        // Its own test snapshot is the newest one whose outcomes are known.
        Assert.Contains("measured as of", CycleProject.Note(first, "monitor"), StringComparison.Ordinal);
        Assert.Equal("not_needed", first.Result.GetProperty("cycle").GetProperty("retrain").GetProperty("decision").GetString());
        Assert.Single(CycleProject.Decisions(config));

        var after = FolderContent.Of(folder.Path);
        CommandRun again = Churn.Run("run", "--config", config, "--json").Expect(ExitCode.Done);
        Assert.All(CycleProject.Outcomes(again), stage => Assert.Equal("no_op", stage.Value));
        Assert.Equal(after, FolderContent.Of(folder.Path));
        string printed = Churn.Run("run", "--config", config).Expect(ExitCode.Done).Output;
        Assert.All(s_stages, stage => Assert.Contains($"{stage,-9} no op: nothing changed since: ", printed, StringComparison.Ordinal));

        // What is gone is done again, and nothing else.
        File.Delete(folder["p/action_plan.csv"]);
        CommandRun mended = Churn.Run("run", "--config", config, "--json").Expect(ExitCode.Done);
        Assert.Equal(["decide"], CycleProject.Outcomes(mended).Where(stage => stage.Value == "done").Select(stage => stage.Key));
        AssertSame(after, folder.Path);
    }

    [Fact]
    public void Run_Selection_DoesThatAndNoMore()
    {
        using var folder = new TemporaryDirectory();
        string config = project.Put(folder["p"], late: false, CycleProject.Weak + CycleProject.Registry);
        CommandRun begun = Churn.Run("run", "--config", config, "--until", "train", "--json").Expect(ExitCode.Done);
        Assert.Equal(["done", "skipped", "done", "skipped", "skipped", "skipped", "skipped"], CycleProject.Outcomes(begun).Values);
        Assert.False(Directory.Exists(folder["p/scores"]));
        CommandRun only = Churn.Run("run", "--config", config, "--only", "score", "--json").Expect(ExitCode.Done);
        Assert.Equal(["score"], CycleProject.Outcomes(only).Where(stage => stage.Value == "done").Select(stage => stage.Key));
        CommandRun rest = Churn.Run("run", "--config", config, "--json");
        Assert.Equal(["no_op", "skipped", "no_op", "no_op", "done", "done", "skipped"], CycleProject.Outcomes(rest).Values);
        CommandRun forced = Churn.Run("run", "--config", config, "--from", "score", "--until", "decide", "--force", "--json");
        Assert.Equal(["score", "decide"], CycleProject.Outcomes(forced).Where(stage => stage.Value == "done").Select(stage => stage.Key));

        // Production moved by hand: what a model has a part in is done again, with the model that is there now.
        string other = Churn.Result("train", "--config", config, "--trees", "3", "--model", folder["other.onnx"]).GetProperty("training").GetProperty("version").GetString()!;
        Churn.Run("models", "promote", other, "--config", config).Expect(ExitCode.Done);
        CommandRun moved = Churn.Run("run", "--config", config, "--json");
        Assert.Equal(["no_op", "skipped", "skipped", "done", "done", "done", "skipped"], CycleProject.Outcomes(moved).Values);
        Assert.Contains(other, File.ReadAllText(folder["p/scores/manifest.json"]), StringComparison.Ordinal);

        foreach (string[] mistake in (string[][])[["--only", "score", "--from", "train"], ["--from", "decide", "--until", "score"], ["--from", "scoer"]])
            Assert.StartsWith("CE1003", Churn.Run(["run", "--config", config, .. mistake]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NewerDataThatDrifted_AlarmsAndPutsABetterChallengerInCharge_AndRefusesAWorseOne()
    {
        const string retrain = "monitor: { retrain: { when: alarms, promote: true } }\n";
        using var folder = new TemporaryDirectory();
        string config = project.Put(folder["p"], late: false, CycleProject.Weak + CycleProject.Registry);
        Churn.Run("run", "--config", config, "--quiet");
        string weak = CycleProject.Alias(config, "production")!;

        project.Put(folder["p"], late: true, CycleProject.Strong + CycleProject.Registry + retrain);
        CommandRun drifted = Churn.Run("run", "--config", config, "--json").Expect(ExitCode.GateSaidNo);
        Assert.Equal(["done", "skipped", "skipped", "done", "done", "done", "done"], CycleProject.Outcomes(drifted).Values);
        JsonElement cycle = drifted.Result.GetProperty("cycle");
        Assert.Contains("feature_drift plays_30d", cycle.GetProperty("stages")[5].GetProperty("alarms").EnumerateArray().Select(alarm => alarm.GetString()));
        Assert.Equal(weak, cycle.GetProperty("model").GetString());
        string strong = CycleProject.Alias(config, "production")!;
        Assert.NotEqual(weak, strong);
        Assert.Equal(strong, CycleProject.Alias(config, "challenger"));
        Assert.True(cycle.GetProperty("retrain").GetProperty("promoted").GetBoolean());
        Assert.Contains(cycle.GetProperty("retrain").GetProperty("gates").EnumerateArray(), gate => gate.GetProperty("gate").GetString() == "better_than_champion" && gate.GetProperty("why").GetString()!.Contains($"of champion {weak}", StringComparison.Ordinal));
        Assert.Contains(CycleProject.Decisions(config), line => line.StartsWith("promoted: ", StringComparison.Ordinal) && line.Contains("limits are broken", StringComparison.Ordinal));

        // The cycle is finished, though production is another one now: it was this cycle that moved it.
        CommandRun again = Churn.Run("run", "--config", config, "--json").Expect(ExitCode.GateSaidNo);
        Assert.DoesNotContain("done", CycleProject.Outcomes(again).Values);

        // An alarm again, and nothing new has matured: the same snapshots would give the same model.
        project.Put(folder["p"], late: true, CycleProject.Strong + CycleProject.Registry + "monitor: { floors: { roc_auc: 0.999 }, retrain: { when: alarms, promote: true } }\n");
        CommandRun waits = Churn.Run("run", "--config", config, "--json").Expect(ExitCode.GateSaidNo);
        Assert.Equal("waits", waits.Result.GetProperty("cycle").GetProperty("retrain").GetProperty("decision").GetString());
        Assert.Contains("nothing new to learn from", CycleProject.Note(waits, "retrain"), StringComparison.Ordinal);

        project.Put(folder["p"], late: true, CycleProject.Weak + CycleProject.Registry + retrain.Replace("alarms", "always", StringComparison.Ordinal));
        CommandRun worse = Churn.Run("run", "--config", config, "--json");
        Assert.Equal("done", CycleProject.Outcomes(worse)["retrain"]);
        Assert.Contains("better_than_champion said no", CycleProject.Note(worse, "retrain"), StringComparison.Ordinal);
        Assert.Equal(strong, CycleProject.Alias(config, "production"));
        string refused = CycleProject.Decisions(config)[^1];
        Assert.StartsWith("refused: training was asked for; refused by better_than_champion: ROC-AUC ", refused, StringComparison.Ordinal);
        Assert.Contains($"of champion {strong}", refused, StringComparison.Ordinal);
        Churn.Run("models", "verify", "--config", config).Expect(ExitCode.Done);
    }

    [Fact]
    public void Run_StageThatFails_StopsWhatNeedsIt_AndNothingElse()
    {
        using var folder = new TemporaryDirectory();
        string config = project.Put(folder["p"], late: false, CycleProject.Weak + CycleProject.Registry.Replace("roc_auc: 0.5", "roc_auc: 0.999", StringComparison.Ordinal));
        CommandRun refused = Churn.Run("run", "--config", config, "--json").Expect(ExitCode.GateSaidNo);
        Assert.Equal(["done", "skipped", "failed", "skipped", "skipped", "skipped", "skipped"], CycleProject.Outcomes(refused).Values);
        Assert.StartsWith("CE1179", refused.LastError, StringComparison.Ordinal);
        Assert.Equal("CE1179", refused.Envelope.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("train did not come to its end", CycleProject.Note(refused, "score"));
        Assert.Null(CycleProject.Alias(config, "production"));

        project.Put(folder["p"], late: false, CycleProject.Weak + CycleProject.Registry);
        FolderContent.Edit(config, "decisions: { value: 600,", "decisions: { value_column: worth,");
        CommandRun decide = Churn.Run("run", "--config", config, "--json").Expect(ExitCode.Usage);
        Assert.Equal(["done", "skipped", "done", "done", "failed", "done", "skipped"], CycleProject.Outcomes(decide).Values);
        Assert.Contains("worth", decide.Result.GetProperty("cycle").GetProperty("stages")[4].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TwoAtOnce_OneLeaves_AndTheResultIsWhole()
    {
        using var folder = new TemporaryDirectory();
        string config = project.Put(folder["p"], late: false, CycleProject.Weak + CycleProject.Registry);
        Directory.CreateDirectory(folder["p/cycle"]);
        using (FolderLock.TryTake(folder["p/cycle"]))
            Assert.StartsWith("CE1177 another `churn run` is at work", Churn.Run("run", "--config", config).Expect(ExitCode.Transient).LastError, StringComparison.Ordinal);
        using ChurnProcess one = ChurnProcess.Start(folder.Path, ("", ""), "run", "--config", config, "--quiet"), two = ChurnProcess.Start(folder.Path, ("", ""), "run", "--config", config, "--quiet");
        CommandRun[] runs = await Task.WhenAll(Task.Run(one.WaitForEnd), Task.Run(two.WaitForEnd));
        Assert.Contains(runs, run => run.ExitCode is ExitCode.Done or ExitCode.GateSaidNo);
        Assert.All(runs, run => Assert.True(run.ExitCode is ExitCode.Done or ExitCode.GateSaidNo or ExitCode.Transient, run.ToString()));
        Assert.DoesNotContain("done", CycleProject.Outcomes(Churn.Run("run", "--config", config, "--json")).Values);
        Churn.Run("models", "verify", "--config", config).Expect(ExitCode.Done);
    }

    [Theory]
    [InlineData("run: { audit: sometimes }", "CE1102")]
    [InlineData("run: { stat: x }", "did you mean 'state'")]
    [InlineData("monitor: { retrain: { when: monthly } }", "CE1102")]
    [InlineData("monitor: { retrain: { when: age:0d } }", "CE1102")]
    [InlineData("monitor: { retrain: { minimum_age: young } }", "CE1102")]
    [InlineData("monitor: { retrain: { promot: true } }", "did you mean 'promote'")]
    public void Run_SettingsThatMakeNoSense_AreRefused(string settings, string error)
    {
        using var folder = new TemporaryDirectory();
        string config = project.Put(folder["p"], late: false, settings + "\n");
        Assert.Contains(error, Churn.Run("run", "--config", config).Expect(ExitCode.Usage).Error, StringComparison.OrdinalIgnoreCase);
    }

    private static void AssertSame(SortedDictionary<string, string> before, string folder)
    {
        SortedDictionary<string, string> now = FolderContent.Of(folder);
        Assert.Equal(before.Keys, now.Keys);
        Assert.Empty(before.Where(file => now[file.Key] != file.Value).Select(file => file.Key));
    }
}
