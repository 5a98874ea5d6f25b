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

    public static ChurnGateException PersonalData(IReadOnlyList<PersonalDataFinding> findings) => new(new ErrorCode(8003), $"personal data among the features: {string.Join("; ", findings.Select(finding => finding.Message))}")
    {
        Expected = "features that say nothing of who a customer is",
        Actual = string.Join(", ", findings.Select(finding => finding.Feature)),
        Hint = "take it out of the plan (of a table with --drop), or allow it by name: `train: { allow_personal: [NAME] }`, or --allow-personal NAME; what is allowed is recorded in the model",
    };

    public static ChurnConfigException BadFairnessRule(string name, double value, string expected) => new(new ErrorCode(8004), $"fairness rule '{name}' makes no sense")
    {
        Expected = expected,
        Actual = value.ToString(CultureInfo.InvariantCulture),
        Hint = "leave the rule out to get its default",
    };

    public static ChurnConfigException NoReferenceGroup(string column, string reference, IEnumerable<string> groups) => new(new ErrorCode(8005), $"'{column}' has no group '{reference}' to compare with")
    {
        Expected = "a value of that column",
        Actual = $"'{reference}'",
        Hint = Suggestion.Sentence(reference, groups),
    };

    public static ChurnDataException OneGroup(string column, IReadOnlyList<string> groups, int leastRows) => new(new ErrorCode(8006), $"'{column}' has fewer than two groups to compare")
    {
        Expected = $"two groups of {leastRows:N0} rows or more",
        Actual = groups.Count == 0 ? "no value in any row" : $"{string.Join(", ", groups)} alone",
        Hint = "compare by another column, bring more rows, or lower `fairness.min_rows`",
    };
}
