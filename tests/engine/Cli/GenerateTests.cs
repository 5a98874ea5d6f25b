using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>Every kind of world from the command line.</summary>
public class GenerateTests
{
    [Theory]
    [InlineData("streaming", "customers.parquet", "events", "payments.parquet", "support.parquet")]
    [InlineData("telecom", "customers.parquet", "months")]
    [InlineData("music-log", "log")]
    [InlineData("b2b", "accounts.parquet", "invoices.parquet", "lifecycle.parquet", "tickets.parquet", "usage")]
    public void Generate_Scenario_FillsAFolderThatHoldsItsTablesAndTheTruth(string scenario, params string[] tables)
    {
        using var folder = new TemporaryDirectory();
        JsonElement world = Churn.Result("generate", "--scenario", scenario, "--customers", "60", "--months", "3", "--out", folder["world"]).GetProperty("world");
        Assert.Equal(60, world.GetProperty("customers").GetInt64());
        Assert.Equal(tables.Append("churn.yaml").Append("truth").Order(StringComparer.Ordinal), Directory.GetFileSystemEntries(folder["world"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    // A world is data and a plan: no verb knows which one it is.
    [Theory]
    [InlineData("streaming", "1500")]
    [InlineData("telecom", "1500")]
    [InlineData("b2b", "1000")]
    [InlineData("music-log", "250")]
    public void Generate_Scenario_IsTrainedAndScoredByConfigurationAlone(string scenario, string customers)
    {
        using var folder = new TemporaryDirectory();
        Churn.Run("generate", "--scenario", scenario, "--customers", customers, "--out", folder["world"], "--quiet").Expect(ExitCode.Done);
        string[] project = ["--config", folder["world/churn.yaml"], "--model", folder["model.onnx"]];
        JsonElement metrics = Churn.Result(["train", .. project]).GetProperty("training").GetProperty("metrics");
        Assert.True(metrics.GetProperty("roc_auc").GetDouble() > 0.6, metrics.ToString());
        Churn.Run(["score", .. project, "--out", folder["scores"], "--quiet"]).Expect(ExitCode.Done);
        Assert.True(File.Exists(folder["scores/_SUCCESS"]));
    }

    [Fact]
    public void Generate_DriftTreatmentAndExtras_AreInTheWorld()
    {
        using var folder = new TemporaryDirectory();
        string[] line = ["generate", "--customers", "300", "--months", "4"];
        JsonElement plain = Churn.Result([.. line, "--out", folder["plain"]]).GetProperty("world");
        JsonElement rich = Churn.Result([.. line, "--out", folder["rich"], "--treatment", "0.4", "--with", "duplicates,plan-changes", "--drift", "feature=plays,from=2024-02-01,by=3", "--drift", "feature=errors,from=2024-03-01"]).GetProperty("world");
        Assert.Equal(0, plain.GetProperty("treated").GetInt64());
        Assert.True(rich.GetProperty("treated").GetInt64() > 50);
        Assert.True(rich.GetProperty("duplicate_events").GetInt64() > 0);
        Assert.True(rich.GetProperty("events").GetInt64() > 1.3 * plain.GetProperty("events").GetInt64());
        Assert.True(File.Exists(folder["rich/offers.parquet"]));
        Assert.False(File.Exists(folder["plain/offers.parquet"]));
    }
}
