namespace ChurnEngine.Columns;

/// <summary>What can be wrong with data that another library hands over through Arrow: CE2090 to CE2099.</summary>
internal static class InteropErrors
{
    public static ChurnDataException UnknownFormat(string column, string format) => new(new ErrorCode(2090), $"column '{column}' has the Arrow format '{format}', which the engine does not hold")
    {
        Expected = "bool, int8/16/32/64, float32/64, date32, timestamp in ms or us (UTC), utf8 or dictionary<int32, utf8>",
        Hint = "cast the column before handing it over",
    };

    public static ChurnDataException NotAStruct(string format) => new(new ErrorCode(2091), "a record batch is handed over as an Arrow struct")
    {
        Expected = "format '+s'",
        Actual = $"'{format}'",
    };

    public static ChurnDataException Malformed(string column, string what) => new(new ErrorCode(2092), $"column '{column}' of an Arrow array is malformed: {what}")
    {
        Hint = "the library that produced it breaks the Arrow C data interface",
    };

    public static ChurnDataException Released() => new(new ErrorCode(2093), "an Arrow array or schema was handed over that is released already");

    public static ChurnDataException NullRows(long count) => new(new ErrorCode(2094), $"{count} rows of an Arrow struct are null as a whole")
    {
        Hint = "make the columns null instead; a record batch has no null rows",
    };

    public static ChurnDataException DuplicateName(string column) => new(new ErrorCode(2095), $"column '{column}' occurs twice in an Arrow schema");
}
