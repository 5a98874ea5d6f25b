namespace ChurnEngine.Audit;

/// <summary>How grave a finding is.</summary>
public enum AuditLevel
{
    /// <summary>Worth knowing; nothing stops.</summary>
    Note,
    /// <summary>The gate says no.</summary>
    Alarm,
}

/// <summary>One thing that an audit noticed.</summary>
/// <param name="Level">How grave.</param>
/// <param name="Subject">Feature, table, kind or snapshot.</param>
/// <param name="Message">What was noticed, in one sentence.</param>
/// <param name="Hint">What to do; empty where there is nothing to do.</param>
public sealed record AuditFinding(AuditLevel Level, string Subject, string Message, string Hint);

/// <summary>One question that an audit put to a plan and its data, and the answer.</summary>
public sealed record AuditCheck
{
    /// <summary>Stable name, such as <c>truncation</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How the numbers came about, in words: as-of dates, windows, limits. A number means nothing without.</summary>
    public required string Design { get; init; }

    /// <summary>What was noticed, alarms first.</summary>
    public IReadOnlyList<AuditFinding> Findings { get; init; } = [];

    /// <summary>Numbers by name.</summary>
    public IReadOnlyDictionary<string, double> Measures { get; init; } = new Dictionary<string, double>();

    /// <summary>True without an alarm.</summary>
    public bool Passed => Findings.All(finding => finding.Level != AuditLevel.Alarm);
}
