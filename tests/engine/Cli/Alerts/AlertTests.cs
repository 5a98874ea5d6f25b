using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>Alerts as the command tells them: to a webhook, to a real Alertmanager, and to nobody.</summary>
public sealed class AlertTests(SmallProject small) : IDisposable
{
    // A floor that no model reaches: an alarm without a world of its own.
    private const string Broken = "monitor: { out: watch, floors: { roc_auc: 0.999 } }\n";
    private const string Secret = "T0SECRETT0SECRET";
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Monitor_ABrokenFloor_IsTold_AndNoAddressLeaks()
    {
        using var hook = new Webhook(request => request == 2 ? 403 : 200);
        string config = small.ConfigWith(_folder, $"{Broken}alerts: {{ rules: [ {{ name: floor, on: performance, severity: critical, cooldown: 0, next: call Ann }} ], channels: [ {{ to: stdout }}, {{ to: slack, url: \"{hook.Address}/services/{Secret}\" }} ] }}");
        CommandRun first = Monitor(config, "--labels").Expect(ExitCode.GateSaidNo);
        Assert.Contains("alert, critical, firing since ", first.Output, StringComparison.Ordinal);
        Assert.Contains("performance roc_auc; next: call Ann", first.Output, StringComparison.Ordinal);
        Assert.Contains($"alerts: 1 to slack ({hook.Address}/***), delivered", first.Output, StringComparison.Ordinal);
        Assert.Contains("*critical* performance roc_auc", Assert.Single(hook.Requests), StringComparison.Ordinal);

        // A failed delivery is a warning, and the exit code is that of the alarm.
        CommandRun second = Monitor(config, "--labels", "--json").Expect(ExitCode.GateSaidNo);
        Assert.Contains("warning: CE8204 1 alert did not reach channel 'slack'", second.Error, StringComparison.Ordinal);
        JsonElement alerts = second.Result.GetProperty("alerts");
        Assert.Equal(("floor", "firing", 1), (alerts.GetProperty("alerts")[0].GetProperty("rule").GetString(), alerts.GetProperty("alerts")[0].GetProperty("status").GetString(), alerts.GetProperty("undelivered").GetInt32()));
        string[] written = [.. Directory.GetFiles(_folder["watch"], "*", SearchOption.AllDirectories).Select(File.ReadAllText)];
        Assert.Contains(written, text => text.Contains("\"waiting\"", StringComparison.Ordinal));
        Assert.All([first.Output, first.Error, second.Output, second.Error, .. written], text => Assert.DoesNotContain(Secret, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Monitor_DryOrWithoutAlerts_SendsNothing()
    {
        using var hook = new Webhook();
        string config = small.ConfigWith(_folder, $"{Broken}alerts: {{ channels: [ {{ to: stdout }}, {{ to: slack, url: \"{hook.Address}/x\" }} ] }}");
        CommandRun dry = Monitor(config, "--labels", "--dry-run", "--metrics-file", _folder["churn.prom"]).Expect(ExitCode.GateSaidNo);
        Assert.Contains("not sent: a dry run", dry.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["watch"]));
        Assert.False(File.Exists(_folder["churn.prom"]));
        Assert.DoesNotContain("alert,", Monitor(config, "--labels", "--no-alerts").Expect(ExitCode.GateSaidNo).Output, StringComparison.Ordinal);
        Assert.Empty(hook.Requests);
    }

    [Fact]
    public void Monitor_WithoutASection_TellsStandardOutput()
    {
        CommandRun run = Monitor(small.ConfigWith(_folder, Broken), "--labels").Expect(ExitCode.GateSaidNo);
        Assert.Contains("alert, critical, firing since ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TestAlerts_SaysWhichChannelGotIt()
    {
        using var hook = new Webhook();
        string config = small.ConfigWith(_folder, $"alerts: {{ channels: [ {{ to: stdout }}, {{ to: slack, url: \"{hook.Address}/{Secret}\" }}, {{ to: slack, name: gone, url_env: CHURN_TEST_NO_SUCH_VARIABLE }} ] }}");
        CommandRun run = Churn.Run("monitor", "--config", config, "--test-alerts").Expect(ExitCode.GateSaidNo);
        Assert.Contains("1 to slack", run.Output, StringComparison.Ordinal);
        Assert.Contains(", delivered", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 to gone, not delivered: the variable CHURN_TEST_NO_SUCH_VARIABLE is not set", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Output + run.Error, StringComparison.Ordinal);
        Assert.Single(hook.Requests);
        Churn.Run("monitor", "--config", config, "--test-alerts", "--dry-run").Expect(ExitCode.Done);
        Assert.Single(hook.Requests);
        Assert.Contains("CE1003", Churn.Run("monitor", "--config", config, "--test-alerts", "--no-alerts").Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Alertmanager_DebiansOwn_ListsOurAlert_AndItsEnd()
    {
        using LocalServer alertmanager = LocalServer.Alertmanager(_folder);
        string channels = $"alerts: {{ instance: shop, channels: [ {{ to: alertmanager, url: \"{alertmanager.Address}\" }} ] }}\n";
        Monitor(small.ConfigWith(_folder, Broken + channels), "--labels").Expect(ExitCode.GateSaidNo);
        JsonElement alert = Assert.Single(JsonDocument.Parse(alertmanager.Get("/api/v2/alerts")).RootElement.EnumerateArray());
        JsonElement labels = alert.GetProperty("labels");
        Assert.Equal(["churn_performance", "critical", "performance", "roc_auc", "shop"], new[] { "alertname", "severity", "kind", "subject", "instance" }.Select(name => labels.GetProperty(name).GetString()));
        Assert.Contains("below its floor 0.999", alert.GetProperty("annotations").GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Equal("active", alert.GetProperty("status").GetProperty("state").GetString());
        // Its limit holds again: it is over there, too.
        Monitor(small.ConfigWith(_folder, "monitor: { out: watch }\n" + channels), "--labels").Expect(ExitCode.Done);
        alertmanager.Await("/api/v2/alerts", text => text.Trim() == "[]");
    }

    private CommandRun Monitor(string config, params string[] options) => Churn.Run(["monitor", "--model", small.Model, "--config", config, .. options]);
}
