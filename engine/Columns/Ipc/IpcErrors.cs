namespace ChurnEngine.Columns;

/// <summary>Where in an Arrow file or stream something is wrong.</summary>
/// <param name="Source">Path, or another name of the stream.</param>
/// <param name="Part">Such as "record batch 3".</param>
internal readonly record struct IpcPlace(string Source, string Part)
{
    /// <inheritdoc/>
    public override string ToString() => $"'{Source}', {Part}";
}

/// <summary>What can be wrong with an Arrow file or stream: CE2101 to CE2119.</summary>
internal static class IpcErrors
{
    private const string Damaged = "the file is damaged, or its writer breaks the Arrow format: write it again";

    public static ChurnDataException NotArrow(string source, string actual) => new(new ErrorCode(2101), $"'{source}' is no Arrow file or stream")
    {
        Expected = "'ARROW1' or the length of a schema message at the start",
        Actual = actual,
        Hint = actual switch
        {
            "'FEA1'" => "it is of Feather version 1: write version 2 without compression, in pandas df.to_feather(path, version=2, compression='uncompressed')",
            "'PAR1'" => "it is a Parquet file: end its name with .parquet",
            ['1', 'F', '8', 'B', ..] => "it is packed with gzip: unpack it, gunzip",
            _ => "is it of another format than its name says?",
        },
    };

    public static ChurnDataException Truncated(IpcPlace place, long expected, long actual) => new(new ErrorCode(2102), $"{place}: it ends in the middle")
    {
        Expected = $"{expected} more bytes",
        Actual = $"{actual}",
        Hint = "was it written, or sent, to its end?",
    };

    public static ChurnDataException NoEndMarker(string source) => new(new ErrorCode(2103), $"'{source}' ends without the marker that says it is whole")
    {
        Expected = "the end-of-stream marker, FFFFFFFF 00000000",
        Hint = "was its writer killed? Write it again; a writer sends the marker when it is closed",
    };

    public static ChurnDataException NoFooter(string source, string what) => new(new ErrorCode(2104), $"'{source}' starts as an Arrow file and has no footer: {what}")
    {
        Hint = "was it written to its end?",
    };

    public static ChurnDataException BadMetadata(IpcPlace place, string what) => new(new ErrorCode(2105), $"{place}: its metadata is malformed: {what}")
    {
        Hint = Damaged,
    };

    public static ChurnDataException BadColumn(IpcPlace place, string column, string what) => new(new ErrorCode(2106), $"{place}: column '{column}' is malformed: {what}")
    {
        Hint = Damaged,
    };

    public static ChurnDataException UnsupportedType(string source, string column, string type) => new(new ErrorCode(2107), $"'{source}': column '{column}' has the Arrow type {type}, which the engine does not hold")
    {
        Expected = "bool, an integer, a float, date32/64, a timestamp, utf8, large_utf8, utf8_view, or a dictionary of texts",
        Hint = "cast the column, or leave it out, before writing",
    };

    public static ChurnDataException Compressed(IpcPlace place, string codec) => new(new ErrorCode(2108), $"{place}: it is compressed with {codec}, which the engine does not unpack")
    {
        Hint = "write it uncompressed: in pandas df.to_feather(path, compression='uncompressed'), in pyarrow feather.write_feather(table, path, compression='uncompressed'), in polars df.write_ipc(path, compression='uncompressed'); or write Parquet",
    };

    public static ChurnDataException BigEndian(string source) => new(new ErrorCode(2109), $"'{source}' was written in big-endian byte order")
    {
        Expected = "little-endian",
        Hint = "convert it on the machine that wrote it",
    };

    public static ChurnDataException DeltaDictionary(IpcPlace place, long id) => new(new ErrorCode(2110), $"{place}: it extends dictionary {id} by a delta, which the engine does not read")
    {
        Hint = "write whole dictionaries (pyarrow: emit_dictionary_deltas=False)",
    };

    public static ChurnDataException MissingDictionary(IpcPlace place, string column, long id) => new(new ErrorCode(2111), $"{place}: column '{column}' needs dictionary {id}, which has not come")
    {
        Hint = "a file that keeps its dictionaries behind its batches is read from disk, not from a pipe",
    };

    public static ChurnDataException DictionaryTwice(IpcPlace place, long id) => new(new ErrorCode(2112), $"{place}: dictionary {id} comes a second time, which only a stream may do")
    {
        Hint = Damaged,
    };

    public static ChurnDataException TooLarge(IpcPlace place, string what) => new(new ErrorCode(2113), $"{place}: {what}")
    {
        Hint = "write smaller batches",
    };

    public static ChurnDataException OutOfRange(IpcPlace place, string column, Misfit misfit) => new(new ErrorCode(2114), $"{place}: column '{column}' row {misfit.Row}: {misfit.Value} does not fit")
    {
        Expected = misfit.Into,
        Hint = "correct the value, or cast the column before writing",
    };

    public static ChurnDataException NotUtf8(IpcPlace place, string column, int row) => new(new ErrorCode(2115), $"{place}: column '{column}' row {row}: the text is not UTF-8")
    {
        Hint = "its writer put bytes of another encoding into a text column: decode them there",
    };

    public static ChurnDataException OldVersion(IpcPlace place, int version) => new(new ErrorCode(2116), $"{place}: metadata version V{version + 1} is not read")
    {
        Expected = "V4 (Arrow 0.8) or V5 (Arrow 1.0)",
        Hint = "write it again with a current Arrow library",
    };

    public static ChurnDataException DuplicateName(string source, string column) => new(new ErrorCode(2117), $"'{source}' has two columns named '{column}'")
    {
        Hint = "rename one of them before writing",
    };

    public static ChurnDataException UnexpectedMessage(IpcPlace place, string kind, string expected) => new(new ErrorCode(2118), $"{place}: a message of an unexpected kind")
    {
        Expected = expected,
        Actual = kind,
        Hint = "only schemas, dictionaries and record batches are read",
    };
}

/// <summary>A value that the engine's type cannot hold.</summary>
internal readonly record struct Misfit(int Row, string Value, string Into);
