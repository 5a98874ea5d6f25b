using System.Text.Json;

namespace ChurnEngine.Monitoring.Tests;

/// <summary>Bodies for Slack-shaped webhooks and for Alertmanager.</summary>
public sealed class AlertMessageTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);
    private static readonly AlertOrigin s_origin = new("churn", "shop");

    [Fact]
    public void Slack_OneMessage_TheWorstFirst_WithWhatToDoNext()
    {
        JsonElement message = Parse(SlackMessage.Write(s_origin, [AlertOf("roc_auc", AlertSeverity.Critical), AlertOf("a<b> & c", AlertSeverity.Info) with { Status = AlertStatus.Resolved }]));
        Assert.Equal("churn (shop): 1 alert, 1 resolved", message.GetProperty("text").GetString());
        string[] texts = [.. message.GetProperty("blocks").EnumerateArray().Select(block => block.GetProperty("text").GetProperty("text").GetString()!)];
        Assert.Equal(3, texts.Length);
        Assert.Equal("*critical* feature_drift roc_auc, m-1, as of 2026-03-01: PSI 0.3\n_next:_ look", texts[1]);
        Assert.StartsWith("*resolved* feature_drift a&lt;b&gt; &amp; c", texts[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Slack_ManyAndLongOnes_StayWithinItsLimits()
    {
        Alert[] alerts = [.. Enumerable.Range(0, 200).Select(at => AlertOf($"f{at}", AlertSeverity.Warning) with { Why = new string('x', 5_000) })];
        JsonElement[] blocks = [.. Parse(SlackMessage.Write(s_origin with { Model = new string('m', 300) }, alerts)).GetProperty("blocks").EnumerateArray()];
        Assert.True(blocks.Length <= 50);
        Assert.All(blocks, block => Assert.True(block.GetProperty("text").GetProperty("text").GetString()!.Length <= (block.GetProperty("type").GetString() == "header" ? 150 : 3_000)));
        Assert.Contains("160 more", blocks[^1].GetProperty("text").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Alertmanager_HasLabelsAnnotationsAndEnds()
    {
        JsonElement[] alerts = [.. Parse(AlertmanagerMessage.Write(s_origin, [AlertOf("plays", AlertSeverity.Warning), AlertOf("price", AlertSeverity.Critical) with { Status = AlertStatus.Resolved }], s_now.AddHours(5), TimeSpan.FromDays(8))).EnumerateArray()];
        Assert.Equal("""{"alertname":"churn_drift","severity":"warning","kind":"feature_drift","subject":"plays","model":"churn","version":"m-1","instance":"shop"}""", alerts[0].GetProperty("labels").ToString());
        Assert.Equal("""{"summary":"PSI 0.3","next":"look"}""", alerts[0].GetProperty("annotations").ToString());
        Assert.Equal(["2026-03-01T02:00:00.000Z", "2026-03-09T07:00:00.000Z"], new[] { "startsAt", "endsAt" }.Select(key => alerts[0].GetProperty(key).GetString()));
        Assert.Equal("2026-03-01T07:00:00.000Z", alerts[1].GetProperty("endsAt").GetString());
    }

    private static Alert AlertOf(string subject, AlertSeverity severity) => new("m-1", "feature_drift", subject) { Rule = "churn_drift", Severity = severity, Status = AlertStatus.Firing, Why = "PSI 0.3", Next = "look", Windows = 1, AsOf = "2026-03-01", Since = s_now };

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
