using System.Diagnostics;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Monitoring;
using ChurnEngine.Telemetry;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests;

/// <summary>Alerts on their way: retries, failures, what the next run does, and that no address leaks.</summary>
public sealed class AlertStepTests : IDisposable
{
    private const string Secret = "/services/T0SECRET/B0SECRET/xyzzysecret";
    // Generous, for a machine that does other things too.
    private static readonly DeliveryPatience s_short = new() { FirstPause = TimeSpan.FromMilliseconds(20), Call = TimeSpan.FromSeconds(30), Total = TimeSpan.FromSeconds(100) };
    private readonly TemporaryDirectory _folder = new();
    private readonly TestClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_AWebhookThatFailsTwice_GetsItAtTheThirdAttempt()
    {
        using var hook = new Webhook(request => request < 3 ? 500 : 200);
        (AlertReport report, StepContext context) = Run(Slack(hook), 1, "price");
        Assert.Equal((true, 3, null), (report.Channels[0].Delivered, report.Channels[0].Attempts, report.Channels[0].Fault));
        Assert.Empty(context.Warnings);
        Assert.Equal(3, hook.Requests.Distinct().Count() == 1 ? hook.Requests.Count : -1);
        Assert.StartsWith($"POST {Secret} {{\"text\":\"shop (here): 1 alert\"", hook.Requests[0], StringComparison.Ordinal);
        // Within the cool-down nothing is sent, after it again, and once that it is over.
        _clock.Now += TimeSpan.FromHours(1);
        Run(Slack(hook), 2, "price");
        Assert.Equal(3, hook.Requests.Count);
        _clock.Now += TimeSpan.FromHours(23);
        Run(Slack(hook), 3, "price");
        Run(Slack(hook), 4);
        Run(Slack(hook), 5);
        Assert.Equal(5, hook.Requests.Count);
        Assert.Contains("1 alert resolved", hook.Requests[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AWebhookThatNeverAnswers_IsAWarning_AndHearsLater()
    {
        bool answers = false;
        using var hook = new Webhook(_ => answers ? 200 : null);
        long began = Stopwatch.GetTimestamp();
        StepContext context = Context();
        AlertReport report = AlertStep.Run(Report(1, "price", "plays"), Request(Slack(hook)) with { Patience = s_short with { Call = TimeSpan.FromSeconds(0.4), Total = TimeSpan.FromSeconds(3) } }, context);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0.4, 120);
        Assert.Equal((false, 2), (report.Channels[0].Delivered, report.Undelivered));
        Assert.Contains("no answer in 0.4 seconds", report.Channels[0].Fault, StringComparison.Ordinal);
        Assert.StartsWith("CE8204 2 alerts did not reach channel 'slack'", Assert.Single(context.Warnings), StringComparison.Ordinal);
        answers = true;
        int before = hook.Requests.Count;
        (report, context) = Run(Slack(hook), 2, "price", "plays");
        Assert.True(report.Channels[0].Delivered);
        Assert.Empty(context.Warnings);
        Assert.Contains("2 alerts", Assert.Single(hook.Requests.Skip(before)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, 1)]
    [InlineData(302, 1)]
    [InlineData(429, 4)]
    [InlineData(503, 4)]
    public void Run_ARefusal_IsTriedAgainWhereThatMayHelp(int status, int attempts)
    {
        using var hook = new Webhook(_ => status);
        (AlertReport report, StepContext context) = Run(Slack(hook), 1, "price");
        Assert.Equal((false, attempts), (report.Channels[0].Delivered, report.Channels[0].Attempts));
        Assert.Contains($"it answered {status}", report.Channels[0].Fault, StringComparison.Ordinal);
        Assert.Equal(attempts, hook.Requests.Count);
        // The server repeats the path in its excuse; we do not.
        Leaks(context.Warnings[0], JsonSerializer.Serialize(report), File.ReadAllText(_folder["alerts.json"]));
    }

    [Fact]
    public void Run_OneThatIsDeadBesideOneThatLives_CostsItNothing()
    {
        using var hook = new Webhook();
        AlertChannel dead = Channel("dead", ChannelKind.Slack, $"http://127.0.0.1:{LocalServer.FreePort()}{Secret}");
        (AlertReport report, StepContext context) = Run([dead, .. Slack(hook)], 1, "price");
        Assert.Equal([false, true], report.Channels.Select(channel => channel.Delivered));
        Assert.Single(hook.Requests);
        Leaks(context.Warnings[0], JsonSerializer.Serialize(report));
        // The one that got it does not get it again.
        Run([dead, .. Slack(hook)], 2, "price");
        Assert.Single(hook.Requests);
    }

    [Theory]
    [InlineData(null, "is not set")]
    [InlineData("not an address: hunter2hunter2", "holds no http or https address")]
    public void Run_AVariableWithoutAnAddress_IsAWarning_ThatDoesNotRepeatIt(string? value, string fault)
    {
        string variable = $"CHURN_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, value);
        (AlertReport report, StepContext context) = Run([new AlertChannel("slack", ChannelKind.Slack, AlertSeverity.Info) { UrlVariable = variable }], 1, "price");
        Assert.Contains($"{variable} {fault}", report.Channels[0].Fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", context.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Interrupted_EndsAtOnce_AndTheNextRunTells()
    {
        using var hook = new Webhook(request => request == 1 ? null : 200);
        using var stop = new CancellationTokenSource(200);
        DeliveryPatience patience = DeliveryPatience.Default with { Call = TimeSpan.FromMinutes(2), Total = TimeSpan.FromMinutes(2) };
        long began = Stopwatch.GetTimestamp();
        Exception thrown = Assert.ThrowsAny<Exception>(() => AlertStep.Run(Report(1, "price"), Request(Slack(hook)) with { Patience = patience }, Context(stop.Token)));
        Assert.True(thrown is OperationCanceledException or AggregateException { InnerException: OperationCanceledException }, thrown.ToString());
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, patience.Total.TotalSeconds / 2);
        (AlertReport report, _) = Run(Slack(hook), 2, "price");
        Assert.True(report.Channels[0].Delivered);
    }

    [Fact]
    public void Run_Dry_SendsAndWritesNothing()
    {
        using var hook = new Webhook();
        AlertReport report = AlertStep.Run(Report(1, "price"), Request(Slack(hook)) with { DryRun = true }, Context());
        Assert.Equal((1, false, null), (report.Channels[0].Alerts, report.Channels[0].Delivered, report.Channels[0].Fault));
        Assert.Empty(hook.Requests);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Run_WithoutOutcomes_SaysNothingOfPerformance()
    {
        using var hook = new Webhook();
        MonitorReport measured = Report(1) with { Measured = new MeasuredPerformance("", new Dictionary<string, double>(), null, []), Alarms = [new("performance", "roc_auc", "below", "train")] };
        AlertReport first = AlertStep.Run(measured, Request(Slack(hook)), Context()), second = AlertStep.Run(Report(2), Request(Slack(hook)), Context());
        Assert.Equal(["firing", "firing"], new[] { first, second }.Select(report => Assert.Single(report.Alerts).Status));
        Assert.Equal("resolved", Assert.Single(AlertStep.Run(measured with { AsOf = "2026-03-03", Alarms = [] }, Request(Slack(hook)), Context()).Alerts).Status);
    }

    [Fact]
    public void Run_WithoutAFolder_WarnsThatNothingIsRemembered()
    {
        using var hook = new Webhook();
        StepContext context = Context();
        AlertStep.Run(Report(1, "price"), Request(Slack(hook)) with { Folder = null }, context);
        Assert.Contains("no folder remembers", Assert.Single(context.Warnings), StringComparison.Ordinal);
        Assert.Single(hook.Requests);
    }

    [Fact]
    public void Hide_LeavesNothingOfTheAddress()
    {
        SecretAddress address = SecretAddress.TryParse($"https://user:passphrase@hooks.example.com{Secret}?token=tokentoken")!;
        Assert.Equal("https://hooks.example.com/***", address.ToString());
        Leaks(address.Hide($"{address.Uri} {address.Uri.PathAndQuery} xyzzysecret user:passphrase ?token=tokentoken"), JsonSerializer.Serialize(address));
        Assert.Null(SecretAddress.TryParse("ftp://x/y"));
    }

    private static void Leaks(params string[] texts) => Assert.All(texts, text => Assert.All(["T0SECRET", "xyzzysecret", "passphrase", "tokentoken"], secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase)));

    private static AlertChannel[] Slack(Webhook hook) => [Channel("slack", ChannelKind.Slack, hook.Address + Secret)];

    private static AlertChannel Channel(string name, ChannelKind to, string url) => new(name, to, AlertSeverity.Info) { Url = SecretAddress.TryParse(url), Expires = TimeSpan.FromDays(1) };

    private (AlertReport Report, StepContext Context) Run(AlertChannel[] channels, int day, params string[] features)
    {
        StepContext context = Context();
        return (AlertStep.Run(Report(day, features), Request(channels), context), context);
    }

    private AlertRequest Request(AlertChannel[] channels) => new()
    {
        Settings = new AlertSettings(AlertRule.Defaults, channels, "here"),
        Folder = _folder.Path,
        Clock = _clock,
        Patience = s_short,
    };

    private static StepContext Context(CancellationToken cancellation = default) => new(new JobBudget { Threads = 1 }, null, cancellation);

    private static MonitorReport Report(int day, params string[] features) => new("m-1", $"2026-03-{day:00}", 1_000, [], new ScoreRow(new MonitorFigure(0.1, 0.1, 0.1), null, null, null, "stable", ""), null, null,
        [.. features.Select(feature => new MonitorAlarm(AlarmKind.FeatureDrift, feature, "PSI 0.3", "look"))])
    { Model = "shop" };

    private sealed class TestClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
