using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Audit;

/// <summary>Do the snapshots stand in the order of time, each part's labels over before the next part begins?</summary>
public static class OrderCheck
{
    private const long Day = 86_400_000_000;
    private static readonly string[] s_order = ["train", "stop", "calibrate", "test"];

    /// <summary>Runs it.</summary>
    /// <param name="asOf">[snapshots] instants, in the order they are used.</param>
    /// <param name="roles">[snapshots] train, stop, calibrate or test.</param>
    /// <param name="label">Gap and horizon.</param>
    /// <param name="latenessMicros">Longest time that an event took to become known.</param>
    /// <returns>Alarms for snapshots out of order and for label windows that reach into the next part; a note where late events do.</returns>
    public static AuditCheck Run(IReadOnlyList<long> asOf, IReadOnlyList<string> roles, LabelRule label, long latenessMicros)
    {
        ArgumentNullException.ThrowIfNull(asOf);
        ArgumentNullException.ThrowIfNull(roles);
        ArgumentNullException.ThrowIfNull(label);
        var findings = new List<AuditFinding>();
        for (int i = 1; i < asOf.Count; i++)
        {
            long end = label.WindowAt(asOf[i - 1]).End;
            string here = $"{roles[i]} {InstantText.Format(asOf[i])}", before = $"{roles[i - 1]} {InstantText.Format(asOf[i - 1])}";
            if (asOf[i] <= asOf[i - 1] || Array.IndexOf(s_order, roles[i]) < Array.IndexOf(s_order, roles[i - 1]))
                findings.Add(new AuditFinding(AuditLevel.Alarm, here, $"snapshot {here} comes after {before} in use and not in time", "train on the past, test on the future"));
            else if (roles[i] != roles[i - 1] && end > asOf[i])
                findings.Add(new AuditFinding(AuditLevel.Alarm, here, $"the label window of {before} ends at {InstantText.Format(end)}, after {here} begins: both see the same churn", "keep gap and horizon between snapshots of different use"));
            else if (roles[i] != roles[i - 1] && end + latenessMicros > asOf[i])
                findings.Add(new AuditFinding(AuditLevel.Note, here, $"labels of {before} are known for sure {Days(end + latenessMicros - asOf[i])} after {here}, since events come late: they are counted as was known at {here}", "none: a model made then would have been trained on the same labels"));
        }
        return new AuditCheck
        {
            Name = "order",
            Design = $"snapshots as of {TruncationCheck.Listed(asOf)}; label window {Window(label)}; longest lateness {Days(latenessMicros)}",
            Findings = [.. findings.OrderByDescending(finding => finding.Level)],
            Measures = new Dictionary<string, double> { ["snapshots"] = asOf.Count, ["gap_days"] = (double)label.GapMicros / Day, ["horizon_days"] = asOf.Count == 0 ? 0 : (label.WindowAt(asOf[0]).End - label.WindowAt(asOf[0]).From) / (double)Day },
        };
    }

    private static string Window(LabelRule label) => label.HorizonMicros > 0 ? $"[t + {Days(label.GapMicros)}, t + {Days(label.GapMicros + label.HorizonMicros)})" : label.WindowText;

    internal static string Days(long micros) => FormattableString.Invariant($"{(double)micros / Day:0.##} d");
}
