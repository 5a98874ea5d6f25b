using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

internal static class ScoringErrors
{
    public static ChurnConfigException OutputHoldsOther(string directory) =>
        new(new ErrorCode(6001), $"output folder '{directory}' holds the result of another job")
        {
            Expected = "an empty folder, or an earlier run of this same job",
            Hint = "choose another --out, or pass --overwrite to replace it",
        };

    public static ChurnConfigException OutputHoldsStranger(string directory, string stranger) =>
        new(new ErrorCode(6001), $"output folder '{directory}' holds '{stranger}', which is no output of scoring")
        {
            Expected = "an empty folder, or an earlier run of this same job",
            Hint = "choose another --out; not even --overwrite touches files of others",
        };

    public static ChurnModelException OtherFeatures(string version, int index, string expected, string actual) =>
        new(new ErrorCode(6002), $"model '{version}' wants another feature at position {index}")
        {
            Expected = expected,
            Actual = actual,
            Hint = "score with the plan that the model was trained on (it is inside the model file)",
        };

    public static ChurnConfigException UnknownPassThrough(string name, IEnumerable<string> features) =>
        new(new ErrorCode(6003), $"--columns names an unknown feature '{name}'") { Hint = Suggestion.For(name, features) };

    public static ChurnConfigException CannotWrite(string directory, Exception cause) =>
        new(new ErrorCode(6004), $"output folder '{directory}' cannot be made: {(PathKinds.Of(directory) == PathKind.File ? "it is a file" : cause.Message.TrimEnd('.'))}", cause)
        {
            Hint = StorageFault.Hint(cause, "choose another --out, below a folder that this user has permission to write to"),
        };

    public static ChurnConfigException RepeatedPassThrough(string name) =>
        new(new ErrorCode(6006), $"--columns names '{name}' twice") { Hint = "name each feature once" };

    public static ChurnTransientException InUse(string directory) =>
        new(new ErrorCode(6005), $"another process is writing to output folder '{directory}'") { Hint = "wait for it to end, or choose another --out" };

    public static ChurnTransientException SliceInUse(string directory, Slice slice) =>
        new(new ErrorCode(6005), $"another process is computing slice {slice} in output folder '{directory}'") { Hint = "wait for it to end, or give each process a slice of its own" };

    public static ChurnConfigException NothingToFinish(string directory) =>
        new(new ErrorCode(6030), $"folder '{directory}' holds no slices of a scoring job") { Expected = "the --out of `churn score --partition i/n`", Hint = "name the folder that the slices wrote into" };

    public static ChurnPartialException SlicesMissing(string directory, IReadOnlyList<int> partitions, int of) =>
        new(new ErrorCode(6031), $"the job in '{directory}' is not whole: {partitions.Count} of {of} partitions are missing or damaged")
        {
            Expected = $"all of 0 to {of - 1}",
            Actual = $"without {string.Join(", ", partitions.Take(5))}{(partitions.Count > 5 ? ", ..." : "")}",
            Hint = "run the slices again: each does only what is missing",
        };

    public static ChurnConfigException NotFinished(string directory) =>
        new(new ErrorCode(6032), $"folder '{directory}' holds no finished scoring job") { Expected = "manifest.json and _SUCCESS", Hint = "run the job to its end first" };

    public static ChurnConfigException OtherJob(string directory, string differs) =>
        new(new ErrorCode(6033), $"folder '{directory}' holds another job than this command line describes") { Actual = $"other {differs}", Hint = "verify with the model, data and options that the job ran with" };

    public static InvalidOperationException RowsLost(long customers, long rows, long notAtRisk) =>
        new($"rows in are not rows out: of {customers} customers {rows} were scored and {notAtRisk} are not at risk");

    public static ChurnConfigException TakenPassThrough(string name) =>
        new(new ErrorCode(6008), $"--columns names '{name}', which is the column of the model's own prediction") { Hint = "give the feature another name in the plan, and train again" };

    public static ChurnDataException NotAPrediction(int partition, int row, float value, bool isRegression) =>
        new(new ErrorCode(9601), $"the backend gave {value} as a {(isRegression ? "value" : "probability")} in partition {partition}, row {row}") { Expected = isRegression ? "a finite number" : "0..1", Hint = "this is a bug: please report it with the model file" };
}
