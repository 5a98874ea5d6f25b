using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Audit;

internal static class AuditErrors
{
    public static ChurnGateException Leakage(IReadOnlyList<AlarmFinding> findings) => new(new ErrorCode(8001), $"leakage suspected: {string.Join("; ", findings.Select(f => f.Message))}")
    {
        Hint = "exclude by role what announces the label, check the times of the tables, or pass --allow-leakage \"REASON\", which is recorded in the model",
    };

    public static ChurnConfigException BadRule(string name, double value, string expected) => new(new ErrorCode(8002), $"alarm rule '{name}' makes no sense")
    {
        Expected = expected,
        Actual = value.ToString(CultureInfo.InvariantCulture),
        Hint = "leave the rule out to get its default.",
    };
}
