using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>Metrics, rules and dashboard: what the files name is what we export, and Debian's Prometheus reads it.</summary>
public sealed partial class PrometheusTests(SmallProject small) : IDisposable
{
    private const string Watched = "monitor: { out: watch, floors: { roc_auc: 0.999 } }";
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Metrics_AreThoseOfTheReport_AndSaidOnce()
    {
        CommandRun run = Monitor(small.ConfigWith(_folder, Watched), "--metrics-file", _folder["churn.prom"], "--json");
        JsonElement report = run.Result.GetProperty("monitor");
        string text = File.ReadAllText(_folder["churn.prom"]);
        Assert.Contains("churn_monitor_alarms{kind=\"performance\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("churn_monitor_alarms{kind=\"score_drift\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("churn_monitor_alerts{severity=\"critical\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains($"churn_monitor_customers {report.GetProperty("customers").GetInt64()}\n", text, StringComparison.Ordinal);
        JsonElement age = report.GetProperty("features").EnumerateArray().First(feature => feature.GetProperty("feature").GetString() == "age");
        Assert.Contains($"churn_monitor_feature_psi{{feature=\"age\"}} {age.GetProperty("psi").GetDouble():R}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        string[] lines = [.. text.Split('\n').Where(line => line.StartsWith("churn_", StringComparison.Ordinal)).Select(line => line[..line.LastIndexOf(' ')])];
        Assert.Distinct(lines);
    }

    [Fact]
    public void Metrics_OfTheProject_GoBesideThoseOfScoring()
    {
        Monitor(small.ConfigWith(_folder, $"{Watched}\nmetrics: {{ file: churn.prom }}"));
        Assert.True(File.Exists(_folder["churn-monitor.prom"]));
        Assert.False(File.Exists(_folder["churn.prom"]));
    }

    [Fact]
    public void Pushgateway_DebiansOwn_HoldsTheMetrics()
    {
        using LocalServer gateway = LocalServer.Pushgateway(_folder);
        Monitor(small.ConfigWith(_folder, Watched), "--push-gateway", gateway.Address);
        Assert.Contains("churn_monitor_alarms{instance=\"\",job=\"churn_monitor\",kind=\"performance\"} 1", gateway.Get("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_NameNoMetricThatWeDoNotExport()
    {
        string config = small.ConfigWith(_folder, Watched);
        Monitor(config, "--metrics-file", _folder["monitor.prom"]);
        Churn.Run("score", "--model", small.Model, "--config", config, "--out", _folder["scores"], "--metrics-file", _folder["score.prom"]).Expect(ExitCode.Done);
        using ChurnProcess service = Serve(config, out string address);
        string exported = File.ReadAllText(_folder["monitor.prom"]) + File.ReadAllText(_folder["score.prom"]) + MetricsAfterAPrediction(address);
        HashSet<string> known = [.. Exported().Matches(exported).Select(match => match.Groups[1].Value)];

        Churn.Run("monitor", "--write-rules", _folder["files"]).Expect(ExitCode.Done);
        foreach (string file in (string[])["churn-alerts.yml", "grafana-dashboard.json"])
        {
            string[] named = [.. Named().Matches(File.ReadAllText(Path.Combine(_folder["files"], file))).Select(match => match.Value).Distinct()];
            Assert.True(named.Length > 8, $"{file} names {named.Length}");
            Assert.Empty(named.Except(known));
            Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "engine/Monitoring/Prometheus", file)), File.ReadAllText(Path.Combine(_folder["files"], file)));
        }
    }

    [Fact]
    public void Rules_AreFoundGoodByPromtool_AndFireWhenTheyShould()
    {
        Churn.Run("monitor", "--write-rules", _folder.Path).Expect(ExitCode.Done);
        Assert.Contains("11 rules found", LocalServer.RunOrSkip("promtool", "prometheus", "check", "rules", _folder["churn-alerts.yml"]), StringComparison.Ordinal);
        string test = _folder.Write("churn-alerts.test.yml", File.ReadAllText(Path.Combine(Repository.Root, "tests/engine/Cli/Alerts/churn-alerts.test.yml")));
        Assert.Contains("SUCCESS", LocalServer.RunOrSkip("promtool", "prometheus", "test", "rules", test), StringComparison.Ordinal);
    }

    [Fact]
    public void Dashboard_EveryExpression_IsFoundGoodByPrometheus()
    {
        Churn.Run("monitor", "--write-rules", _folder.Path).Expect(ExitCode.Done);
        using LocalServer prometheus = LocalServer.Prometheus(_folder, "127.0.0.1:9", _folder["churn-alerts.yml"]);
        JsonElement dashboard = JsonDocument.Parse(File.ReadAllText(_folder["grafana-dashboard.json"])).RootElement;
        string[] expressions = [.. dashboard.GetProperty("panels").EnumerateArray().Where(panel => panel.TryGetProperty("targets", out _)).SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!)];
        Assert.True(expressions.Length > 20);
        Assert.All(expressions, expression => Assert.Contains("\"status\":\"success\"", prometheus.Get($"/api/v1/query?query={Uri.EscapeDataString(expression)}"), StringComparison.Ordinal));
        Assert.Distinct(dashboard.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("id").GetInt32()));
    }

    [Fact]
    public void Prometheus_DebiansOwn_ScrapesTheService_AndRaisesWhatMonitoringFound()
    {
        string config = small.ConfigWith(_folder, Watched);
        Churn.Run("monitor", "--write-rules", _folder["rules"]).Expect(ExitCode.Done);
        using ChurnProcess service = Serve(config, out string address);
        using LocalServer prometheus = LocalServer.Prometheus(_folder, address["http://".Length..], Path.Combine(_folder["rules"], "churn-alerts.yml"));
        prometheus.Await("/api/v1/query?query=churn_serve_model_info", answer => answer.Contains("\"arm\":\"production\"", StringComparison.Ordinal));
        Assert.DoesNotContain("churn_monitor", prometheus.Get("/api/v1/label/__name__/values"), StringComparison.Ordinal);
        // A run of monitoring while the service is up is seen by the next scrape.
        Monitor(config);
        string alerts = prometheus.Await("/api/v1/alerts", answer => answer.Contains("ChurnPerformanceLost", StringComparison.Ordinal));
        Assert.Contains("\"state\":\"firing\"", alerts, StringComparison.Ordinal);
        Assert.DoesNotContain("ChurnFeatureDrift", alerts, StringComparison.Ordinal);
    }

    private ChurnProcess Serve(string config, out string address)
    {
        address = $"http://127.0.0.1:{LocalServer.FreePort()}";
        var service = ChurnProcess.Start(_folder.Path, ("", ""), "serve", "--model", small.Model, "--config", config, "--open", "--listen", address["http://".Length..], "--log", _folder["predictions"], "--quiet");
        service.WaitForProgress("listening on ");
        return service;
    }

    // What counts predictions has no series before the first.
    private static string MetricsAfterAPrediction(string address)
    {
        using var client = new HttpClient();
        JsonElement info = JsonDocument.Parse(client.GetStringAsync($"{address}/model-info").Result).RootElement;
        string customer = JsonSerializer.Serialize(new { user_id = "x", features = info.GetProperty("features").EnumerateArray().ToDictionary(feature => feature.GetProperty("name").GetString()!, _ => (object?)null) });
        Assert.True(client.PostAsync($"{address}/predict", new StringContent(customer, Encoding.UTF8, "application/json")).Result.IsSuccessStatusCode);
        return client.GetStringAsync($"{address}/metrics").Result;
    }

    private CommandRun Monitor(string config, params string[] options) =>
        Churn.Run(["monitor", "--model", small.Model, "--config", config, "--labels", .. options]).Expect(ExitCode.GateSaidNo);

    [GeneratedRegex(@"^(churn_\w+)[{ ]", RegexOptions.Multiline)]
    private static partial Regex Exported();

    [GeneratedRegex(@"\bchurn_\w+")]
    private static partial Regex Named();
}
