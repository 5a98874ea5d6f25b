using System.Globalization;
using System.Text.Json;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Service.Tests;

/// <summary>Monitoring reads what a service wrote down, and comes to what the batch comes to.</summary>
public sealed class LogMonitorTests(ServedWorld world)
{
    // A month's start two months before the end of the data: outcomes of it are known.
    private const string Earlier = "2024-10-27";

    private string Truth => Path.Combine(world.World, "truth", "probabilities.parquet");

    [Fact]
    public async Task Monitor_OfTheLogOfAllCustomers_SaysWhatItSaysOfTheBatch_AndCountsRepeatsOnce()
    {
        using var folder = new TemporaryDirectory();
        string[] customers = [.. world.Scores.Keys];
        await Serve(world.Model, world.Online, folder["log"], [.. customers, .. customers[..200]]);
        await Serve(world.Weak, world.Online, folder["log"], customers[..30]);
        CommandRun run = Churn.Run("monitor", "--model", world.Model, "--log", folder["log"], "--config", world.Config, "--out", folder["watch"], "--json").Expect(ExitCode.Done);
        JsonElement log = run.Result.GetProperty("monitor");
        JsonElement batch = Churn.Result("monitor", "--model", world.Model, "--config", world.Config, "--as-of", world.AsOf).GetProperty("monitor");
        Assert.Equal(batch.GetProperty("features").ToString(), log.GetProperty("features").ToString());
        Assert.Equal(batch.GetProperty("expected").ToString(), log.GetProperty("expected").ToString());
        Assert.Equal(batch.GetProperty("customers").GetInt64(), log.GetProperty("customers").GetInt64());
        Assert.Equal(batch.GetProperty("scores").GetProperty("mean").GetProperty("value").GetDouble(), log.GetProperty("scores").GetProperty("mean").GetProperty("value").GetDouble(), 1e-12);
        JsonElement served = log.GetProperty("log");
        Assert.Equal(customers.Length + 200, served.GetProperty("predictions").GetInt64());
        Assert.Equal(30, served.GetProperty("other_versions").GetProperty(world.Weak).GetInt64());
        JsonElement arm = Assert.Single(served.GetProperty("arms").EnumerateArray());
        Assert.Equal(("production", true, customers.Length), (arm.GetProperty("arm").GetString(), arm.GetProperty("is_answered").GetBoolean(), arm.GetProperty("customers").GetInt32()));
        Assert.Contains(run.Envelope.GetProperty("warnings").EnumerateArray(), warning => warning.GetString()!.Contains($"30 predictions of model {world.Weak}", StringComparison.Ordinal));
        Assert.Contains("Arms of the service", File.ReadAllText(folder["watch/dashboard.html"]), StringComparison.Ordinal);
        // Nothing was predicted before it began.
        Assert.Contains("CE1220", Churn.Run("monitor", "--model", world.Model, "--log", folder["log"], "--until", "2020-01-01").Expect(ExitCode.BadInput).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Monitor_WithOutcomes_OfTheProjectOrOfATable_MeasuresTheSame()
    {
        using var folder = new TemporaryDirectory();
        Churn.Run("features", "materialise", "--config", world.Config, "--store", folder["store"], "--as-of", Earlier, "--quiet").Expect(ExitCode.Done);
        Churn.Run("features", "publish", "--store", folder["store"], "--out", folder["online.sqlite"], "--quiet").Expect(ExitCode.Done);
        Churn.Run("score", "--store", folder["store"], "--model", world.Model, "--out", folder["scores"], "--quiet").Expect(ExitCode.Done);
        string[] customers = [.. ScoreParts.Read(folder["scores"], "probability").Keys];
        await Serve(world.Model, folder["online.sqlite"], folder["log"], customers);
        string config = folder.Write("churn.yaml", File.ReadAllText(world.Config).Replace("source: ", $"source: {world.World}/", StringComparison.Ordinal).Replace($"{world.World}/\"", $"\"{world.World}/", StringComparison.Ordinal) + "\nmonitor: { segments: [plan, tenure_days, nowhere], segment_least_rows: 40 }\n");
        string[] line = ["monitor", "--model", world.Model, "--log", folder["log"], "--config", config, "--json"];
        JsonElement byProject = Measured([.. line, "--labels"]), byTable = Measured([.. line, "--outcomes", Truth]);
        Assert.Equal(byProject.GetProperty("metrics").ToString(), byTable.GetProperty("metrics").ToString());
        Assert.Equal(byProject.GetProperty("segments").ToString(), byTable.GetProperty("segments").ToString());
        Assert.Equal(["plan", "tenure_days"], byProject.GetProperty("segments").EnumerateArray().Select(column => column.GetProperty("column").GetString()));
        // The snapshot of that instant, but for churn that was not known yet when it was scored.
        JsonElement snapshot = Churn.Result("evaluate", "--model", world.Model, "--config", world.Config, "--as-of", Earlier).GetProperty("metrics");
        JsonElement metrics = byProject.GetProperty("metrics");
        Assert.Equal(snapshot.GetProperty("rows").GetDouble(), metrics.GetProperty("rows").GetDouble(), 5.0);
        Assert.Equal(snapshot.GetProperty("roc_auc").GetDouble(), metrics.GetProperty("roc_auc").GetDouble(), 0.01);
        JsonElement foretold = byProject.GetProperty("foretold").GetProperty("figures");
        Assert.Equal(["positive_rate", "roc_auc", "precision", "recall"], foretold.EnumerateArray().Select(figure => figure.GetProperty("metric").GetString()));
        // A table of whole days serves as well; one without an instant does not, and neither does one of other customers.
        string outcomes = folder.Write("outcomes.csv", "customer,as_of,churned\n" + string.Concat(customers.Select(customer => $"{customer},{Earlier},{(int.Parse(customer, CultureInfo.InvariantCulture) % 5 == 0 ? "true" : "false")}\n")));
        Assert.Equal(customers.Length, Measured([.. line, "--outcomes", outcomes]).GetProperty("metrics").GetProperty("rows").GetDouble());
        Assert.Contains("CE1221", Churn.Run([.. line, "--outcomes", folder.Write("no-time.csv", "customer,churned\n1,true\n")]).Expect(ExitCode.BadInput).Output, StringComparison.Ordinal);
        Assert.Contains("CE1222", Churn.Run([.. line, "--outcomes", folder.Write("others.csv", $"customer,as_of,churned\nnobody,{Earlier},true\n")]).Expect(ExitCode.BadInput).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Monitor_OfACategoryThatTheModelDoesNotKnow_NamesIt()
    {
        using var folder = new TemporaryDirectory();
        string[] customers = [.. world.Scores.Keys.Take(600)];
        await using (RunningService service = await RunningService.Start(world.Model, world.Config, settings => settings with { Log = new PredictionLogSettings(folder["log"]) }))
        {
            for (int i = 0; i < customers.Length; i++)
            {
                string request = world.Request(customers[i]);
                await service.Ask("/predict", i % 4 > 0 ? request : System.Text.RegularExpressions.Regex.Replace(request, "\"channel\":\"[a-z]+\"", "\"channel\":\"billboard\""));
            }
        }
        Assert.Contains(LogTests.Read(folder["log"], "channel"), row => row[0] == "billboard");
        JsonElement report = Churn.Run("monitor", "--model", world.Model, "--log", folder["log"], "--json").Result.GetProperty("monitor");
        JsonElement alarm = report.GetProperty("alarms").EnumerateArray().Single(alarm => alarm.GetProperty("kind").GetString() == "new_category");
        Assert.Equal("channel", alarm.GetProperty("subject").GetString());
        Assert.Contains("'billboard'", alarm.GetProperty("why").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--since 2024-01-01", "CE1003")]
    [InlineData("--outcomes x.csv", "CE1003")]
    [InlineData("--log nowhere --table t.csv", "CE1003")]
    [InlineData("--log nowhere --as-of 2024-01-01", "CE1003")]
    [InlineData("--log nowhere --labels", "CE1223")]
    [InlineData("--log nowhere", "CE1220")]
    public void Monitor_OptionsThatDoNotGoTogether_AreRefused(string options, string code) =>
        Assert.Contains(code, Churn.Run(["monitor", "--model", world.Model, .. options.Split(' ')]).LastError, StringComparison.Ordinal);

    private static JsonElement Measured(string[] line)
    {
        CommandRun run = Churn.Run(line);
        Assert.True(run.ExitCode is ExitCode.Done or ExitCode.GateSaidNo, run.ToString());
        return run.Result.GetProperty("monitor").GetProperty("measured");
    }

    private async Task Serve(string model, string online, string log, string[] customers)
    {
        await using RunningService service = await RunningService.Start(model, world.Config, settings => settings with { Online = online, Log = new PredictionLogSettings(log) });
        foreach (string[] some in customers.Chunk(500))
        {
            JsonElement answer = await service.Ask("/predict/batch", $"{{\"customers\": [{string.Join(",", some.Select(customer => $"{{\"user_id\": {customer}}}"))}]}}");
            Assert.Equal(some.Length, answer.GetProperty("predictions").GetArrayLength());
        }
    }
}
