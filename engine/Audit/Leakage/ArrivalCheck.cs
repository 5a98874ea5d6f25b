using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Audit;

/// <summary>A column of instants that the plan does not use.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Column">Its name.</param>
public sealed record SpareInstant(string Table, string Column);

/// <summary>Does the plan's <c>known</c> tell the truth? Other columns of instants may say that a row arrived later: takes such rows out and looks which features had seen them.</summary>
public static class ArrivalCheck
{
    private static readonly string[] s_arrivals = ["ingest", "load", "insert", "arriv", "receiv", "record", "known", "import", "etl", "sync", "landed"];

    /// <summary>Runs it.</summary>
    /// <param name="again">The plan and its data.</param>
    /// <param name="columns">Columns of instants that the plan's tables have and the plan does not use.</param>
    /// <param name="asOf">Instants to test.</param>
    /// <returns>An alarm where features saw rows that a column named like an arrival puts after t; a note where another column does.</returns>
    public static AuditCheck Run(Recomputation again, IReadOnlyList<SpareInstant> columns, IReadOnlyList<long> asOf)
    {
        ArgumentNullException.ThrowIfNull(again);
        ArgumentNullException.ThrowIfNull(columns);
        var findings = new List<AuditFinding>();
        foreach (SpareInstant spare in columns)
        {
            foreach (long t in asOf)
            {
                SnapshotDifference difference = again.Without(new RowCut { Stamp = (spare.Table, spare.Column, t) }, [t])[0].Difference;
                if (difference.IsNone)
                    continue;
                findings.Add(Finding(spare, t, difference));
                break;
            }
        }
        return new AuditCheck
        {
            Name = "arrival",
            Design = columns.Count == 0
                ? "no table has a column of instants that the plan does not use"
                : $"as of {TruncationCheck.Listed(asOf)}, without the rows of which a column of instants that the plan does not use ({string.Join(", ", columns.Select(spare => $"{spare.Table}.{spare.Column}"))}) lies later",
            Findings = [.. findings.OrderByDescending(finding => finding.Level)],
            Measures = new Dictionary<string, double> { ["columns"] = columns.Count },
        };
    }

    private static AuditFinding Finding(SpareInstant spare, long t, SnapshotDifference difference)
    {
        string features = difference.Features.Count == 0 ? "who has a row" : string.Join(", ", difference.Features.Take(5).Select(each => each.Feature)) + (difference.Features.Count > 5 ? ", ..." : "");
        string seen = $"as of {InstantText.Format(t)}, rows of table '{spare.Table}' whose '{spare.Column}' lies later change {features}";
        return s_arrivals.Any(word => spare.Column.Contains(word, StringComparison.OrdinalIgnoreCase))
            ? new AuditFinding(AuditLevel.Alarm, $"{spare.Table}.{spare.Column}", $"{seen}: by that column they had not arrived yet", $"say `known: {spare.Column}` of table '{spare.Table}'")
            : new AuditFinding(AuditLevel.Note, $"{spare.Table}.{spare.Column}", seen, $"harmless for a date in the future such as a due date; if it says when the row was written, say `known: {spare.Column}` of table '{spare.Table}'");
    }
}
