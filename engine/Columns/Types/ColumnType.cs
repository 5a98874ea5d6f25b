namespace ChurnEngine.Columns;

/// <summary>The types of a column; each is one layout of the Arrow columnar format.</summary>
public enum ColumnType
{
    /// <summary>One bit a value.</summary>
    Boolean,
    /// <summary>Signed 8-bit integer.</summary>
    Int8,
    /// <summary>Signed 16-bit integer.</summary>
    Int16,
    /// <summary>Signed 32-bit integer.</summary>
    Int32,
    /// <summary>Signed 64-bit integer.</summary>
    Int64,
    /// <summary>IEEE single precision.</summary>
    Float32,
    /// <summary>IEEE double precision.</summary>
    Float64,
    /// <summary>Days since 1970-01-01 as int32.</summary>
    Date32,
    /// <summary>Milliseconds since 1970-01-01T00:00Z as int64.</summary>
    TimestampMillis,
    /// <summary>Microseconds since 1970-01-01T00:00Z as int64.</summary>
    TimestampMicros,
    /// <summary>UTF-8 text: int32 offsets and bytes.</summary>
    Utf8,
    /// <summary>UTF-8 text by int32 codes into a dictionary.</summary>
    Dictionary,
}

/// <summary>What the Arrow format says about each <see cref="ColumnType"/>.</summary>
public static class ColumnTypes
{
    /// <summary>The format string of the Arrow C Data Interface. A dictionary column gives the format of its codes.</summary>
    public static string ArrowFormat(this ColumnType type) => type switch
    {
        ColumnType.Boolean => "b",
        ColumnType.Int8 => "c",
        ColumnType.Int16 => "s",
        ColumnType.Int32 or ColumnType.Dictionary => "i",
        ColumnType.Int64 => "l",
        ColumnType.Float32 => "f",
        ColumnType.Float64 => "g",
        ColumnType.Date32 => "tdD",
        ColumnType.TimestampMillis => "tsm:UTC",
        ColumnType.TimestampMicros => "tsu:UTC",
        ColumnType.Utf8 => "u",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The type as a sentence says it, as in "expected a number".</summary>
    public static string InWords(this ColumnType type) => type switch
    {
        ColumnType.Boolean => "true or false",
        ColumnType.Int8 or ColumnType.Int16 or ColumnType.Int32 or ColumnType.Int64 => "a whole number",
        ColumnType.Float32 or ColumnType.Float64 => "a number",
        ColumnType.Date32 => "a date",
        ColumnType.TimestampMillis or ColumnType.TimestampMicros => "a time",
        _ => "text",
    };

    /// <summary>True for the types that compute as numbers; dates and timestamps are not among them.</summary>
    public static bool IsNumeric(this ColumnType type) => type is >= ColumnType.Int8 and <= ColumnType.Float64;

    /// <summary>True for text, with or without a dictionary.</summary>
    public static bool IsText(this ColumnType type) => type is ColumnType.Utf8 or ColumnType.Dictionary;
}
