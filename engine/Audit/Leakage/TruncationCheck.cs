using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Audit;

/// <summary>Does any feature at t see what happened at or after t, or what was known only after t? Takes those rows out and compares every bit.</summary>
public static class TruncationCheck
{
    private const string Bug = "the plan language cannot say such a thing, so this is a bug of the engine: please report it with the plan";

    /// <summary>Runs it.</summary>
    /// <param name="again">The plan and its data.</param>
    /// <param name="asOf">Instants to test, microseconds since 1970 UTC; each costs two readings of the tables.</param>
    /// <returns>Alarms for each feature that changed; notes for tables that no truncation can test.</returns>
    public static AuditCheck Run(Recomputation again, IReadOnlyList<long> asOf)
    {
        ArgumentNullException.ThrowIfNull(again);
        var findings = new List<AuditFinding>();
        foreach (long t in asOf)
        {
            findings.AddRange(Alarms(again.Without(new RowCut { From = t }, [t])[0].Difference, t, "rows at or after it are deleted"));
            findings.AddRange(Alarms(again.Without(new RowCut { KnownAfter = t }, [t])[0].Difference, t, "rows known only after it are deleted"));
        }
        foreach (PlanTable table in again.Plan.Tables)
        {
            if (table.IsStatic)
                findings.Add(new AuditFinding(AuditLevel.Note, table.Name, $"table '{table.Name}' has no time: its rows are taken as known always, and truncation says nothing of its features", "give it `valid_from` where its values change"));
            else if (table.Known is null)
                findings.Add(new AuditFinding(AuditLevel.Note, table.Name, $"table '{table.Name}' does not say when its rows became known: they are taken as known when they happened", "name the column of arrival with `known`"));
        }
        return new AuditCheck
        {
            Name = "truncation",
            Design = $"features of everybody at risk as of {Listed(asOf)}, computed from all rows, without rows at or after that instant, and without rows known only after it; bit-identical or an alarm",
            Findings = findings,
            Measures = new Dictionary<string, double> { ["cells_compared"] = again.CellsCompared, ["alarms"] = findings.Count(finding => finding.Level == AuditLevel.Alarm) },
        };
    }

    internal static string Listed(IReadOnlyList<long> asOf) => string.Join(", ", asOf.Select(InstantText.Format));

    private static IEnumerable<AuditFinding> Alarms(SnapshotDifference difference, long asOf, string when)
    {
        if (difference.Customers > 0)
            yield return new AuditFinding(AuditLevel.Alarm, "population", $"as of {InstantText.Format(asOf)}, {difference.Customers} customers come or go when {when}, such as '{difference.FirstCustomer}'", Bug);
        foreach ((string feature, long cells, string first) in difference.Features)
            yield return new AuditFinding(AuditLevel.Alarm, feature, $"as of {InstantText.Format(asOf)}, feature '{feature}' changes in {cells} rows when {when}: {first}", Bug);
    }
}
