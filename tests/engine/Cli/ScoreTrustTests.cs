using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>What a scoring job says of itself: verification, profile, metrics; and scores from a store beside scores from events.</summary>
public sealed class ScoreTrustTests(SmallProject project) : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Verify_FinishedJob_PassesAndFindsAChangedByte()
    {
        string[] line = ["score", "--config", project.Config, "--model", project.Model, "--columns", "monthly_price", "plan"];
        FolderContent.Copy(project.Scores, _folder["scores"]);
        JsonElement found = Churn.Result([.. line, "--verify", _folder["scores"]]).GetProperty("verification");
        Assert.Equal(0, found.GetProperty("problems").GetArrayLength());
        Assert.True(found.GetProperty("rows").GetInt64() > 0);

        string part = Directory.GetFiles(_folder["scores"], "part-*")[0];
        byte[] bytes = File.ReadAllBytes(part);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(part, bytes);

        Assert.Contains("changed after the job", Churn.Run([.. line, "--verify", _folder["scores"]]).Expect(ExitCode.GateSaidNo).Output, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(part));
        Assert.StartsWith("CE6033", Churn.Run("score", "--config", project.Config, "--model", project.Model, "--verify", _folder["scores"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Store_ADateOfIt_GivesTheScoresOfTheEvents()
    {
        const string AsOf = "2024-12-01";
        Churn.Run("features", "materialise", "--config", project.Config, "--as-of", AsOf, "--store", _folder["store"]).Expect(ExitCode.Done);
        JsonElement events = Churn.Result("score", "--config", project.Config, "--model", project.Model, "--as-of", AsOf, "--out", _folder["of-events"], "--columns", "plan").GetProperty("scoring");

        JsonElement store = Churn.Result("score", "--store", _folder["store"], "--model", project.Model, "--as-of", AsOf, "--out", _folder["of-store"], "--columns", "plan").GetProperty("scoring");

        Assert.Equal(events.GetProperty("rows").GetInt64(), store.GetProperty("rows").GetInt64());
        Assert.Equal(events.GetProperty("scores").GetRawText(), store.GetProperty("scores").GetRawText());
        Assert.Equal(Rows(_folder["of-events"]), Rows(_folder["of-store"]));
        Churn.Run("score", "--store", _folder["store"], "--model", project.Model, "--out", _folder["of-store"], "--columns", "plan", "--verify", _folder["of-store"]).Expect(ExitCode.Done);
    }

    [Fact]
    public void Store_OfNothing_OrBesideTables_IsRefused()
    {
        Assert.StartsWith("CE3060", Churn.Run("score", "--store", _folder["absent"], "--model", project.Model).Expect(ExitCode.BadInput).LastError, StringComparison.Ordinal);
        Assert.StartsWith("CE1003", Churn.Run("score", "--store", _folder["absent"], "--table", project.Table, "--model", project.Model).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Profile_ShowsWhereTheThreadsWere()
    {
        CommandRun run = Churn.Run("score", "--table", project.Table, "--model", project.TableModel, "--out", _folder["out"], "--profile").Expect(ExitCode.Done);
        foreach (string part in new[] { "featurize", "write", "wait", "collect garbage", "neither reading nor computing" })
            Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void MetricsFile_HoldsWhatTheEnvelopeSays()
    {
        JsonElement scoring = Churn.Result("score", "--config", project.Config, "--model", project.Model, "--out", _folder["out"], "--metrics-file", _folder["churn.prom"]).GetProperty("scoring");

        Dictionary<string, double> metrics = ReadMetrics(File.ReadAllText(_folder["churn.prom"]));

        Assert.Equal(scoring.GetProperty("rows").GetInt64(), metrics["churn_score_rows"]);
        Assert.Equal(metrics["churn_score_customers"], metrics["churn_score_rows"] + metrics["churn_score_not_at_risk"]);
        Assert.Equal(scoring.GetProperty("scores").GetProperty("p50").GetDouble(), metrics["churn_score_prediction_quantile{quantile=\"0.5\"}"]);
        Assert.Contains("churn_score_stage_seconds{stage=\"read tables\"}", metrics.Keys);
        Assert.InRange(metrics["churn_score_last_success_timestamp_seconds"], 1.7e9, 1e11);
    }

    [Fact]
    public void PushGateway_ThatDoesNotAnswer_IsAWarning()
    {
        CommandRun run = Churn.Run("score", "--table", project.Table, "--model", project.TableModel, "--out", _folder["out"], "--push-gateway", "http://127.0.0.1:9", "--metrics-file", _folder["."]).Expect(ExitCode.Done);
        Assert.Contains("warning: the metrics could not be pushed to 'http://127.0.0.1:9'", run.Error, StringComparison.Ordinal);
        Assert.Contains("warning: the metrics could not be written to", run.Error, StringComparison.Ordinal);
        Assert.Contains("warning: the metrics could not be pushed to 'nonsense'", Churn.Run("score", "--table", project.Table, "--model", project.TableModel, "--out", _folder["out"], "--push-gateway", "nonsense").Expect(ExitCode.Done).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void PushGateway_DebiansOwn_HoldsTheMetricsUnderTheSlice()
    {
        using LocalServer gateway = LocalServer.Pushgateway(_folder);

        JsonElement scoring = Churn.Result("score", "--table", project.Table, "--model", project.TableModel, "--out", _folder["out"], "--partition", "0/2", "--push-gateway", gateway.Address).GetProperty("scoring");

        Assert.Equal(scoring.GetProperty("rows").GetInt64(), ReadMetrics(gateway.Get("/metrics"))["churn_score_rows{instance=\"\",job=\"churn_score\",slice=\"0/2\"}"]);
    }

    [Fact]
    public async Task OtlpCollector_GetsSpansOfEveryStageAndTheMetrics()
    {
        using var collector = new OtlpCollector();
        string[] stages = ["hash inputs", "read tables", "score"];
        Task<IReadOnlyDictionary<string, string>> received = collector.Receive(bodies =>
            stages.All(stage => bodies.GetValueOrDefault("/v1/traces", "").Contains(stage, StringComparison.Ordinal)) && bodies.GetValueOrDefault("/v1/metrics", "").Contains("churn_score_rows", StringComparison.Ordinal));
        using (ChurnProcess process = ChurnProcess.Start(_folder["."], collector.Variables, "score", "--table", project.Table, "--model", project.TableModel, "--out", _folder["out"]))
            process.WaitForEnd().Expect(ExitCode.Done);

        IReadOnlyDictionary<string, string> bodies = await received.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(["/v1/metrics", "/v1/traces"], bodies.Keys.Order());
    }

    private static string[] Rows(string directory) =>
        [.. ScoreParts.Read(directory, "probability", "margin", "plan").OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => $"{row.Key}: {string.Join(", ", row.Value)}")];

    private static Dictionary<string, double> ReadMetrics(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
        .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
}
