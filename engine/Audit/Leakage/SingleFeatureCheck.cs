using ChurnEngine.Columns;

namespace ChurnEngine.Audit;

/// <summary>Does one feature alone know the label?</summary>
public static class SingleFeatureCheck
{
    private const int Listed = 5;

    /// <summary>Runs it.</summary>
    /// <param name="matrix">[N, F] features of the training snapshots.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="rules">Limits.</param>
    /// <param name="budget">Threads.</param>
    /// <returns>An alarm for each feature above the limit; the strongest five among the measures.</returns>
    public static AuditCheck Run(FeatureMatrix matrix, ReadOnlySpan<float> labels, AlarmRules rules, JobBudget budget)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(rules);
        LeakageReport report = LeakageAlarm.Check(matrix, labels, double.NaN, rules, budget);
        var measures = new Dictionary<string, double> { ["rows_checked"] = report.RowsChecked };
        foreach (int feature in Enumerable.Range(0, matrix.FeatureCount).Where(feature => !double.IsNaN(report.FeatureAuc[feature])).OrderByDescending(feature => report.FeatureAuc[feature]).Take(Listed))
            measures[$"auc.{matrix.Features[feature].Name}"] = report.FeatureAuc[feature];
        List<AuditFinding> findings = [.. report.Findings.Select(finding => new AuditFinding(AuditLevel.Alarm, finding.Subject, finding.Message,
            "look for what it is made of: an event that announces the label, a wrong `known`, a value that was filled in afterwards"))];
        if (report.FeatureAuc.All(double.IsNaN))
            findings.Add(new AuditFinding(AuditLevel.Note, "labels", $"fewer than {rules.LeastPerClass} rows of one outcome: no feature was judged", "bring more snapshots or customers"));
        return new AuditCheck
        {
            Name = "single_feature_auc",
            Design = FormattableString.Invariant($"each feature alone against the label, in its better direction, on {report.RowsChecked} rows of the training snapshots; categories by out-of-fold rates; alarm above AUC {rules.FeatureAuc:0.00}"),
            Findings = findings,
            Measures = measures,
        };
    }
}
