using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Ingest;

/// <summary>Every error of the stage: CE2001 to CE2089.</summary>
internal static class IngestErrors
{
    public static ChurnDataException FileMissing(string table, string path) => new(new ErrorCode(2001), $"table '{table}': '{path}' does not exist")
    {
        Hint = Path.IsPathRooted(path)
            ? "check the path; in a churn.yaml it is taken from the folder of that file"
            : $"the path is taken from the working folder, '{Environment.CurrentDirectory}'",
    };

    public static ChurnDataException NothingMatches(string table, string path) => new(new ErrorCode(2002), $"table '{table}': no data file matches '{path}'")
    {
        Expected = ".parquet, .csv, .tsv, .json, .jsonl or .ndjson (text also with .gz)",
        Hint = "files and folders whose names start with '.' or '_' are passed over in folders",
    };

    public static ChurnDataException UnknownFormat(string table, string path) => new(new ErrorCode(2003), $"table '{table}': the format of '{path}' cannot be told from its name")
    {
        Expected = ".parquet, .csv, .tsv, .json, .jsonl or .ndjson",
        Hint = "state the format of the source",
    };

    public static ChurnDataException EmptyFile(string table, string path) => new(new ErrorCode(2004), $"table '{table}': '{path}' is empty (0 bytes)")
    {
        Hint = "was it written to its end?",
    };

    public static ChurnDataException NoRows(string table, string path) => new(new ErrorCode(2005), $"table '{table}': '{path}' has columns but no rows")
    {
        Hint = "check the export that wrote it",
    };

    public static ChurnDataException MissingColumn(string table, string path, string column, IReadOnlyList<string> known) =>
        new(new ErrorCode(2006), $"table '{table}': '{path}' has no column '{column}'")
        {
            Actual = string.Join(", ", known.Take(40)) + (known.Count > 40 ? ", ..." : ""),
            Hint = $"{Suggestion.For(column, known)} A column of another name is mapped in the source's columns",
        };

    public static ChurnDataException WrongType(string table, string column, ColumnType type, BadCell first) =>
        new(new ErrorCode(2007), $"table '{table}': column '{column}' is not {type}, not one of its values converts")
        {
            Expected = type.ToString(),
            Actual = $"'{first.Value}' in {first.File} row {first.Row}",
            Hint = "ask for another column, or for text",
        };

    public static ChurnDataException TooManyBadRows(string table, long refused, long read, double limit, BadCell first, string? quarantine) =>
        new(new ErrorCode(2008), $"table '{table}': {refused} of {read} rows break the contract; first: {first.File} row {first.Row} column '{first.Column}' value '{first.Value}' ({first.Reason})")
        {
            Expected = string.Create(CultureInfo.InvariantCulture, $"at most {limit:0.###%}"),
            Actual = string.Create(CultureInfo.InvariantCulture, $"{(double)refused / read:0.###%}"),
            Hint = $"{(quarantine is null ? "state a quarantine folder to see them all" : $"all of them are listed in {quarantine}")}; where so many are right, raise `bad_share_limit` under `ingest:`",
        };

    public static ChurnDataException Unreadable(string table, string path, Exception cause) =>
        new(new ErrorCode(2009), $"table '{table}': '{path}' cannot be read: {(cause is DuckDb.DuckDbException native ? native.FirstLine : cause.Message)}", cause)
        {
            Hint = "the file is damaged, or is of another format than its name says",
        };

    public static ChurnDataException NoPermission(string table, string path, Exception cause) => new(new ErrorCode(2010), $"table '{table}': no permission to read '{path}'", cause)
    {
        Hint = "check the owner and the mode of the file and of its folders",
    };

    public static ChurnDataException MixedFormats(string table, string path, IEnumerable<FileFormat> formats) =>
        new(new ErrorCode(2011), $"table '{table}': '{path}' holds files of several formats ({string.Join(", ", formats)})")
        {
            Hint = "state the format of the source, or use a glob such as 'folder/*.parquet'",
        };

    public static ChurnConfigException CannotWrite(string path, Exception cause) =>
        new(new ErrorCode(2012), $"'{path}' cannot be written: {(cause is DuckDb.DuckDbException native ? native.FirstLine : cause.Message)}", cause)
        {
            Hint = "check that its folder may be written to and that the disk has room",
        };

    public static ChurnDataException DuplicateColumn(string table, string path, string column) => new(new ErrorCode(2013), $"table '{table}': '{path}' has two columns named '{column}'")
    {
        Hint = "rename one of them in the file",
    };

    public static ChurnConfigException NativeLibraryMissing(Exception cause) => new(new ErrorCode(2014), $"DuckDB's native library cannot be loaded: {cause.Message.Split('\n')[0]}", cause)
    {
        Hint = "run `dotnet build` again with npm at hand; linux-x64 is the platform served today",
    };
}

/// <summary>One value that broke the contract.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Row">1-based data row in its file.</param>
/// <param name="Column">Our name of the column; empty when the line as a whole is bad.</param>
/// <param name="Value">What stood there, cut to 1,000 characters.</param>
/// <param name="Reason">Why it is refused.</param>
internal sealed record BadCell(string File, long Row, string Column, string Value, string Reason);
