using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

/// <summary>Errors of counterfactuals, of the comparison of groups and of personal data, as the project and the command line ask for them.</summary>
internal static class ExplainingErrors
{
    public static ChurnConfigException NothingActionable(IEnumerable<string> features) =>
        new(new ErrorCode(1190), "no feature is marked as one that can be acted on")
        {
            Expected = "`actionable:` in churn.yaml, or --actionable, with one feature at least",
            Hint = $"such as --actionable {string.Join(",", features.Take(2))}",
        };

    public static ChurnConfigException UnknownActionable(string at, string name, IEnumerable<string> features) =>
        new(new ErrorCode(1191), $"{at}: no feature is called '{name}'") { Expected = "a feature of the model", Actual = $"'{name}'", Hint = Suggestion.Sentence(name, features) };

    public static ChurnConfigException BadTarget(double target) =>
        new(new ErrorCode(1192), "--target is not usable") { Expected = "a probability above 0 and below 1", Actual = target.ToString("R", CultureInfo.InvariantCulture), Hint = "leave it out for the model's threshold" };

    public static ChurnConfigException NoCounterfactuals(string version) =>
        new(new ErrorCode(1193), $"model {version} has no counterfactuals") { Expected = "a model of churn that is a sum of trees", Actual = "a linear model, a stack, or a model of a value", Hint = "of a linear model `churn explain` tells the coefficients, which say the same" };

    public static ChurnConfigException UnknownAllowed(string name, IEnumerable<string> known) =>
        new(new ErrorCode(1194), $"allow_personal names '{name}', which is neither a feature nor a column that one tells") { Expected = "a feature, or its column", Actual = $"'{name}'", Hint = Suggestion.Sentence(name, known) };

    public static ChurnConfigException NoGroupColumn(string name, IEnumerable<string> known) =>
        new(new ErrorCode(1195), $"no table has a column '{name}' to compare groups by") { Expected = "a column of the project's tables, or TABLE.COLUMN", Actual = $"'{name}'", Hint = Suggestion.Sentence(name, known) };

    public static ChurnConfigException NothingToCompareBy() =>
        new(new ErrorCode(1196), "nothing says which groups to compare") { Expected = "--by COLUMN, or `fairness: { by: [COLUMN] }` in churn.yaml", Hint = "such as --by gender" };

    public static ChurnConfigException FairnessOfAValue(string version) =>
        new(new ErrorCode(1197), $"model {version} predicts a value: it selects nobody whose groups could be compared") { Hint = "compare a model of churn" };

    public static ChurnConfigException BadActionable(string at, string text) =>
        new(new ErrorCode(1198), $"{at}: what may be changed cannot be read")
        {
            Expected = "any, increase or decrease, or { direction: ..., min: ..., max: ... }; of a category any, or { values: [...] }",
            Actual = $"'{text}'",
            Hint = "such as tickets_30d: decrease, or monthly_price: { direction: decrease, min: 5 }",
        };

    public static ChurnConfigException NotAGroupColumn(string name, string type) =>
        new(new ErrorCode(1199), $"customers cannot be grouped by column '{name}'") { Expected = "text, a number or true and false", Actual = type, Hint = "name a column with few values, or a feature of the model" };
}
