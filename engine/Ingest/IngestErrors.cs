using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest.Files;

namespace ChurnEngine.Ingest;

/// <summary>Every error of the stage: CE2001 to CE2089.</summary>
internal static class IngestErrors
{
    private const string Endings = ".parquet, .arrow, .arrows, .feather, .ipc, .csv, .tsv, .json, .jsonl or .ndjson";

    public static ChurnDataException FileMissing(string table, string path) => new(new ErrorCode(2001), $"table '{table}': '{path}' does not exist")
    {
        Hint = Path.IsPathRooted(path)
            ? "check the path; in a churn.yaml it is taken from the folder of that file"
            : $"the path is taken from the working folder, '{Environment.CurrentDirectory}'",
    };

    public static ChurnDataException NothingMatches(string table, string path) => new(new ErrorCode(2002), $"table '{table}': no data file matches '{path}'")
    {
        Expected = $"{Endings} (text also with .gz)",
        Hint = "files and folders whose names start with '.' or '_' are passed over in folders",
    };

    public static ChurnDataException UnknownFormat(string table, string path) => new(new ErrorCode(2003), $"table '{table}': the format of '{path}' cannot be told from its name")
    {
        Expected = Endings,
        Hint = "rename it; in a churn.yaml `format: csv` (or parquet, json, arrow) says it too. A workbook is saved as CSV in UTF-8 first",
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
            Hint = $"{Suggestion.Sentence(column, known)} In a churn.yaml, `columns: {{ {column}: its-name-there }}` of the table maps a column of another name",
        };

    public static ChurnDataException WrongType(string table, string column, ColumnType type, BadCell first) =>
        new(new ErrorCode(2007), $"table '{table}': not one value of column '{column}' can be read as {type.InWords()}")
        {
            Actual = $"{Shown(first.Value)} in {first.File} row {first.Row}",
            Hint = type switch
            {
                ColumnType.Date32 or ColumnType.TimestampMillis or ColumnType.TimestampMicros => "write times as 2024-12-31 or 2024-12-31T23:59:59Z; 31/12/2024 may mean two days and is not guessed. Or name another column",
                >= ColumnType.Int8 and <= ColumnType.Int64 => "write whole numbers by their digits alone, such as 1234. Or name another column",
                _ when type.IsNumeric() => "write numbers with a point and without separators or units, such as 1234.5. Or name another column",
                _ => "name another column",
            },
        };

    public static ChurnDataException TooManyBadRows(string table, long refused, long read, double limit, BadCell first, string? quarantine) =>
        new(new ErrorCode(2008), $"table '{table}': {refused} of {read} rows cannot be used; first {Where(first)}")
        {
            Expected = string.Create(CultureInfo.InvariantCulture, $"at most {limit:0.###%}"),
            Actual = string.Create(CultureInfo.InvariantCulture, $"{(double)refused / read:0.###%}"),
            Hint = $"correct {(quarantine is null ? "them" : $"the rows listed in {quarantine}")}; where so many are right, raise `bad_share_limit` under `ingest:` in a churn.yaml",
        };

    public static ChurnDataException Unreadable(string table, string path, Exception cause) =>
        new(new ErrorCode(2009), $"table '{table}': '{path}' cannot be read: {Reason(cause)}", cause)
        {
            Hint = cause.Message.Contains("could not allocate block", StringComparison.Ordinal) ? "give the job more memory with --memory: a CSV file of more than 32 MB needs 128 MB and up"
                : cause is DuckDb.DuckDbException && SourceFile.FormatOf(path) == FileFormat.JsonLines ? "each line must hold one whole JSON object; `jq -c .` writes it so"
                : cause is IOException ? "check the path, its links, and the disk that it is on"
                : "the file is damaged, or is of another format than its name says: export it again",
        };

    public static ChurnDataException NoPermission(string table, string path, Exception? cause) => new(new ErrorCode(2010), $"table '{table}': no permission to read '{path}'", cause)
    {
        Hint = "check the owner and the mode of the file and of its folders",
    };

    public static ChurnDataException MixedFormats(string table, string path, IEnumerable<FileFormat> formats) =>
        new(new ErrorCode(2011), $"table '{table}': '{path}' holds files of several formats ({string.Join(", ", formats)})")
        {
            Hint = "state the format of the source, or use a glob such as 'folder/*.parquet'",
        };

    public static ChurnConfigException CannotWrite(string path, Exception cause) =>
        new(new ErrorCode(2012), $"'{path}' cannot be written: {Reason(cause)}", cause)
        {
            Hint = StorageFault.Hint(cause, "choose a folder that this user has permission to write to, and name a file in it"),
        };

    public static ChurnDataException DuplicateColumn(string table, string path, string column) => new(new ErrorCode(2013), $"table '{table}': '{path}' has two columns named '{column}'")
    {
        Hint = "rename one of them in the file",
    };

