using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

internal static class PipelineErrors
{
    public static ChurnConfigException NoConfigFile(string path) =>
        new(new ErrorCode(1101), $"configuration file '{path}' does not exist") { Hint = "`churn generate --out DIR` writes an example churn.yaml beside its data" };

    public static ChurnConfigException BadSetting(string at, string key, string expected, string actual) =>
        new(new ErrorCode(1102), $"{at}: {key} is not usable") { Expected = expected, Actual = $"'{actual}'", Hint = "correct that line" };

    public static ChurnConfigException TooFewSnapshots(int usable, int needed, string dropped) =>
        new(new ErrorCode(1103), $"the data allows {usable} usable snapshots")
        {
            Expected = $"at least {needed}: one or more to train on, then one each to stop, to calibrate and to test",
            Actual = dropped,
            Hint = "bring a longer history, or shorten the label's horizon or the longest window",
        };

    public static ChurnModelException OtherPlan(string version, string wanted, string actual) =>
        new(new ErrorCode(5003), $"model '{version}' wants plan {wanted[..12]}, this config compiles to {actual[..12]}")
        {
            Hint = "train a model for this plan, or score with the config that the model was trained with",
        };

    public static ChurnConfigException NoSource(string table) =>
        new(new ErrorCode(1107), $"table '{table}' has no `source`") { Hint = "say which file it comes from" };

    public static ChurnDataException NoScores(string directory) =>
        new(new ErrorCode(6101), $"'{directory}' holds no finished scores") { Expected = "a folder with part files and _SUCCESS", Hint = "run `churn score` first, and let it finish" };

    public static ChurnConfigException NoValueColumn(string name, IEnumerable<string> columns) =>
        new(new ErrorCode(1108), $"the scores have no column '{name}'") { Hint = $"{Suggestion.For(name, columns)}; `churn score --columns {name}` copies that feature beside the scores" };

    public static ChurnModelException NotATableModel(string version) =>
        new(new ErrorCode(5201), $"model '{version}' was trained on events, not on a plain table") { Hint = "give --config churn.yaml instead of --table" };

    public static ChurnModelException NotAnEventModel(string version) =>
        new(new ErrorCode(5202), $"model '{version}' was trained on a plain table, not on events") { Hint = "give --table FILE instead of --config" };

    public static ChurnDataException TableLacks(string version, string table, string column, IEnumerable<string> known) =>
        new(new ErrorCode(5203), $"table '{table}' has no column '{column}', which model '{version}' reads") { Actual = string.Join(", ", known), Hint = Suggestion.For(column, known) };

    public static ChurnConfigException BadFolds(int folds) =>
        new(new ErrorCode(1106), "--cv is not usable") { Expected = "0 (one hold-out) or 2 to 50 folds", Actual = $"{folds}", Hint = "5 is usual" };
}
