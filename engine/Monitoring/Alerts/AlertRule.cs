using System.IO.Enumeration;

namespace ChurnEngine.Monitoring;

/// <summary>How much an alert matters, least first.</summary>
public enum AlertSeverity
{
    /// <summary>Nobody is told.</summary>
    None,
    /// <summary>Good to know.</summary>
    Info,
    /// <summary>To be looked at in working hours.</summary>
    Warning,
    /// <summary>To be looked at now.</summary>
    Critical,
}

/// <summary>Severities as people and other systems write them.</summary>
public static class AlertSeverities
{
    /// <summary>All of them, least first.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetValues<AlertSeverity>().Select(severity => severity.Word())];

    /// <summary>In lower case.</summary>
    public static string Word(this AlertSeverity severity) => severity.ToString().ToLowerInvariant();
}

/// <summary>Which broken limits become an alert, and of which severity. Of several rules the first that matches decides.</summary>
/// <param name="Name">Name of the alert.</param>
public sealed record AlertRule(string Name)
{
    /// <summary>Matches any text.</summary>
    public const string Any = "*";

    /// <summary>Rules that stand behind those of a project, so that nothing is lost because a list of rules forgot it: performance is critical, all else a warning.</summary>
    public static IReadOnlyList<AlertRule> Defaults { get; } =
    [
        new("churn_performance") { Kind = "performance", Severity = AlertSeverity.Critical },
        new("churn_drift"),
    ];

    /// <summary>Kind of alarm; <c>*</c> for every kind.</summary>
    public string Kind { get; init; } = Any;

    /// <summary>Pattern of the feature or metric: <c>*</c> stands for any text, <c>?</c> for one character.</summary>
    public string Subject { get; init; } = Any;

    /// <summary>Severity; <see cref="AlertSeverity.None"/> silences what matches.</summary>
    public AlertSeverity Severity { get; init; } = AlertSeverity.Warning;

    /// <summary>Windows in a row, 1 and up, that must break the limit before it is an alert.</summary>
    public int Windows { get; init; } = 1;

    /// <summary>How long an alert that goes on is not told again. An hour less than a day, so that a job that runs at about the same time every night tells every night.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromHours(23);

    /// <summary>What to do next, in the place of what monitoring says; null: that.</summary>
    public string? Next { get; init; }

    /// <summary>The first rule that matches; null for none.</summary>
    public static AlertRule? Find(IReadOnlyList<AlertRule> rules, string kind, string subject)
    {
        ArgumentNullException.ThrowIfNull(rules);
        foreach (AlertRule rule in rules)
        {
            if ((rule.Kind == Any || rule.Kind == kind) && FileSystemName.MatchesSimpleExpression(rule.Subject, subject, ignoreCase: false))
                return rule;
        }
        return null;
    }
}
