using ChurnEngine.Monitoring;
using ChurnEngine.Telemetry;

namespace ChurnEngine.Pipeline;

/// <summary>What a channel speaks.</summary>
public enum ChannelKind
{
    /// <summary>Lines on standard output.</summary>
    Stdout,
    /// <summary>A Slack-shaped webhook.</summary>
    Slack,
    /// <summary>Alertmanager's API.</summary>
    Alertmanager,
}

/// <summary>Who is told.</summary>
/// <param name="Name">As reports and the file of alerts call it.</param>
/// <param name="To">What it speaks.</param>
/// <param name="Least">Alerts below this severity are not for it.</param>
public sealed record AlertChannel(string Name, ChannelKind To, AlertSeverity Least)
{
    /// <summary>Where; null: the environment says, or it needs none.</summary>
    public SecretAddress? Url { get; init; }

    /// <summary>Variable of the environment that holds the address; null: <see cref="Url"/> does.</summary>
    public string? UrlVariable { get; init; }

    /// <summary>Alertmanager: how long an alert holds there when nothing more is heard of it.</summary>
    public TimeSpan Expires { get; init; }
}

/// <summary>Which alarms become alerts, and who is told: section <c>alerts</c>.</summary>
/// <param name="Rules">The first that matches decides; those of <see cref="AlertRule.Defaults"/> stand last.</param>
/// <param name="Channels">Who is told.</param>
/// <param name="Instance">Which of several installations this is, as messages say it.</param>
public sealed record AlertSettings(IReadOnlyList<AlertRule> Rules, IReadOnlyList<AlertChannel> Channels, string Instance)
{
    // An alert lives on at Alertmanager until the next run of a weekly job, and a day more.
    private static readonly TimeSpan s_expires = TimeSpan.FromDays(8);

    /// <summary>Used when there is no section: performance is critical, all else a warning, and standard output alone is told.</summary>
    public static AlertSettings Default { get; } = new(AlertRule.Defaults, [new AlertChannel("stdout", ChannelKind.Stdout, AlertSeverity.Info)], "churn");

    internal static AlertSettings Read(ConfigSection section, string instance)
    {
        TimeSpan cooldown = section.Span("cooldown", AlertRule.Defaults[0].Cooldown);
        List<AlertRule> rules = [];
        foreach (ConfigSection item in section.Items("rules"))
            rules.Add(ReadRule(item, cooldown, rules));
        rules.AddRange(AlertRule.Defaults.Select(rule => rule with { Cooldown = cooldown }));
        List<AlertChannel> channels = [];
        foreach (ConfigSection item in section.Items("channels"))
            channels.Add(ReadChannel(item, channels));
        var settings = new AlertSettings(rules, channels.Count == 0 ? Default.Channels : channels, section.Text("instance", instance));
        section.Close();
        return settings;
    }

    private static AlertRule ReadRule(ConfigSection item, TimeSpan cooldown, List<AlertRule> before)
    {
        string kind = item.Text("on", AlertRule.Any);
        if (kind != AlertRule.Any && !AlarmKind.All.Contains(kind))
            throw PipelineErrors.UnknownAlarmKind(item.At("on"), kind);
        var rule = new AlertRule(item.Text("name", $"churn_{(kind == AlertRule.Any ? "alarm" : kind)}"))
        {
            Kind = kind,
            Subject = item.Text("subject", AlertRule.Any),
            Severity = SeverityOf(item, "severity", AlertSeverity.Warning),
            Windows = item.AtLeast("for", 1, 1),
            Cooldown = item.Span("cooldown", cooldown),
            Next = item.OptionalText("next"),
        };
        if (rule.Name.Length == 0 || before.Exists(other => other.Name == rule.Name))
            throw PipelineErrors.RuleTwice(item.Place, rule.Name);
        item.Close();
        return rule;
    }

    private static AlertChannel ReadChannel(ConfigSection item, List<AlertChannel> before)
    {
        ChannelKind to = Enum.Parse<ChannelKind>(item.OneOf("to", "stdout", "slack", "alertmanager"), ignoreCase: true);
        string? url = item.OptionalText("url"), variable = item.OptionalText("url_env");
        var channel = new AlertChannel(item.Text("name", to.ToString().ToLowerInvariant()), to, SeverityOf(item, "min_severity", AlertSeverity.Info))
        {
            // What is written may be a secret, so no error repeats it.
            Url = url is null ? null : SecretAddress.TryParse(url) ?? throw PipelineErrors.BadChannel(item.At("url"), "an http or https address"),
            UrlVariable = variable,
            Expires = item.Span("expires", s_expires),
        };
        if (to != ChannelKind.Stdout && (url is null) == (variable is null))
            throw PipelineErrors.BadChannel(item.Place, "`url`, or `url_env` with the name of a variable of the environment that holds it, and one of the two");
        if (to == ChannelKind.Stdout && (url ?? variable) is not null)
            throw PipelineErrors.BadChannel(item.Place, "no address: stdout is this process's own");
        if (channel.Name.Length == 0 || before.Exists(other => other.Name == channel.Name))
            throw PipelineErrors.BadChannel(item.Place, $"a `name` of its own, and '{channel.Name}' is that of another");
        item.Close();
        return channel;
    }

    private static AlertSeverity SeverityOf(ConfigSection item, string key, AlertSeverity fallback) => item.OptionalText(key) is not { } word ? fallback
        : AlertSeverities.Words.Contains(word) ? Enum.Parse<AlertSeverity>(word, ignoreCase: true) : throw item.Unusable(key, string.Join(" or ", AlertSeverities.Words));
}
