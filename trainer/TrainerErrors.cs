using System.Globalization;
using System.Text.Json;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>All errors of the trainer, CE4000 to CE4999.</summary>
internal static class TrainerErrors
{
    public static ChurnDataException NoRows(string what) => new(new(4001), $"the {what} rows are empty")
    {
        Expected = "at least one row",
        Hint = "check the as-of dates, the at-risk rule and the filters of the plan",
    };

    public static ChurnDataException NoUsableFeature(int features) => new(new(4002), "no feature varies over the training rows")
    {
        Expected = "at least one feature with two different values",
        Actual = $"{features} constant or missing",
        Hint = "check that the feature tables join to the customers, and that the windows cover the data",
    };

    public static ChurnDataException MissingLabel(string what, long row) => new(new(4003), $"the label of {what} row {row} is missing")
    {
        Hint = "drop the rows without a label before training",
    };

    public static ChurnDataException UnexpectedLabel(string what, long row, float label, string expected) => new(new(4004), $"the label of {what} row {row} does not fit the objective")
    {
        Expected = expected,
        Actual = label.ToString(CultureInfo.InvariantCulture),
        Hint = "map the label to these values, or choose another objective",
    };

    public static ChurnDataException ConstantLabel(string what, float label) => new(new(4005), $"the label of the {what} rows is constant")
    {
        Expected = "at least two different labels on rows of positive weight",
        Actual = string.Create(CultureInfo.InvariantCulture, $"{label} everywhere"),
        Hint = "widen the horizon or the training window, or check the label's definition",
    };

    public static ChurnDataException InvalidWeight(string what, long row, float weight) => new(new(4006), $"the weight of {what} row {row} is not usable")
    {
        Expected = "a finite number, 0 and up",
        Actual = weight.ToString(CultureInfo.InvariantCulture),
        Hint = "use 0 to leave a row out",
    };

    public static ChurnDataException NoWeight(string what) => new(new(4006), $"all weights of the {what} rows are 0")
    {
        Expected = "at least one positive weight",
        Hint = "use 0 to leave single rows out",
    };

    public static ChurnConfigException OptionOutOfRange(string option, string expected, object actual) => new(new(4007), $"the training option '{JsonNamingPolicy.SnakeCaseLower.ConvertName(option)}' is out of range")
    {
        Expected = expected,
        Actual = Convert.ToString(actual, CultureInfo.InvariantCulture) ?? "",
        Hint = $"set `train: {{ {JsonNamingPolicy.SnakeCaseLower.ConvertName(option)}: ... }}` in churn.yaml, --{JsonNamingPolicy.KebabCaseLower.ConvertName(option)} where `churn train --help` has that flag, or --set {JsonNamingPolicy.SnakeCaseLower.ConvertName(option)}=...; or leave it out for its default",
    };

    public static ChurnDataException InvalidInitialMargin(string what, long row, double margin) => new(new(4009), $"the initial margin of {what} row {row} is not usable")
    {
        Expected = "a finite number",
        Actual = margin.ToString(CultureInfo.InvariantCulture),
        Hint = "give 0 to a row of which nothing is known",
    };

    public static ChurnDataException MetricUndefined(string metric) => new(new(4010), $"the metric '{metric}' is not defined on the validation rows")
    {
        Expected = "rows that it can judge: of a rank metric, both classes with some weight",
        Actual = "NaN before the first tree",
        Hint = "bring other rows to stop on, or set early_stopping_metric to loss",
    };

    public static ChurnDataException TooManyRows(string what, long rows) => new(new(4008), $"the {what} rows are more than the trainer can index")
    {
        Expected = $"at most {int.MaxValue} rows",
        Actual = rows.ToString(CultureInfo.InvariantCulture),
        Hint = "sample the rows, or take fewer snapshots",
    };

    public static ChurnDataException DerivativeNotFinite(string objective, int tree, float value) => new(new(4032), $"a derivative of the objective '{objective}' is not finite at tree {tree}")
    {
        Expected = "derivatives that a float32 holds",
        Actual = value.ToString(CultureInfo.InvariantCulture),
        Hint = "scale labels and weights down, or lower the learning rate; an objective of one's own must be finite at every margin",
    };

    public static ChurnConfigException CalibrationFolds(int folds) => new(new(4060), "the cross-fit of the calibration needs parts to leave out")
    {
        Expected = "2 folds and up",
        Actual = folds.ToString(CultureInfo.InvariantCulture),
        Hint = "5 is usual",
    };

    public static ChurnDataException TooManyColumns(int columns, int most) => new(new(4031), "the features have too many categories for logistic regression")
    {
        Expected = $"at most {most} columns: one a number, one a category",
        Actual = columns.ToString(CultureInfo.InvariantCulture),
        Hint = "leave out features with many categories, raise `train: { min_rows_per_category: ... }`, or train with `algorithm: boosting`",
    };
}
