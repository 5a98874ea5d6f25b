using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

/// <summary>Errors of <c>churn decide</c>, CE1180 to CE1189.</summary>
internal static class DecideErrors
{
    public static ChurnConfigException FlagBesideOffers(string flag) =>
        new(new ErrorCode(1180), $"{flag} is of the one offer, and the project has `decisions: {{ offers: [...] }}`") { Expected = "costs and save rates of the offers themselves", Hint = "change them in churn.yaml, or decide without a project: --scores alone" };

    public static ChurnConfigException NotASegmentColumn(string offer, string column, IEnumerable<string> known) =>
        new(new ErrorCode(1181), $"offer '{offer}': the scores have no column of texts '{column}'") { Expected = "a column of texts for save rates by segment", Hint = $"{Suggestion.Sentence(column, known)} `churn score --columns {column}` copies a feature beside the scores" };

    public static ChurnConfigException NoDate() =>
        new(new ErrorCode(1182), "contact fatigue counts days, and these scores say no date") { Expected = "scores as of an instant, or a date", Hint = "add --date YYYY-MM-DD, the first day of the plan" };

    public static ChurnConfigException TwoValues() =>
        new(new ErrorCode(1183), "--values and --value-column both say what a customer is worth") { Hint = "leave one of the two out" };

    public static ChurnDataException NotValues(string directory) =>
        new(new ErrorCode(1183), $"the scores in '{directory}' do not say what customers are worth")
        {
            Expected = "a column `value`, of a model whose label is a `target`",
            Hint = "train one, for example with the Tweedie objective, score the same customers with it, and name that folder",
        };

    public static ChurnConfigException NoFatigueRule() =>
        new(new ErrorCode(1184), "`decisions.fatigue` leaves nobody alone")
        {
            Expected = "`contacts: FILE` and `not_within_days: N`, or `most: N` with `per_days: N`",
            Hint = "say which, or leave `fatigue` out",
        };

    public static ChurnConfigException BadControlShare(double share) =>
        new(new ErrorCode(1185), "--control is not usable") { Expected = "a number from 0, below 1", Actual = FormattableString.Invariant($"{share}"), Hint = "0.1 leaves one customer in ten alone; 0 leaves nobody" };

    public static ChurnDataException NotAPlan(string path, string lacks) =>
        new(new ErrorCode(1186), $"'{path}' is no action plan: it has no column '{lacks}'") { Hint = "give the file that `churn decide --out` wrote, by this version" };

    public static ChurnDataException NoOutcome(string path, IEnumerable<string> columns) =>
        new(new ErrorCode(1187), $"'{path}' does not say who left") { Expected = "a column `churned` or `stayed`, true or false", Actual = string.Join(", ", columns), Hint = "name it so, one row a customer" };

    public static ChurnDataException NoCommonCustomers(string outcomes, string plan) =>
        new(new ErrorCode(1188), $"no customer of '{plan}' is in '{outcomes}'") { Expected = "the same customers, written alike", Hint = "check the column of the customer; blanks and leading zeros count" };

    public static ChurnConfigException CannotWrite(string path, Exception cause) =>
        new(new ErrorCode(1189), $"'{path}' cannot be written", cause) { Expected = "a folder that may be written to", Actual = cause.Message.TrimEnd('.'), Hint = StorageFault.Hint(cause, "name another with --what-if or --out") };
}
