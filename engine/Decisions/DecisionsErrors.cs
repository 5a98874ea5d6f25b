using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Decisions;

internal static class DecisionsErrors
{
    public static ChurnConfigException BadOption(string name, double value, string expected) => new(new ErrorCode(7001), $"decision option '{name}' makes no sense")
    {
        Expected = expected,
        Actual = Text(value),
        Hint = $"set `decisions: {{ {name}: ... }}` in churn.yaml, or --{name.Replace('_', '-')}",
    };

    public static ChurnConfigException BadRiskCuts(double medium, double high) => new(new ErrorCode(7002), "the cuts of the risk levels are not in order")
    {
        Expected = "0 < medium < high < 1",
        Actual = $"medium {Text(medium)}, high {Text(high)}",
        Hint = "set `decisions: { medium_risk: ..., high_risk: ... }` in churn.yaml; the defaults are 0.3 and 0.6",
    };

    public static ChurnConfigException BudgetBelowOneContact(double budget, double cost) => new(new ErrorCode(7003), "the budget does not pay for one contact")
    {
        Expected = $"a budget of at least {Text(cost)}",
        Actual = Text(budget),
        Hint = "raise the budget, lower the cost, or leave the budget out for no limit",
    };

    public static ChurnDataException BadProbability(int row, float value) => new(new ErrorCode(7004), $"row {row}: not a probability")
    {
        Expected = "0 to 1",
        Actual = value.ToString(CultureInfo.InvariantCulture),
        Hint = "decide on the output of `churn score`; a margin or a percentage is not a probability",
    };

    public static ChurnDataException BadValue(int row, double value) => new(new ErrorCode(7005), $"row {row}: not a customer value")
    {
        Expected = "a finite amount, or null where unknown",
        Actual = Text(value),
        Hint = "correct the value column, or leave it out to use the one value of the options",
    };

    public static ChurnConfigException CannotWrite(string path, Exception inner) => new(new ErrorCode(7006), $"cannot write the action plan '{path}'", inner)
    {
        Actual = inner.Message.TrimEnd('.'),
        Hint = StorageFault.Hint(inner, "choose a folder that this user has permission to write to, and name a file in it"),
    };

    public static ChurnConfigException BadOffer(string offer, string name, double value, string expected) => new(new ErrorCode(7007), $"offer '{offer}': its {name} makes no sense")
    {
        Expected = expected,
        Actual = Text(value),
        Hint = $"set `{name}` of that offer under `decisions: {{ offers: [...] }}` in churn.yaml",
    };

    public static ChurnConfigException BadOffers(string actual, string expected) => new(new ErrorCode(7008), "the offers cannot be told apart, or are too many")
    {
        Expected = expected,
        Actual = actual,
        Hint = "correct `decisions: { offers: [...] }` in churn.yaml",
    };

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
