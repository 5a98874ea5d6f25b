using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Every error of this stage, CE3001 and up, in one place.</summary>
internal static class FeaturesErrors
{
    public static ChurnConfigException Syntax(Mark mark, string message, string hint = "correct that line; engine/Features/README.md has the plan language") =>
        new(new(3001), $"{mark}: {message}") { Hint = hint };

    public static ChurnConfigException UnknownName(Mark mark, string what, string name, IEnumerable<string> known) =>
        new(new(3002), $"{mark}: unknown {what} '{name}'") { Hint = Suggestion.For(name, known) };

    /// <summary>A column that the plan names and the table's files lack; one long name, or names that are values, tell why.</summary>
    public static ChurnConfigException UnknownColumn(Mark mark, (string Table, string Path) source, string column, IReadOnlyList<string> known)
    {
        string hint = known.Count == 1 && known[0].Contains(column, StringComparison.OrdinalIgnoreCase) && known[0].Length > column.Length
            ? $"the header was read as one name, '{known[0]}': columns are separated by comma, semicolon, tab or bar"
            : Suggestion.Sentence(column, known);
        if (known.Count > 0 && known.All(name => name.Length > 0) && known.Any(name => double.TryParse(name, System.Globalization.CultureInfo.InvariantCulture, out _)))
            hint += " The first line of the file must be its header";
        return new(new(3002), $"{mark}: '{source.Path}' has no column '{column}', which the plan reads from table '{source.Table}'") { Hint = hint.TrimEnd('.') };
    }

    public static ChurnConfigException Missing(Mark mark, string what, string hint) =>
        new(new(3003), $"{mark}: {what} is missing") { Hint = hint };

    public static ChurnConfigException Duplicate(Mark mark, string what, string name) =>
        new(new(3004), $"{mark}: {what} '{name}' occurs twice") { Hint = "give each its own name" };

    public static ChurnConfigException LabelKindInFeature(Mark mark, string feature, string kind) =>
        new(new(3005), $"{mark}: feature '{feature}' looks at kind '{kind}', which is the label itself")
        {
            Hint = "rows of a label kind never reach a feature; name another kind",
        };

    public static ChurnConfigException BadCombination(Mark mark, string message, string hint) =>
        new(new(3006), $"{mark}: {message}") { Hint = hint };

    public static ChurnConfigException NotATarget(Mark mark, string value, string why) =>
        new(new(3046), $"{mark}: {value} cannot be the target of a label") { Expected = "an aggregate over the rows of the label window", Actual = why, Hint = "engine/Features/README.md lists the aggregates; for example target: \"sum(amount) within 90d\"" };

    public static ChurnConfigException NoSource(string table) =>
        new(new(3007), $"table '{table}' has no source") { Hint = $"name its file in churn.yaml: tables: {{ {table}: {{ source: ... }} }}" };

    public static ChurnConfigException PlanMismatch(string expected, string actual) =>
        new(new(3008), "the plan is not the one that the data or the model was made with")
        {
            Expected = $"plan {expected[..12]}",
            Actual = $"plan {actual[..12]}",
            Hint = "use the churn.yaml that the model was trained with, or train again",
        };

    public static ChurnDataException SumOverflow(string table, string column, int scale, double? value = null) =>
        new(new(3020), $"sum of '{column}' in table '{table}' does not fit into 64-bit fixed point with {scale} decimals")
        {
            Actual = value is { } given ? $"a value of {given.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}" : "",
            Hint = "give the feature a smaller `scale`, or look for absurd values in that column",
        };

    public static ChurnDataException NotFinite(string table, string column) =>
        new(new(3021), $"column '{column}' of table '{table}' holds an infinite value") { Hint = "replace it by a number or leave it empty" };

    public static ChurnDataException InstantOutOfRange(string table, long value) =>
        new(new(3023), $"table '{table}' holds an instant outside the years 1 to 9999") { Actual = value.ToString(System.Globalization.CultureInfo.InvariantCulture), Hint = "check `time_unit` of that table: s, ms or us" };

    public static ChurnDataException NoKeyMatches(string table, string signups, string key) =>
        new(new(3026), $"no key of table '{table}' occurs in table '{signups}'")
        {
            Actual = $"'{key}', for one",
            Hint = "a key must be written alike in both: compare leading zeros, prefixes, blanks and case, and whether the columns are the right ones",
        };

    public static ChurnDataException TooManyRows(string table) =>
        new(new(3022), $"a few customers have more than 2,147,483,647 rows of table '{table}'") { Hint = "is the key right? The customers of one partition cannot have more" };

