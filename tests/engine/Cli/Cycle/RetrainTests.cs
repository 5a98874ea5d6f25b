using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Cycle;

/// <summary><c>churn monitor --retrain</c>: when a challenger is trained, and what becomes of it.</summary>
public sealed class RetrainTests(CycleProject project) : IClassFixture<CycleProject>
{
    [Fact]
    public void Retrain_ByCondition_SaysWhyAndKeepsItInTheLog()
    {
        using var folder = new TemporaryDirectory();
        string config = project.Put(folder["p"], late: false, CycleProject.Weak + CycleProject.Registry);
        Churn.Run("run", "--config", config, "--until", "train").Expect(ExitCode.Done);
        string weak = CycleProject.Alias(config, "production")!;

        // The champion is as new as can be.
        JsonElement young = Retrain(config, "--if", "age:7d");
        Assert.Equal("not_needed", young.GetProperty("decision").GetString());
        Assert.Contains("0 days behind the newest matured snapshot", young.GetProperty("why").GetString(), StringComparison.Ordinal);
        // The same question again is the same line.
        Retrain(config, "--if", "age:7d");
        Assert.Single(CycleProject.Decisions(config));

        project.Put(folder["p"], late: true, CycleProject.Strong + CycleProject.Registry);
        var before = FolderContent.Of(folder.Path);
        JsonElement dry = Retrain(config, "--if", "age:60d", "--promote", "--dry-run", "--out", folder["watch"]);
        Assert.Equal("would_train", dry.GetProperty("decision").GetString());
        Assert.Equal(before, FolderContent.Of(folder.Path));

        // A challenger, and nobody asked for more.
        JsonElement trained = Retrain(config, "--if", "age:60d");
        string strong = trained.GetProperty("challenger").GetString()!;
        Assert.Equal("trained", trained.GetProperty("decision").GetString());
        Assert.Contains("the gates would let it pass", trained.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal((strong, weak), (CycleProject.Alias(config, "challenger"), CycleProject.Alias(config, "production")));
        Assert.True(File.Exists(folder["p/challenger.onnx"]));

        // Trained again it is the same model; now it may take over.
        JsonElement promoted = Retrain(config, "--if", "always", "--promote");
        Assert.Equal((strong, "promoted"), (promoted.GetProperty("challenger").GetString(), promoted.GetProperty("decision").GetString()));
        Assert.Equal(strong, CycleProject.Alias(config, "production"));
        Assert.Equal("not_needed", Retrain(config, "--if", "age:7d").GetProperty("decision").GetString());
        Assert.Equal(["not_needed", "trained", "promoted", "not_needed"], CycleProject.Decisions(config).Select(line => line.Split(':')[0]));
        Assert.Contains("retraining promoted", Churn.Run("models", "history", "--config", config).Expect(ExitCode.Done).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Retrain_TrainingThatFails_IsInTheLogWithItsError()
    {
        using var folder = new TemporaryDirectory();
        string config = project.Put(folder["p"], late: false, CycleProject.Weak + CycleProject.Registry);
        Churn.Run("run", "--config", config, "--until", "train").Expect(ExitCode.Done);
        FolderContent.Edit(config, "snapshots: 3", "snapshots: 3, threshold: { per: nothing }");
        Assert.StartsWith("CE1152", Churn.Run("monitor", "--model", "production", "--config", config, "--retrain", "--if", "always").Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        Assert.StartsWith("failed: training was asked for; the training ended with CE1152", CycleProject.Decisions(config).Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Retrain_WhileAnotherTrains_LeavesWithAnError()
    {
        using var folder = new TemporaryDirectory();
        string config = project.Put(folder["p"], late: false, CycleProject.Weak + CycleProject.Registry);
        Churn.Run("run", "--config", config, "--until", "train").Expect(ExitCode.Done);
        using (FolderLock.TryTake(folder["p/registry"], ".retraining"))
            Assert.StartsWith("CE8118", Churn.Run("monitor", "--model", "production", "--config", config, "--retrain").Expect(ExitCode.Transient).LastError, StringComparison.Ordinal);
        // The others are not kept waiting by a training.
        Churn.Run("models", "verify", "--config", config).Expect(ExitCode.Done);
    }

    [Theory]
    [InlineData("--if alarms", "CE1003")]
    [InlineData("--promote", "CE1003")]
    [InlineData("--retrain --if tomorrow", "CE1001")]
    public void Retrain_OptionsThatMakeNoSense_AreRefused(string options, string error)
    {
        using var folder = new TemporaryDirectory();
        string config = project.Put(folder["p"], late: false, CycleProject.Registry);
        Assert.StartsWith(error, Churn.Run(["monitor", "--config", config, .. options.Split(' ')]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
    }

    private static JsonElement Retrain(string config, params string[] options)
    {
        CommandRun run = Churn.Run(["monitor", "--model", "production", "--config", config, "--retrain", .. options, "--json"]);
        // 1 is what monitoring found; a retraining changes nothing about it.
        Assert.True(run.ExitCode is ExitCode.Done or ExitCode.GateSaidNo, run.ToString());
        return run.Result.GetProperty("retrain");
    }
}
