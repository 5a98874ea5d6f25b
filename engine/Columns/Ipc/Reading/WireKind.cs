namespace ChurnEngine.Columns;

/// <summary>The layouts of values that are accepted, ours and those that others send.</summary>
internal enum WireKind
{
    Boolean,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Float16,
    Float32,
    Float64,
    Date32,
    Date64,
    TimestampSeconds,
    TimestampMillis,
    TimestampMicros,
    TimestampNanos,
    Utf8,
    LargeUtf8,
    Utf8View,
    Null,
}

/// <summary>One column as it comes.</summary>
/// <param name="Field">What becomes of it.</param>
/// <param name="Kind">Layout of its values, or of its dictionary's.</param>
/// <param name="Codes">Layout of its codes when it has a dictionary.</param>
/// <param name="DictionaryId">Which dictionary that is.</param>
internal sealed record WireField(Field Field, WireKind Kind, WireKind? Codes = null, long DictionaryId = 0)
{
    /// <summary>Set for a column that nobody asked for: what it takes of a batch.</summary>
    public WireShape? Passed { get; init; }
}

internal static class WireKinds
{
    /// <summary>Our type that holds every value; see <see cref="ArrowStreamReader"/> for the rules.</summary>
    public static ColumnType Held(this WireKind kind) => kind switch
    {
        WireKind.Boolean => ColumnType.Boolean,
        WireKind.Int8 => ColumnType.Int8,
        WireKind.Int16 or WireKind.UInt8 => ColumnType.Int16,
        WireKind.Int32 or WireKind.UInt16 => ColumnType.Int32,
        WireKind.Int64 or WireKind.UInt32 or WireKind.UInt64 => ColumnType.Int64,
        WireKind.Float16 or WireKind.Float32 => ColumnType.Float32,
        WireKind.Float64 => ColumnType.Float64,
        WireKind.Date32 => ColumnType.Date32,
        WireKind.Date64 or WireKind.TimestampMillis => ColumnType.TimestampMillis,
        WireKind.TimestampSeconds or WireKind.TimestampMicros or WireKind.TimestampNanos => ColumnType.TimestampMicros,
        WireKind.Utf8 or WireKind.LargeUtf8 or WireKind.Utf8View or WireKind.Null => ColumnType.Utf8,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static bool IsText(this WireKind kind) => kind is WireKind.Utf8 or WireKind.LargeUtf8 or WireKind.Utf8View;
}
