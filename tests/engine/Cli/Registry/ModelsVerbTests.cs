using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Registry;

/// <summary>The registry as an operator uses it: train, promote through gates, score by alias, roll back.</summary>
public sealed class ModelsVerbTests(TwoModels models) : IClassFixture<TwoModels>
{
    [Fact]
    public void Train_WithARegistry_RegistersTheModelWithItsCard()
    {
        JsonElement listing = Churn.Result("models", "list", "--config", models.Config);
        Assert.Equal(models.Registry, listing.GetProperty("registry").GetString());
        Assert.Equal(new[] { models.Weak, models.Strong }.Order(), listing.GetProperty("versions").EnumerateArray().Select(row => row.GetProperty("version").GetString()).Order());
        JsonElement shown = Churn.Result("models", "show", models.Strong[..8], "--config", models.Config);
        Assert.Equal(models.StrongFile, shown.GetProperty("source").GetString());
        string card = File.ReadAllText(shown.GetProperty("card").GetString()!);
        Assert.Equal(card, File.ReadAllText(Path.ChangeExtension(models.StrongFile, null) + "-card.md"));
        Assert.Equal(card, shown.GetProperty("card_text").GetString());
        Assert.Contains("## Limits", card, StringComparison.Ordinal);
        Assert.True(Churn.Result("models", "verify", "--config", models.Config).GetProperty("problems").GetArrayLength() == 0);
    }