    public static ChurnDataException OpenHeader(string table, string path) => new(new ErrorCode(2015), $"table '{table}': a quote in the header of '{path}' is never closed")
    {
        Hint = "close it, or drop it; a quote inside a name is written twice",
    };

    public static ChurnDataException BlankHeader(string table, string path) => new(new ErrorCode(2021), $"table '{table}': the first line of '{path}' is blank")
    {
        Expected = "the names of the columns",
        Hint = "check the export that wrote it; a header is the first line of the file",
    };

    public static ChurnDataException NoText(string table, string path, (string What, string Hint) fault) => new(new ErrorCode(2016), $"table '{table}': '{path}' is {fault.What}")
    {
        Expected = "text in UTF-8",
        Hint = fault.Hint,
    };

    public static ChurnDataException TooWide(string table, string path, string what, string most) => new(new ErrorCode(2017), $"table '{table}': the header of '{path}' has {what}")
    {
        Expected = $"at most {most}",
        Hint = "export the columns that are needed, or write the table as Parquet",
    };

    public static ChurnDataException NoObject(string table, string path, string first) => new(new ErrorCode(2018), $"table '{table}': no line of '{path}' is a JSON object")
    {
        Expected = "one object a line, such as {\"id\": 1, \"at\": \"2024-12-31\"}",
        Actual = Shown(first),
        Hint = "an array or a pretty-printed file is turned into lines by `jq -c '.[]'` or `jq -c .`",
    };

    public static ChurnDataException NotAFile(string table, string path, PathKind kind) => new(new ErrorCode(2019), $"table '{table}': '{path}' is {kind.InWords()}, not a file")
    {
        Hint = kind is PathKind.Loop ? "remove the link, and name the file itself" : "files are read more than once, so write the data to a file first and name that",
    };

    public static ChurnDataException Remote(string table, string path) => new(new ErrorCode(2020), $"table '{table}': '{path}' is not on this machine")
    {
        Expected = "a path to a file, a folder or a glob",
        Hint = "a job does not reach for the network: copy the files here first",
    };

    public static ChurnDataException LinkToNothing(string table, string path, string target) => new(new ErrorCode(2001), $"table '{table}': '{path}' is a link to '{target}', which does not exist")
    {
        Hint = "bring the file back, or point the link to where it is now",
    };

    public static ChurnConfigException NativeLibraryMissing(Exception cause) => new(new ErrorCode(2014), $"DuckDB's native library cannot be loaded: {cause.Message.Split('\n')[0]}", cause)
    {
        Hint = "run `dotnet build` again with npm at hand; linux-x64 is the platform served today",
    };

    /// <summary>True for an error of the Arrow reader, which knows of no tables.</summary>
    public static bool IsOfArrow(ChurnDataException error) => error.Code.Number / 100 == 21;

    /// <summary>The same error, with the table that the file belongs to.</summary>
    public static ChurnDataException InTable(string table, ChurnDataException error) => new(error.Code, $"table '{table}': {error.Message}", error)
    {
        Expected = error.Expected,
        Actual = error.Actual,
        Hint = error.Hint,
    };

    /// <summary>A bad cell in one line: file, row, column, value, reason.</summary>
    public static string Where(BadCell cell) => $"{cell.File} row {cell.Row}{(cell.Column.Length > 0 ? $" column '{cell.Column}' value" : ",")} {Shown(cell.Value)}: {cell.Reason}";

    private static string Reason(Exception cause) => (cause is DuckDb.DuckDbException native ? InWords(native.FirstLine) : cause.Message).TrimEnd('.');

    // What DuckDB says, without its class of error, and in words where its own need knowledge of the format.
    private static string InWords(string message)
    {
        if (message.Contains("No magic bytes", StringComparison.Ordinal))
            return "it does not end as a Parquet file does";
        if (message.Contains("is encrypted", StringComparison.Ordinal))
            return "it is encrypted";
        if (message.Contains("TProtocolException", StringComparison.Ordinal) || message.Contains("don't know what type", StringComparison.Ordinal))
            return "its structure is damaged";
        int place = message.IndexOf("Error: ", StringComparison.Ordinal);
        string rest = place is >= 0 and < 30 ? message[(place + 7)..] : message;
        return char.ToLowerInvariant(rest[0]) + rest[1..].Replace(". Try auto-detecting the JSON format", "", StringComparison.Ordinal);
    }

    // One line, and no longer than a reader needs.
    private static string Shown(string value)
    {
        const int Longest = 80;
        string line = string.Concat(value.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length == 0 ? "empty" : $"'{(line.Length > Longest ? line[..Longest] + "…" : line)}'";
    }
}

/// <summary>One value that broke the contract.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Row">1-based data row in its file.</param>
/// <param name="Column">Our name of the column; empty when the line as a whole is bad.</param>
/// <param name="Value">What stood there, cut to 1,000 characters.</param>
/// <param name="Reason">Why it is refused.</param>
internal sealed record BadCell(string File, long Row, string Column, string Value, string Reason);
