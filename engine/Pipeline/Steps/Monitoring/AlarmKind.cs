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

    /// <summary>A categorical feature has values that training did not know.</summary>
    public const string NewCategory = "new_category";

    /// <summary>The calibrated probabilities are no longer right: what makes customers leave has changed.</summary>
    public const string ConceptDrift = "concept_drift";

    /// <summary>The model is worse for some customers.</summary>
    public const string SegmentPerformance = "segment_performance";

    /// <summary>All of them. A new kind belongs here, or no rule can name it.</summary>
    public static IReadOnlyList<string> All { get; } = [FeatureDrift, NewCategory, ScoreDrift, Performance, ConceptDrift, SegmentPerformance];

    /// <summary>What an alarm of a segment is about.</summary>
    internal static string SegmentSubject(SegmentColumn column, SegmentFigures segment, string metric) => $"{column.Column}={segment.Segment}, {metric}";

    /// <summary>Whether a run looked at a kind and a subject: performance without outcomes, and what has too few rows, say nothing about an alert that stands.</summary>
    internal static bool IsJudged(MonitorReport report, string kind, string subject) => kind switch
    {
        Performance => report.Measured is not null,
        ConceptDrift => report.Measured is { Recalibration: not null },
        SegmentPerformance => report.Measured is { } measured && measured.Segments.Any(column => column.Segments.Any(segment => segment.IsJudged && subject.StartsWith(SegmentSubject(column, segment, ""), StringComparison.Ordinal))),
        ScoreDrift => report.Scores.Verdict != MonitorStep.NotJudged,
        FeatureDrift => FeatureOf(report, subject)?.Verdict != MonitorStep.NotJudged,
        // Where the texts are not known, as in rows that were coded elsewhere, nothing is known of new ones.
        NewCategory => FeatureOf(report, subject) is null or { NewLevels: not null, Verdict: not MonitorStep.NotJudged },
        _ => true,
    };

    private static DriftRow? FeatureOf(MonitorReport report, string subject) => report.Features.FirstOrDefault(feature => feature.Feature == subject);
}
