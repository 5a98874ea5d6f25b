using ChurnEngine.Audit;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Lets a model pass when nothing about it is too good to be true.</summary>
internal static class LeakageGate
{
    /// <summary>Stops training on an alarm, unless the user gave a reason to overrule it.</summary>
    /// <returns>The alarms overruled, one sentence each.</returns>
    /// <remarks>Errors: <see cref="Columns.ChurnGateException"/> CE8001.</remarks>
    public static IReadOnlyList<string> Check(LabelledRows train, double testAuc, string? overruledBecause, StepContext context)
    {
        LeakageReport report = LeakageAlarm.Check(train.Matrix, train.Labels.Span, testAuc, new AlarmRules(), context.Budget);
        if (overruledBecause is null)
            report.ThrowIfAlarmed();
        return [.. report.Findings.Select(finding => $"{finding.Message} ({overruledBecause})")];
    }

    /// <summary>On a plain table an alarm only warns: some are that easy.</summary>
    public static void Warn(LabelledRows rows, double heldOutAuc, StepContext context)
    {
        LeakageReport report = LeakageAlarm.Check(rows.Matrix, rows.Labels.Span, heldOutAuc, new AlarmRules(), context.Budget);
        foreach (AlarmFinding finding in report.Findings)
            context.Warn($"{finding.Message}: make sure that it was known before the customer left");
    }
}
