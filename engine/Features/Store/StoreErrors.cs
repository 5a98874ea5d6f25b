using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Every error of the feature stores, CE3060 to CE3079.</summary>
internal static class StoreErrors
{
    public static ChurnDataException NoStore(string directory) =>
        new(new(3060), $"'{directory}' is no feature store") { Expected = $"a folder with {StoreManifest.FileName}", Hint = "`churn features materialise --store DIR` makes one; check the path" };

    public static ChurnConfigException OtherPlan(string directory, string expected, string actual) =>
        new(new(3061), $"feature store '{directory}' was filled by another plan")
        {
            Expected = $"plan {expected[..12]}",
            Actual = $"plan {actual[..12]}",
            Hint = "features of two plans do not mix: name another folder with --store, or use the churn.yaml that filled this one",
        };

    public static ChurnConfigException HoldsStranger(string directory, string stranger) =>
        new(new(3062), $"'{directory}' holds '{stranger}', which no feature store has") { Hint = "name a new or empty folder with --store; nothing was touched" };

    public static ChurnTransientException InUse(string directory) =>
        new(new(3063), $"another process is writing to feature store '{directory}'") { Hint = "wait for it to end, or name another folder with --store" };

    public static ChurnConfigException CannotWrite(string path, Exception cause) =>
        new(new(3064), $"feature store '{path}' cannot be written", cause)
        {
            Actual = cause.Message.TrimEnd('.'),
            Hint = StorageFault.Hint(cause, "name another place, where this user may write"),
        };

    public static ChurnDataException BrokenManifest(string path, string why) =>
        new(new(3065), $"'{path}' cannot be read: {why}") { Hint = "it was changed or damaged: restore it, or fill a new store" };

    public static ChurnDataException OtherKeys(string directory, ColumnType expected, ColumnType actual) =>
        new(new(3066), $"feature store '{directory}' has other keys than the tables now")
        {
            Expected = Keys(expected),
            Actual = Keys(actual),
            Hint = "the key columns of the tables changed their type: bring them back, or fill a new store",
        };

    public static ChurnConfigException BeyondTheData(long asOf, long end) =>
        new(new(3067), $"as of {InstantText.Format(asOf)} lies beyond the end of the data")
        {
            Expected = $"an instant up to a day after {InstantText.Format(end)}",
            Hint = "what is stored stays: a date is materialised when its data is there; say `extract_at` in the plan when nothing happened since",
        };

    public static ChurnConfigException BadRange(string message, string hint) =>
        new(new(3068), message) { Hint = hint };

    public static ChurnConfigException NameClash(string name, string other) =>
        new(new(3069), $"columns '{name}' and '{other}' cannot stand in one table") { Hint = "databases take names that differ in case alone for one: rename a feature or a column" };

    public static ChurnDataException NoSuchDate(string directory, IReadOnlyList<long> missing, IReadOnlyList<long> dates) =>
        new(new(3070), missing.Count == 0 ? $"feature store '{directory}' is empty" : $"feature store '{directory}' lacks {missing.Count} {(missing.Count == 1 ? "date" : "dates")}: {Listed(missing)}")
        {
            Actual = dates.Count == 0 ? "no date at all" : $"{dates.Count} from {InstantText.Format(dates[0])} to {InstantText.Format(dates[^1])}",
            Hint = "`churn features backfill` adds dates; `churn features join --at latest` takes the last date before each row's",
        };

    public static ChurnDataException NoPairMatches(string table, long rows, string first) =>
        new(new(3071), $"not one of the {rows} rows of '{table}' has features in the store")
        {
            Actual = first,
            Hint = "keys must be written alike in both: compare leading zeros, prefixes, blanks and case, and whether --key and --time name the right columns",
        };

    public static ChurnDataException NoColumn(string table, string column, IEnumerable<string> known) =>
        new(new(3072), $"'{table}' has no column '{column}'") { Hint = Suggestion.For(column, known) };

    public static ChurnDataException NoOnlineStore(string path, string why) =>
        new(new(3073), $"'{path}' is no online feature store: {why}") { Hint = "`churn features publish` writes one; check the path" };

    public static ChurnDataException NoSuchCustomer(string path, string key) =>
        new(new(3074), $"online feature store '{path}' has no customer '{key}'") { Hint = "keys are compared exactly; who was not at risk as of its date is not in it" };

    public static ChurnConfigException NoSqlite(Exception cause) =>
        new(new(3075), "SQLite's native library cannot be loaded", cause) { Actual = cause.Message.Split('\n')[0].Trim().TrimEnd('.'), Hint = "build again, and copy the whole output folder" };

    private static string Keys(ColumnType type) => type == ColumnType.Int64 ? "whole numbers" : "text";

    private static string Listed(IReadOnlyList<long> dates) =>
        string.Join(", ", dates.Take(5).Select(InstantText.Format)) + (dates.Count > 5 ? ", ..." : "");
}
