using System.Globalization;
using ChurnEngine.Features;

namespace ChurnEngine.Audit;

/// <summary>Do the parts of a training set share what they must not share?</summary>
public static class FoldCheck
{
    /// <summary>Counts customers that training shares with later parts, and rows that occur twice.</summary>
    /// <param name="set">Snapshots, customers, labels.</param>
    /// <param name="roles">[snapshots] what each serves: train, stop, calibrate or test.</param>
    /// <returns>An alarm for a customer with two rows in one snapshot. Customers who recur later are counted: a split by time has them, as deployment does.</returns>
    public static AuditCheck Run(TrainingSet set, IReadOnlyList<string> roles)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(roles);
        var findings = new List<AuditFinding>();
        var measures = new Dictionary<string, double>();
        var churned = new HashSet<int>();
        var members = new Dictionary<string, HashSet<int>>();
        long churnedTwice = 0;
        for (int i = 0; i < set.Snapshots.Count; i++)
        {
            SnapshotRange range = set.Snapshots[i];
            var seen = new HashSet<int>();
            long twice = 0;
            for (long row = range.Start; row < range.Start + range.Count; row++)
            {
                int customer = set.Customers[row];
                twice += seen.Add(customer) ? 0 : 1;
                if (set.Labels[row] == 1 && !churned.Add(customer))
                    churnedTwice++;
            }
            if (twice > 0)
                findings.Add(new AuditFinding(AuditLevel.Alarm, $"snapshot {i}", $"{twice} customers have more than one row in the snapshot as of {Columns.InstantText.Format(range.AsOf)}", "keys must be unique: look for the same key written in two ways"));
            members.TryAdd(roles[i], []);
            members[roles[i]].UnionWith(seen);
        }
        string first = roles[0];
        foreach ((string role, HashSet<int> customers) in members.Where(part => part.Key != first))
            measures[$"share_of_{role}_seen_in_{first}"] = customers.Count == 0 ? 0 : (double)customers.Count(members[first].Contains) / customers.Count;
        measures["positives_of_a_customer_who_churned_in_an_earlier_snapshot"] = churnedTwice;
        if (churnedTwice > 0)
            findings.Add(new AuditFinding(AuditLevel.Note, "labels", string.Create(CultureInfo.InvariantCulture, $"{churnedTwice} positives belong to customers who had churned in an earlier snapshot already"), "right where customers come back; else look at the label"));
        return new AuditCheck
        {
            Name = "folds",
            Design = members.Count == 1
                ? "one part only: nothing to share"
                : $"parts are whole snapshots, split by time ({string.Join(", ", members.Keys)}); a customer may recur in a later one under a later label window, as in deployment; a customer may have one row in a snapshot",
            Findings = [.. findings.OrderByDescending(finding => finding.Level)],
            Measures = measures,
        };
    }
}