    [Fact]
    public void Promote_ThroughGates_AndBack()
    {
        using var folder = new TemporaryDirectory();
        string config = models.CopyTo(folder);
        // No champion yet, so the limits alone decide: one tree passes 0.6.
        JsonElement first = Churn.Result("models", "promote", models.Weak, "--config", config);
        Assert.True(first.GetProperty("moved").GetBoolean());
        Assert.Equal(["golden_rows", "roc_auc", "ece", "better_than_champion"], first.GetProperty("gates").EnumerateArray().Select(gate => gate.GetProperty("gate").GetString()));

        CommandRun dry = Churn.Run("models", "promote", models.Strong, "--config", config, "--dry-run", "--json").Expect(ExitCode.Done);
        Assert.False(dry.Result.GetProperty("moved").GetBoolean());
        JsonElement better = Churn.Result("models", "promote", models.Strong, "--config", config);
        string why = better.GetProperty("gates").EnumerateArray().Last().GetProperty("why").GetString()!;
        Assert.True(better.GetProperty("moved").GetBoolean(), why);
        Assert.Contains($"of champion {models.Weak}", why, StringComparison.Ordinal);
        Assert.Contains("better; as of ", why, StringComparison.Ordinal);

        CommandRun worse = Churn.Run("models", "promote", models.Weak, "--config", config, "--json").Expect(ExitCode.GateSaidNo);
        Assert.True(worse.Result.GetProperty("refused").GetBoolean());
        Assert.Contains("worse", worse.Result.GetProperty("gates").EnumerateArray().Last().GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal(models.Strong, Production(config));
        JsonElement plan = Churn.Result("models", "rollback", "--config", config, "--dry-run");
        Assert.Equal((models.Weak, false), (plan.GetProperty("version").GetString(), plan.GetProperty("moved").GetBoolean()));
        Assert.Equal(models.Weak, Churn.Result("models", "rollback", "--config", config, "--reason", "a try").GetProperty("version").GetString());
        Assert.Equal("CE8110", Churn.Run("models", "rollback", "--config", config).Expect(ExitCode.Usage).LastError[..6]);
        CommandRun forced = Churn.Run("models", "promote", models.Strong, "--config", config, "--as-of", "2024-06-01", "--force", "we know").Expect(ExitCode.Done);
        Assert.Contains("REFUSED  better_than_champion: it cannot be compared", forced.Output, StringComparison.Ordinal);

        JsonElement history = Churn.Result("models", "history", "--config", config);
        string[] moves = [.. history.GetProperty("lines").EnumerateArray().Where(line => line.TryGetProperty("kind", out _)).Select(line => $"{line.GetProperty("action").GetString()} {line.GetProperty("kind").GetString()} {line.GetProperty("forced").GetBoolean()}")];
        Assert.Equal(["intended promotion False", "intended promotion False", "refused promotion False", "intended rollback False", "intended promotion True"], moves);
        JsonElement[] lines = [.. history.GetProperty("lines").EnumerateArray()];
        foreach (JsonElement line in lines.Where(line => line.GetProperty("action").GetString() == "completed"))
        {
            JsonElement at = Churn.Result("models", "history", "--config", config, "--alias", "production", "--at", line.GetProperty("time").GetString()!);
            Assert.Equal(line.GetProperty("version").GetString(), at.GetProperty("standing")[0].GetProperty("version").GetString());
        }
        Assert.False(Churn.Result("models", "history", "--config", config, "--alias", "production", "--at", "2020-01-01").GetProperty("standing")[0].TryGetProperty("version", out _));
        Assert.Equal("1", File.ReadAllText(folder["world/mlruns/models/churn/aliases/production"]).Replace("2", "1", StringComparison.Ordinal));
    }

    [Fact]
    public void Model_ByAliasOrVersion_IsTheOneThatTheRegistryHas()
    {
        using var folder = new TemporaryDirectory();
        string config = models.CopyTo(folder);
        Assert.StartsWith("CE8109", Churn.Run("explain", "--model", "production", "--registry", folder["world/registry"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        Churn.Run("models", "promote", models.Strong, "--config", config).Expect(ExitCode.Done);
        Assert.Equal(models.Strong, Churn.Result("evaluate", "--model", "production", "--config", config).GetProperty("version").GetString());
        Assert.Equal(models.Weak, Churn.Result("explain", "--model", models.Weak, "--registry", folder["world/registry"]).GetProperty("version").GetString());
        Churn.Run("score", "--model", "production", "--config", config, "--out", folder["scores"], "--quiet").Expect(ExitCode.Done);
        Assert.Contains(models.Strong, File.ReadAllText(folder["scores/manifest.json"]), StringComparison.Ordinal);
        Assert.StartsWith("CE8101", Churn.Run("explain", "--model", "production", "--registry", folder["none"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        Assert.StartsWith("CE8105", Churn.Run("explain", "--model", "m-000000000000", "--registry", folder["world/registry"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);

        File.Delete(folder[$"world/registry/versions/{models.Strong}/model.onnx"]);
        Assert.StartsWith("CE8106", Churn.Run("score", "--model", "production", "--config", config, "--out", folder["more"]).Expect(ExitCode.BadInput).LastError, StringComparison.Ordinal);
        CommandRun verify = Churn.Run("models", "verify", "--config", config).Expect(ExitCode.GateSaidNo);
        Assert.Contains($"{models.Strong} (production): model.onnx is gone", verify.Output, StringComparison.Ordinal);
        Churn.Run("models", "register", models.StrongFile, "--config", config).Expect(ExitCode.Done);
        Churn.Run("models", "verify", "--config", config).Expect(ExitCode.Done);
    }

    [Fact]
    public void BackupAndRestore_OfALostRegistry_BringItBack()
    {
        using var folder = new TemporaryDirectory();
        string config = models.CopyTo(folder);
        Churn.Run("models", "promote", models.Strong, "--config", config).Expect(ExitCode.Done);
        Churn.Run("models", "backup", "--config", config, "--out", folder["backup"]).Expect(ExitCode.Done);
        Assert.StartsWith("CE8112", Churn.Run("models", "backup", "--config", config, "--out", folder["backup"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        Directory.Delete(folder["world/registry"], recursive: true);
        Assert.Equal(2, Churn.Result("models", "restore", "--config", config, "--from", folder["backup"]).GetProperty("versions").GetArrayLength());
        Assert.Equal(models.Strong, Production(config));
        Churn.Run("models", "verify", "--config", config).Expect(ExitCode.Done);
    }

    [Fact]
    public void Diff_OfTwoVersions_NamesOptionsAndMetrics()
    {
        JsonElement[] rows = [.. Churn.Result("models", "diff", models.Weak, models.Strong, "--config", models.Config).GetProperty("differences").EnumerateArray()];
        Assert.Contains(rows, row => row.GetProperty("name").GetString() == "Trees" && row.GetProperty("values")[0].GetString() == "1" && row.GetProperty("values")[1].GetString() == "40");
        Assert.Contains(rows, row => row.GetProperty("area").GetString() == "metrics" && row.GetProperty("name").GetString() == "test.roc_auc");
        Assert.DoesNotContain(rows, row => row.GetProperty("area").GetString() == "plan");
    }

    [Fact]
    public async Task Promotions_OfTwoProcessesAtOnce_BothAreInTheChain()
    {
        using var folder = new TemporaryDirectory();
        models.CopyTo(folder);
        string[] Line(string version) => ["models", "promote", version, "--registry", folder["world/registry"], "--quiet"];
        for (int round = 0; round < 3; round++)
        {
            using ChurnProcess first = ChurnProcess.Start(folder.Path, ("", ""), Line(models.Weak)), second = ChurnProcess.Start(folder.Path, ("", ""), Line(models.Strong));
            CommandRun[] runs = await Task.WhenAll(Task.Run(first.WaitForEnd), Task.Run(second.WaitForEnd));
            Assert.All(runs, run => run.Expect(ExitCode.Done));
        }
        Churn.Run("models", "verify", "--registry", folder["world/registry"]).Expect(ExitCode.Done);
        JsonElement[] lines = [.. Churn.Result("models", "history", "--registry", folder["world/registry"]).GetProperty("lines").EnumerateArray()];
        Assert.Equal(lines.Count(line => line.GetProperty("action").GetString() == "intended"), lines.Count(line => line.GetProperty("action").GetString() == "completed"));
        Assert.InRange(lines.Count(line => line.GetProperty("action").GetString() == "completed"), 3, 6);
    }

    [Fact]
    public void Gates_BadSettings_AreErrorsOfTheConfiguration()
    {
        using var folder = new TemporaryDirectory();
        string config = models.CopyTo(folder);
        string text = File.ReadAllText(config);
        (string Old, string New, string Says)[] mistakes =
        [
            ("roc_auc: 0.6", "roc_auk: 0.6", "did you mean 'roc_auc'?"),
            ("roc_auc: 0.6", "roc_auc: high", "gates.roc_auc is not usable"),
            ("resamples: 200", "resamples: 5", "gates.resamples is not usable"),
            ("better_than_champion: true", "better_than_champion: maybe", "must be true or false"),
            ("mlflow: mlruns", "mlflo: mlruns", "did you mean 'mlflow'?"),
            ("staging: { roc_auc: 0.55 }", "staging: { staging: 1 }", "CE3002"),
        ];
        foreach ((string old, string replacement, string says) in mistakes)
        {
            File.WriteAllText(config, text.Replace(old, replacement, StringComparison.Ordinal));
            Assert.Contains(says, Churn.Run("models", "list", "--config", config).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        }
    }

    private static string? Production(string config) =>
        Churn.Result("models", "list", "--config", config).GetProperty("aliases").EnumerateArray().Single(alias => alias.GetProperty("alias").GetString() == "production").GetProperty("version").GetString();
}
