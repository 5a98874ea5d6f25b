using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary><c>churn audit leakage</c>: nothing on a generated world, exit code 1 and the reason where something leaks.</summary>
public sealed class AuditLeakageTests(SmallProject small)
{
    [Fact]
    public void Audit_GeneratedWorld_FindsNothing()
    {
        CommandRun run = Churn.Run("audit", "leakage", "--config", small.Config, "--json").Expect(ExitCode.Done);
        Assert.True(run.Result.GetProperty("passed").GetBoolean());
        Assert.Equal("audit leakage", run.Envelope.GetProperty("command").GetString());
        JsonElement[] checks = [.. run.Result.GetProperty("checks").EnumerateArray()];
        Assert.Equal(["truncation", "arrival", "announcements", "single_feature_auc", "folds", "order"], checks.Select(check => check.GetProperty("name").GetString()));
        Assert.All(checks, check => Assert.NotEqual("", check.GetProperty("design").GetString()));
        Assert.All(checks, check => Assert.DoesNotContain(check.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("level").GetString() == "alarm"));
        Assert.True(checks[0].GetProperty("measures").GetProperty("cells_compared").GetDouble() > 10_000);
        Assert.Equal(["train", "train", "train", "train", "train", "stop", "calibrate", "test"], run.Result.GetProperty("snapshots").EnumerateArray().Select(use => use.GetProperty("role").GetString()));

        string text = Churn.Run("audit", "leakage", "--config", small.Config, "--dates", "1").Expect(ExitCode.Done).Output;
        Assert.All(["passed  truncation", "gap_days 0, horizon_days 30", "nothing leaks"], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Audit_FeatureThatAnnouncesTheLabel_EndsWithTheGatesCode()
    {
        using var folder = new TemporaryDirectory();
        string config = LeakingProject.Write(folder);
        CommandRun run = Churn.Run("audit", "leakage", "--config", config, "--announce-days", "20", "--json").Expect(ExitCode.GateSaidNo);
        Assert.Equal(ExitCode.GateSaidNo, run.Envelope.GetProperty("exit_code").GetInt32());
        JsonElement[] failed = [.. run.Result.GetProperty("checks").EnumerateArray().Where(check => !check.GetProperty("passed").GetBoolean())];
        Assert.Equal(["announcements", "single_feature_auc"], failed.Select(check => check.GetProperty("name").GetString()));
        Assert.All(failed, check => Assert.Contains("farewell", check.GetProperty("findings")[0].GetProperty("message").GetString(), StringComparison.Ordinal));

        CommandRun text = Churn.Run("audit", "leakage", "--config", config).Expect(ExitCode.GateSaidNo);
        Assert.Contains("leakage suspected by: single_feature_auc", text.Output, StringComparison.Ordinal);
        Assert.Contains("ALARM   single_feature_auc", text.Output, StringComparison.Ordinal);
    }
}
