using ChurnEngine.Audit;

namespace ChurnEngine.Pipeline;

/// <summary>How an audit for leakage goes about it.</summary>
public sealed record LeakageAuditRequest
{
    /// <summary>As-of dates that rows are cut at, spread over the project's snapshots, 1 and up; each costs two readings of the tables.</summary>
    public int Dates { get; init; } = 2;

    /// <summary>A single feature above this AUC alarms, 0.5..1.</summary>
    public double FeatureAuc { get; init; } = new AlarmRules().FeatureAuc;

    /// <summary>Days within which churn must follow an event that announces it, 1 and up.</summary>
    public int AnnounceDays { get; init; } = new AnnouncementRules().WithinDays;

    /// <summary>Share of a kind's events that churn must follow, 0.5..1.</summary>
    public double AnnounceShare { get; init; } = new AnnouncementRules().Share;
}

/// <summary>What an audit for leakage found.</summary>
/// <param name="Passed">True without an alarm.</param>
/// <param name="PlanHash">Hash of the plan.</param>
/// <param name="Snapshots">Snapshots by role: where every number comes from.</param>
/// <param name="Checks">The questions put, and the answers.</param>
public sealed record LeakageAuditReport(bool Passed, string PlanHash, IReadOnlyList<SnapshotUse> Snapshots, IReadOnlyList<LeakageCheck> Checks);

/// <summary>One question and its answer.</summary>
/// <param name="Name">truncation, arrival, single_feature_auc, announcements, folds or order.</param>
/// <param name="Passed">True without an alarm.</param>
/// <param name="Design">How the numbers came about, in words.</param>
/// <param name="Findings">What was noticed, alarms first.</param>
/// <param name="Measures">Numbers by name.</param>
public sealed record LeakageCheck(string Name, bool Passed, string Design, IReadOnlyList<LeakageFinding> Findings, IReadOnlyDictionary<string, double> Measures);

/// <summary>One thing noticed.</summary>
/// <param name="Level">alarm or note.</param>
/// <param name="Subject">Feature, table, kind or snapshot.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Hint">What to do; empty where there is nothing to do.</param>
public sealed record LeakageFinding(string Level, string Subject, string Message, string Hint);
