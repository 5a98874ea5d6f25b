using System.Globalization;
using ChurnEngine.Features;

namespace ChurnEngine.Audit;

/// <summary>Do features see events that announce the label, such as the page before the cancellation?</summary>
public static class AnnouncementCheck
{
    // Each costs a reading of the tables.
    private const int MostTried = 10;

    /// <summary>Runs it.</summary>
    /// <param name="again">The plan and its data.</param>
    /// <param name="history">Events of all tables with kinds.</param>
    /// <param name="endOfData">Instant up to which events are known.</param>
    /// <param name="asOf">Instants at which it is tried whether a feature sees the events.</param>
    /// <param name="rules">Limits.</param>
    /// <returns>An alarm for each announcing kind that changes a feature when its events are taken out; a note for one that no feature sees.</returns>
    public static AuditCheck Run(Recomputation again, KindHistory history, long endOfData, IReadOnlyList<long> asOf, AnnouncementRules rules)
    {
        ArgumentNullException.ThrowIfNull(again);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(rules);
        IReadOnlyList<AnnouncingKind> kinds = history.Find(endOfData);
        return new AuditCheck
        {
            Name = "announcements",
            Design = $"{rules.InWords}; {history.Customers.ToString(CultureInfo.InvariantCulture)} customers looked at; an alarm where features as of {TruncationCheck.Listed(asOf)} change without those events",
            Findings = [.. kinds.Take(MostTried).Select(kind => Judge(kind, again, asOf)).OrderByDescending(finding => finding.Level)],
            Measures = new Dictionary<string, double> { ["announcing_kinds"] = kinds.Count, ["customers"] = history.Customers },
        };
    }

    /// <summary>The answer where it cannot be told from kinds who churned when.</summary>
    public static AuditCheck NotJudged { get; } = new()
    {
        Name = "announcements",
        Design = "not judged",
        Findings = [new AuditFinding(AuditLevel.Note, "label", "the label looks at more than kinds, so it cannot be told from kinds alone what announces it", "")],
        Measures = new Dictionary<string, double> { ["customers"] = 0 },
    };

    private static AuditFinding Judge(AnnouncingKind kind, Recomputation again, IReadOnlyList<long> asOf)
    {
        var changed = new List<string>();
        foreach ((_, SnapshotDifference difference) in again.Without(new RowCut { Kind = (kind.Table, kind.Kind) }, asOf))
            changed.AddRange(difference.Features.Select(each => each.Feature));
        string[] features = [.. changed.Distinct()];
        string announces = string.Create(CultureInfo.InvariantCulture, $"churn follows {kind.Share:P1} of {kind.Events} events of kind '{kind.Kind}' in table '{kind.Table}' ({kind.Customers} customers)");
        return features.Length == 0
            ? new AuditFinding(AuditLevel.Note, kind.Kind, $"{announces}, and no feature sees them", "")
            : new AuditFinding(AuditLevel.Alarm, kind.Kind, $"{announces}, and {string.Join(", ", features.Take(5))}{(features.Length > 5 ? ", ..." : "")} {(features.Length == 1 ? "sees" : "see")} them",
                "it is the decision to leave, not a sign of it: leave the kind out of the features' `where`, or name it in the label");
    }
}
