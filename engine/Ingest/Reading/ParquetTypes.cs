using ChurnEngine.Columns;
using ChurnEngine.Ingest.Conversion;

namespace ChurnEngine.Ingest.Reading;

/// <summary>How a typed column becomes what the contract asks: without a copy where the types agree, by a cast that loses nothing
/// where there is one, and through text, cell by cell, otherwise.</summary>
internal static class ParquetTypes
{
    /// <summary>The query expression of a column, and what to do with what it delivers.</summary>
    public static (string Sql, ColumnConversion Conversion) Plan(FileColumn column, ColumnType asked)
    {
        string name = column.Sql;
        ColumnType? held = Direct(column.SqlType);
        if (held == asked && asked is (ColumnType.TimestampMicros or ColumnType.TimestampMillis))
            return (name, new InstantCheck(asked));
        if (held == asked && asked is not (ColumnType.Float32 or ColumnType.Float64))
            return (name, new AsDelivered());
        bool isTime = column.SqlType.StartsWith("TIMESTAMP", StringComparison.Ordinal) || held == ColumnType.Date32;
        switch (asked)
        {
            case ColumnType.Float64 when IsNumber(column.SqlType):
                return ($"CAST({name} AS DOUBLE)", new FloatConversion<double, double>(asked));
            case ColumnType.Float32 when held == ColumnType.Float32:
                return (name, new FloatConversion<float, float>(asked));
            case ColumnType.Float32 when IsNumber(column.SqlType):
                return ($"CAST({name} AS DOUBLE)", new FloatConversion<double, float>(asked));
            case ColumnType.Int8 or ColumnType.Int16 or ColumnType.Int32 or ColumnType.Int64 when IntegerBits(column.SqlType) is int bits && bits <= BitsOf(asked):
                return ($"CAST({name} AS {SqlInteger(asked)})", new AsDelivered());
            case ColumnType.Date32 when isTime:
                return ($"CAST({name} AS DATE)", new AsDelivered());
            // Arrow's alone. The cast would refuse the file for one absurd value, and of an infinity there are no milliseconds.
            case ColumnType.TimestampMicros when held == ColumnType.TimestampMillis:
                return ($"CASE WHEN {name} IS NOT NULL THEN coalesce(epoch_ms({name}), {long.MaxValue}) END", new MicrosFromMillis());
            case ColumnType.TimestampMicros when isTime:
                return ($"CAST({name} AS TIMESTAMP)", new InstantCheck(asked));
            case ColumnType.TimestampMillis when isTime:
                return ($"CAST(CAST({name} AS TIMESTAMP) AS TIMESTAMP_MS)", new InstantCheck(asked));
            case ColumnType.TimestampMicros when IntegerBits(column.SqlType) is <= 64:
                return ($"CAST({name} AS BIGINT)", new MicrosFromMillis());
            default:
                return ($"CAST({name} AS VARCHAR)", ColumnConversion.FromText(asked));
        }
    }

    /// <summary>The type that we call a column of this DuckDB type; text when there is none nearer.</summary>
    public static ColumnType Nearest(string sqlType) => Direct(sqlType) ?? sqlType switch
    {
        _ when sqlType.StartsWith("DECIMAL", StringComparison.Ordinal) => ColumnType.Float64,
        "UTINYINT" or "USMALLINT" or "UINTEGER" => ColumnType.Int64,
        "UBIGINT" or "HUGEINT" or "UHUGEINT" => ColumnType.Float64,
        "TIMESTAMP_S" or "TIMESTAMP_NS" => ColumnType.TimestampMicros,
        _ => ColumnType.Utf8,
    };

    private static ColumnType? Direct(string sqlType) => sqlType switch
    {
        "BOOLEAN" => ColumnType.Boolean,
        "TINYINT" => ColumnType.Int8,
        "SMALLINT" => ColumnType.Int16,
        "INTEGER" => ColumnType.Int32,
        "BIGINT" => ColumnType.Int64,
        "FLOAT" => ColumnType.Float32,
        "DOUBLE" => ColumnType.Float64,
        "DATE" => ColumnType.Date32,
        "TIMESTAMP_MS" => ColumnType.TimestampMillis,
        "TIMESTAMP" or "TIMESTAMP WITH TIME ZONE" => ColumnType.TimestampMicros,
        "VARCHAR" => ColumnType.Utf8,
        _ => null,
    };

    // Bits of the signed integer that holds every value; the widest unsigned and 128-bit integers go through text.
    private static int? IntegerBits(string sqlType) => sqlType switch
    {
        "BOOLEAN" or "TINYINT" => 8,
        "SMALLINT" or "UTINYINT" => 16,
        "INTEGER" or "USMALLINT" => 32,
        "BIGINT" or "UINTEGER" => 64,
        _ => null,
    };

    private static bool IsNumber(string sqlType) =>
        IntegerBits(sqlType) is not null || sqlType is "FLOAT" or "DOUBLE" or "UBIGINT" or "HUGEINT" or "UHUGEINT" || sqlType.StartsWith("DECIMAL", StringComparison.Ordinal);

    private static int BitsOf(ColumnType type) => type switch
    {
        ColumnType.Int8 => 8,
        ColumnType.Int16 => 16,
        ColumnType.Int32 => 32,
        _ => 64,
    };

    private static string SqlInteger(ColumnType type) => type switch
    {
        ColumnType.Int8 => "TINYINT",
        ColumnType.Int16 => "SMALLINT",
        ColumnType.Int32 => "INTEGER",
        _ => "BIGINT",
    };
}
