using System.Text.RegularExpressions;
using ChurnEngine.Columns;
using ChurnEngine.Monitoring;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests;

/// <summary>Section <c>alerts</c> of churn.yaml.</summary>
public sealed partial class AlertSettingsTests
{
    private static readonly int s_line = SmallData.Yaml.Count(c => c == '\n') + 1;

    [Fact]
    public void Read_RulesChannelsAndDefaults()
    {
        AlertSettings settings = Read("""
            alerts:
              cooldown: 12h
              rules:
                - { name: plays, on: feature_drift, subject: "plays_*", severity: critical, for: 3, cooldown: 30m, next: call Ann }
              channels:
                - { to: stdout, min_severity: warning }
                - { to: slack, url: "https://hooks.example.com/services/x" }
                - { to: alertmanager, name: am, url_env: ALERTMANAGER, expires: 2d }
            """);
        Assert.Equal(new AlertRule("plays") { Kind = "feature_drift", Subject = "plays_*", Severity = AlertSeverity.Critical, Windows = 3, Cooldown = TimeSpan.FromMinutes(30), Next = "call Ann" }, settings.Rules[0]);
        Assert.Equal(AlertRule.Defaults.Select(rule => rule with { Cooldown = TimeSpan.FromHours(12) }), settings.Rules.Skip(1));
        Assert.Equal([("stdout", AlertSeverity.Warning), ("slack", AlertSeverity.Info), ("am", AlertSeverity.Info)], settings.Channels.Select(channel => (channel.Name, channel.Least)));
        Assert.Equal(("ALERTMANAGER", TimeSpan.FromDays(2)), (settings.Channels[2].UrlVariable, settings.Channels[2].Expires));
        Assert.Equal("project", settings.Instance);
        Assert.DoesNotContain("services", settings.Channels[1].ToString(), StringComparison.Ordinal);
        AlertSettings none = Read("");
        Assert.Equal(AlertRule.Defaults, none.Rules);
        Assert.Equal(ChannelKind.Stdout, Assert.Single(none.Channels).To);
    }

    [Fact]
    public void Read_TheExampleOfTheReadme()
    {
        string[] lines = [.. File.ReadLines(Path.Combine(Repository.Root, "engine/README.md")).SkipWhile(line => !line.StartsWith("    monitor: ", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal))];
        AlertSettings settings = Read(string.Join('\n', lines.Select(line => line[4..])));
        Assert.Equal([("plays", AlertSeverity.Critical), ("churn_feature_drift", AlertSeverity.None), ("churn_performance", AlertSeverity.Critical), ("churn_drift", AlertSeverity.Warning)], settings.Rules.Select(rule => (rule.Name, rule.Severity)));
        Assert.Equal([ChannelKind.Stdout, ChannelKind.Slack, ChannelKind.Alertmanager], settings.Channels.Select(channel => channel.To));
    }

    [Theory]
    [InlineData("alerts: { chanels: [] }", "did you mean 'channels'")]
    [InlineData("alerts: { rules: [ { onn: performance } ] }", "did you mean 'on'")]
    [InlineData("alerts: { rules: [ { on: preformance } ] }", "CE1175 /project/churn.yaml:LINE")]
    [InlineData("alerts: { rules: [ { on: preformance } ] }", "did you mean 'performance'")]
    [InlineData("alerts: { rules: [ { on: performance }, { on: performance } ] }", "CE1175")]
    [InlineData("alerts: { rules: [ { severity: high } ] }", "CE1102")]
    [InlineData("alerts: { rules: [ { for: 0 } ] }", "CE1102")]
    [InlineData("alerts: { cooldown: soon }", "duration")]
    [InlineData("alerts: { channels: [ { to: slak, url: \"http://x\" } ] }", "CE1102")]
    [InlineData("alerts: { channels: [ { to: slack } ] }", "CE1174")]
    [InlineData("alerts: { channels: [ { to: slack, url: \"http://x/hunter2\", url_env: X } ] }", "CE1174")]
    [InlineData("alerts: { channels: [ { to: slack, url: \"hunter2hunter2\" } ] }", "CE1174 /project/churn.yaml:LINE")]
    [InlineData("alerts: { channels: [ { to: stdout, url: \"http://x/hunter2\" } ] }", "CE1174")]
    [InlineData("alerts: { channels: [ { to: slack, url: \"http://x/hunter2\" }, { to: slack, url_env: X } ] }", "CE1174")]
    public void Read_WhatMakesNoSense_IsRefused_AndNoAddressRepeated(string section, string error)
    {
        string said = Assert.Throws<ChurnConfigException>(() => Read(section)).Describe();
        Assert.Contains(error.Replace("LINE", $"{s_line}", StringComparison.Ordinal), said, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
    }

    // A kind that is not among AlarmKind.All can be named by no rule, and has no metric.
    [Fact]
    public void Alarms_AreOfKindsThatRulesCanName()
    {
        string[] kinds = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "engine/Pipeline"), "*.cs", SearchOption.AllDirectories).SelectMany(file => MadeAlarm().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))];
        Assert.NotEmpty(kinds);
        string[] named = [.. typeof(AlarmKind).GetFields().Where(field => field.IsLiteral).Select(field => $"AlarmKind.{field.Name}")];
        Assert.Empty(kinds.Except(named));
        Assert.Equal(named.Length, AlarmKind.All.Count);
    }

    [GeneratedRegex(@"new MonitorAlarm\(([^,]+),")]
    private static partial Regex MadeAlarm();

    private static AlertSettings Read(string section) => ProjectConfig.Parse(SmallData.Yaml + section + "\n", "/project/churn.yaml").Alerts;
}
