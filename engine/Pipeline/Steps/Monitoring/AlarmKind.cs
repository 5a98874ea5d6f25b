namespace ChurnEngine.Pipeline;

/// <summary>Kinds of <see cref="MonitorAlarm"/>: what a rule of <c>alerts</c> may name, and what metrics are counted by.</summary>
public static class AlarmKind
{
    /// <summary>A feature is distributed otherwise than at training.</summary>
    public const string FeatureDrift = "feature_drift";

    /// <summary>The scores are.</summary>
    public const string ScoreDrift = "score_drift";

    /// <summary>The model is worse than it was, or than a floor.</summary>
    public const string Performance = "performance";

    /// <summary>All of them. A new kind belongs here, or no rule can name it.</summary>
    public static IReadOnlyList<string> All { get; } = [FeatureDrift, ScoreDrift, Performance];

    /// <summary>Whether a run looked at a kind and a subject: performance without outcomes, and what has too few rows, say nothing about an alert that stands.</summary>
    internal static bool IsJudged(MonitorReport report, string kind, string subject) => kind switch
    {
        Performance => report.Measured is not null,
        ScoreDrift => report.Scores.Verdict != MonitorStep.NotJudged,
        FeatureDrift => report.Features.FirstOrDefault(feature => feature.Feature == subject)?.Verdict != MonitorStep.NotJudged,
        _ => true,
    };
}