    public static ChurnTransientException CannotSpill(Exception cause) =>
        new(new(3045), $"rows that do not fit into memory cannot be put into '{Path.GetTempPath()}'", cause)
        {
            // The name in the runtime's message is that of a file which nobody asked for.
            Actual = cause.Message.Split(" : '")[0].TrimEnd('.'),
            Hint = StorageFault.IsFull(cause) ? "make room there, set TMPDIR to a folder on a larger disk, or give more memory with --memory" : "set TMPDIR to a folder that this user may write to, or give more memory with --memory",
        };

    public static ChurnDataException TooManyCustomers(long count) =>
        new(new(3040), "more customers than one job holds") { Expected = "at most 2,147,483,647", Actual = $"{count}", Hint = "split the customers over several runs" };

    public static ChurnDataException WrongType(string table, string column, ColumnType wanted, ColumnType found) =>
        new(new(3042), $"column '{column}' of table '{table}' is of the wrong type") { Expected = $"{wanted}", Actual = $"{found}", Hint = "hand the column over in that type" };

    public static ChurnDataException InfiniteFeature(string feature, int row) =>
        new(new(3048), $"feature '{feature}' of row {row + 1} is infinite") { Expected = "a finite number that a float32 holds, or null", Hint = "send what computed it with a guard, or null" };

    public static ChurnDataException MissingValue(string table, string column) =>
        new(new(3043), $"column '{column}' of table '{table}' has a row without a value") { Expected = "a key and an instant in every row", Hint = "leave such rows out" };

    public static ChurnConfigException NeedsPopulation(string feature) =>
        new(new(3044), $"feature '{feature}' compares with the whole population, and only one customer is here") { Hint = "hand over the reference of a batch: Featurizer.ReferenceAt" };

    public static ChurnConfigException TooManyClasses(Mark mark, string table) =>
        new(new(3041), $"{mark}: the rows of table '{table}' meet the plan's conditions in more than 65,536 ways") { Hint = "ask for fewer different conditions, or spread them over several tables" };

    public static ChurnDataException NoLabel(string table, string column, string hint) =>
        new(new(3030), $"table '{table}' has no label column '{column}'") { Hint = hint };

    public static ChurnDataException NoId(string table, string column, string hint) =>
        new(new(3031), $"table '{table}' has no id column '{column}'") { Hint = hint };

    public static ChurnConfigException NothingToDrop(string table, string column, IEnumerable<string> known) =>
        new(new(3038), $"table '{table}' has no column '{column}' to leave out") { Hint = Suggestion.For(column, known) };

    public static ChurnDataException LabelValues(string column, int distinct, string examples) =>
        new(new(3032), $"label '{column}' must have exactly two values")
        {
            Expected = "2 distinct values",
            Actual = distinct == 0 ? "none" : $"{distinct}{(distinct > 20 ? " or more" : "")}: {examples}",
            Hint = distinct < 2 ? "a constant label teaches nothing; check the export" : "pick a column with two values, such as Yes and No, or map the others first; a number is learnt with --task regression",
        };

    public static ChurnDataException LabelIsNoNumber(string table, string column, string value) =>
        new(new(3047), $"label '{column}' of table '{table}' holds a value that is no number")
        {
            Expected = "numbers that fit 32 bits; empty means unknown",
            Actual = $"'{value}'",
            Hint = "correct or leave out such rows; a label of two values is learnt with --task classification",
        };

    public static ChurnDataException NoFeatures(string table) =>
        new(new(3033), $"table '{table}' has no column that can be a feature") { Hint = "it needs at least one column beside id and label that is not constant" };

    public static ChurnDataException NoRows(string table) =>
        new(new(3034), $"table '{table}' has no row") { Hint = "check the path and the filter of the export" };

    public static ChurnDataException UnknownLabelValue(string column, string value, string positive) =>
        new(new(3035), $"label '{column}' holds a value that the plan does not know")
        {
            Expected = $"'{positive}' or one other value",
            Actual = $"'{value}' as a third",
            Hint = "labels have two values; empty means unknown",
        };

    public static ChurnConfigException PlanHasNoLabel() =>
        new(new(3036), "the plan has no label") { Hint = "add for example: label: { churned: \"kind = cancel within 30d\" }, or, where a number is to be predicted: label: { target: \"sum(amount) within 90d\" }" };

    public static ChurnDataException NoUsableSnapshot(string reason) =>
        new(new(3037), "no as-of date is usable for training") { Actual = reason, Hint = "bring a longer history, shorten the horizon, or set extract_at" };

    public static ChurnDataException NotNumeric((string Table, string Path) source, string column, (long Count, string First) texts) =>
        new(new(3039), $"column '{column}' of table '{source.Table}', read from '{source.Path}', holds no number")
        {
            Expected = "numbers, as in the table that the model was trained on",
            Actual = $"{texts.Count} texts, such as '{texts.First}'",
            Hint = "check the export; an empty cell is a missing value",
        };
}
