using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

/// <summary>What can be wrong with watching a prediction log.</summary>
internal static class LogErrors
{
    public static ChurnDataException NoLog(string folder, string version, IReadOnlyList<string> there) =>
        new(new ErrorCode(1220), $"the prediction log '{folder}' has no prediction of model {version} in that time")
        {
            Expected = $"Parquet files in {version}/, as `churn serve --log` writes them",
            Actual = there.Count == 0 ? "no predictions at all" : $"predictions of {string.Join(", ", there)}",
            Hint = there.Count == 0 ? "check --log, --since and --until; a journal becomes Parquet after `serve.log.rotate_minutes`, and when the service stops" : "name the model that was served with --model",
        };

    public static ChurnDataException NotAnOutcomeTable(string path, string missing, IEnumerable<string> known) =>
        new(new ErrorCode(1221), $"the outcomes '{path}' have no column {missing}")
        {
            Expected = "the customer, as_of, and churned or stayed",
            Actual = string.Join(", ", known),
            Hint = "as_of is that of the prediction, or its day; `as_of` of the log has it",
        };

    public static ChurnDataException NoOutcomes(long predictions) =>
        new(new ErrorCode(1222), "no prediction of the log has an outcome by now")
        {
            Expected = "predictions whose gap, horizon and longest lateness are over, and an outcome of the same customer and instant",
            Actual = $"{predictions:N0} predictions, none with an outcome",
            Hint = "leave --labels or --outcomes out until then; --since may leave out those that are old enough",
        };

    public static ChurnConfigException NoProjectLabels(string version) =>
        new(new ErrorCode(1223), $"--labels needs a project whose plan says what churn of model {version} is") { Hint = "name it with --config; or bring outcomes as a table with --outcomes" };

    public static ChurnConfigException OutcomesOfAValue(string version) =>
        new(new ErrorCode(1224), $"model {version} predicts a value: a log of it is watched without outcomes") { Hint = "leave --labels and --outcomes out" };
}
