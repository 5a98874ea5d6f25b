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

    public static InvalidOperationException RowsLost(Manifest manifest) =>
        new($"rows in are not rows out: of {manifest.Customers} customers {manifest.Rows} were scored, {manifest.LeftOut} left out and {manifest.NotAtRisk} are not at risk");

    public static InvalidOperationException ReasonsDoNotAddUp(double margin, double sum) =>
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the reasons of a customer do not add up: their contributions sum to {sum:R}, the margin is {margin:R}"));

    public static ChurnConfigException FinishedByItself(string directory, string format) =>
        new(new ErrorCode(6034), $"the slices in '{directory}' wrote to a database, which --finish knows nothing of") { Expected = "parts that are files", Actual = format, Hint = "run the same `churn score` with --partition all: it finds every part there and ends the job" };

    public static ChurnConfigException TakenPassThrough(string name) =>
        new(new ErrorCode(6008), $"--columns names '{name}', which is the name of a column of the scores already") { Hint = "give the feature another name in the plan, and train again" };

    public static ChurnConfigException CannotWritePart(string path, Exception cause) => UnwritablePart($"'{path}' cannot be written: {cause.Message.TrimEnd('.')}", cause);

    /// <summary>What a sink says of a file that the user named, said of a part of <c>--out</c>.</summary>
    public static ChurnConfigException CannotWritePart(ChurnConfigException sink) => UnwritablePart(sink.Message, sink.InnerException!);

    private static ChurnConfigException UnwritablePart(string what, Exception cause) =>
        new(new ErrorCode(6009), what, cause) { Hint = StorageFault.Hint(cause, "choose another --out, below a folder that this user has permission to write to") };

    public static ChurnConfigException NoDatabase(OutputFormat format) =>
        new(new ErrorCode(6010), $"--format {format.NameOf()} needs a database to write to")
        {
            Expected = format == OutputFormat.Sqlite ? "--database FILE" : "--database CONNECTION, such as \"Host=localhost;Database=crm;Username=churn\"",
            Hint = "or set `score: { database: ... }` in churn.yaml",
        };

    public static ChurnConfigException DatabaseOfFiles(OutputFormat format) =>
        new(new ErrorCode(6010), $"--database means nothing to --format {format.NameOf()}, which writes files") { Hint = "leave it out, or choose --format sqlite or postgres" };

    public static ChurnConfigException DatabaseInOutput(string path) =>
        new(new ErrorCode(6010), $"database '{path}' lies in the output folder, which holds nothing but one job's result") { Hint = "put it beside the folder, or choose another --out" };

    public static ChurnConfigException BadRisk(string what, string actual) =>
        new(new ErrorCode(6011), $"the risk levels are not usable: {what}") { Expected = $"names with the probability that each begins at, such as {RiskBands.Example}", Actual = $"'{actual}'", Hint = "correct --risk, or `score: { risk: { low: 0, medium: 0.3, high: 0.6 } }` in churn.yaml" };

    public static ChurnConfigException RiskOfAValue(string version) =>
        new(new ErrorCode(6012), $"model '{version}' predicts a value, and risk levels are ranges of a probability") { Expected = "no risk levels", Hint = "leave --risk, and `score.risk`, out; --where can cut a value" };

    public static ChurnConfigException BadTableName(string table, int longest) =>
        new(new ErrorCode(6013), $"--table-name '{table}' is no name for tables of scores") { Expected = $"1 to {longest} bytes", Hint = "choose another --table-name" };

    public static ChurnConfigException BadColumnName(string column, string expected) =>
        new(new ErrorCode(6013), $"the database cannot have a column named '{column}'") { Expected = expected, Hint = "leave the feature out of --columns, or write files" };

    public static ChurnConfigException TableOfOthers(string table, string why) =>
        new(new ErrorCode(6014), $"'{table}' of the database cannot take the scores of this job: {why}") { Hint = "choose another --table-name; nothing was changed" };

    public static ChurnConfigException DatabaseRefused(string place, string said, Exception cause) =>
        new(new ErrorCode(6015), $"database {place} refused: {said.TrimEnd('.')}", cause) { Hint = "check --database, the rights of its user and --table-name, then run the same command again: parts that are there stay" };

    public static ChurnTransientException DatabaseUnreachable(string place, string said, Exception cause) =>
        new(new ErrorCode(6016), $"database {place} cannot be used now: {said.TrimEnd('.')}", cause) { Hint = "check that it runs and has room, then run the same command again: parts that are there stay" };

    public static ChurnConfigException BadConnection(string why) =>
        new(new ErrorCode(6017), $"--database is no connection to PostgreSQL: {why}") { Expected = "\"Host=localhost;Database=crm;Username=churn\" or postgresql://churn@localhost/crm", Hint = "keep the password in PGPASSWORD or a PGPASSFILE" };

    public static ChurnDataException BadKeyType(string name, ColumnType type) =>
        new(new ErrorCode(6018), $"column '{name}' of the stream cannot be a key") { Expected = "whole numbers or text", Actual = type.InWords(), Hint = "cast it before sending" };

    public static ChurnDataException BadKey(string name, int batch, int row, string actual) =>
        new(new ErrorCode(6019), $"batch {batch} row {row} of the stream has no usable '{name}'") { Expected = "a whole number or a text in every row", Actual = actual, Hint = "leave such rows out before sending: a pipe has no quarantine" };

    public static ChurnDataException NotAPrediction(int partition, int row, float value, bool isRegression) =>
        new(new ErrorCode(9601), $"the backend gave {value} as a {(isRegression ? "value" : "probability")} in partition {partition}, row {row}") { Expected = isRegression ? "a finite number" : "0..1", Hint = "this is a bug: please report it with the model file" };
}
