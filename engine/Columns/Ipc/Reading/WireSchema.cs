namespace ChurnEngine.Columns;

/// <summary>The schema of a stream or file: ours, and how each of its columns comes.</summary>
/// <remarks>Source: Arrow's Schema.fbs; the numbers of slots and types are its own.</remarks>
internal sealed record WireSchema(Schema Schema, IReadOnlyList<WireField> Fields)
{
    private static readonly string[] TypeNames =
    [
        "none", "null", "int", "float", "binary", "utf8", "bool", "decimal", "date", "time", "timestamp", "interval", "list", "struct", "union", "fixed_size_binary",
        "fixed_size_list", "map", "duration", "large_binary", "large_utf8", "large_list", "run_end_encoded", "binary_view", "utf8_view", "list_view", "large_list_view",
    ];

    /// <summary>Reads the table of a schema.</summary>
    /// <param name="table">Of a schema message, or in a footer.</param>
    /// <param name="place">For errors.</param>
    /// <param name="wanted">Names of the columns to read; null: all.</param>
    /// <remarks>Errors: <see cref="ChurnDataException"/> when a column has a type that no <see cref="WireKind"/> is for.</remarks>
    public static WireSchema Read(FlatTable table, IpcPlace place, IReadOnlySet<string>? wanted = null)
    {
        if (table.Int16(0) != 0)
            throw IpcErrors.BigEndian(place.Source);
        FlatVector vector = table.Vector(1, 4);
        var fields = new List<WireField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var dictionaries = new Dictionary<long, WireKind>();
        for (int i = 0; i < vector.Count; i++)
        {
            WireField field = ReadField(vector.Table(i), place, wanted);
            if (!names.Add(field.Field.Name))
                throw IpcErrors.DuplicateName(place.Source, field.Field.Name);
            if (field.Codes is not null && !dictionaries.TryAdd(field.DictionaryId, field.Kind) && dictionaries[field.DictionaryId] != field.Kind)
                throw IpcErrors.BadMetadata(place, $"dictionary {field.DictionaryId} has two types");
            fields.Add(field);
        }
        return new WireSchema(new Schema([.. fields.Where(field => field.Passed is null).Select(field => field.Field)]) { Metadata = Metadata(table.Vector(2, 4)) }, fields);
    }

    /// <summary>Names and types of the columns, those of a type that the engine does not hold too.</summary>
    public static IReadOnlyList<ArrowColumn> Describe(FlatTable table)
    {
        FlatVector vector = table.Vector(1, 4);
        var columns = new ArrowColumn[vector.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            FlatTable field = vector.Table(i);
            string name = field.Text(0) ?? "", type = TypeName(field.Byte(2));
            try
            {
                columns[i] = new ArrowColumn(name, ReadField(field, default, null).Field.Type, type);
            }
            catch (ChurnDataException)
            {
                columns[i] = new ArrowColumn(name, null, type);
            }
        }
        return columns;
    }

    private static WireField ReadField(FlatTable table, IpcPlace place, IReadOnlySet<string>? wanted)
    {
        string name = table.Text(0) ?? "";
        if (wanted is not null && !wanted.Contains(name))
            return new WireField(new Field(name, ColumnType.Utf8), WireKind.Null) { Passed = WireShape.Of(table, place) };
        WireKind kind = Kind(table.Byte(2), table.Table(3), name, place);
        var field = new Field(name, kind.Held(), table.Bool(1)) { Metadata = Metadata(table.Vector(6, 4)) };
        if (table.Table(4) is not { } encoding)
            return new WireField(field, kind);
        WireKind codes = encoding.Table(1) is { } index ? Integer(index) ?? throw IpcErrors.BadMetadata(place, $"the codes of column '{name}' have {index.Int32(0)} bits") : WireKind.Int32;
        if (!kind.IsText())
            throw IpcErrors.UnsupportedType(place.Source, name, $"dictionary of {TypeName(table.Byte(2))}");
        return new WireField(field with { Type = ColumnType.Dictionary }, kind, codes, encoding.Int64(0));
    }

    private static WireKind Kind(byte type, FlatTable? detail, string column, IpcPlace place)
    {
        if (detail is not { } parameters || type == 0)
            throw IpcErrors.BadMetadata(place, $"column '{column}' has no type");
        WireKind? kind = type switch
        {
            1 => WireKind.Null,
            2 => Integer(parameters),
            3 => parameters.Int16(0) switch { 0 => WireKind.Float16, 1 => WireKind.Float32, 2 => WireKind.Float64, _ => null },
            5 => WireKind.Utf8,
            6 => WireKind.Boolean,
            8 => parameters.Int16(0, absent: 1) switch { 0 => WireKind.Date32, 1 => WireKind.Date64, _ => null },
            10 => parameters.Int16(0) switch { 0 => WireKind.TimestampSeconds, 1 => WireKind.TimestampMillis, 2 => WireKind.TimestampMicros, 3 => WireKind.TimestampNanos, _ => null },
            20 => WireKind.LargeUtf8,
            24 => WireKind.Utf8View,
            _ => throw IpcErrors.UnsupportedType(place.Source, column, TypeName(type)),
        };
        return kind ?? throw IpcErrors.BadMetadata(place, $"column '{column}' has a {TypeName(type)} of no known width or unit");
    }

    private static WireKind? Integer(FlatTable type) => (type.Int32(0), type.Bool(1)) switch
    {
        (8, true) => WireKind.Int8,
        (16, true) => WireKind.Int16,
        (32, true) => WireKind.Int32,
        (64, true) => WireKind.Int64,
        (8, false) => WireKind.UInt8,
        (16, false) => WireKind.UInt16,
        (32, false) => WireKind.UInt32,
        (64, false) => WireKind.UInt64,
        _ => null,
    };

    internal static string TypeName(byte type) => type < TypeNames.Length ? TypeNames[type] : $"number {type}";

    private static Dictionary<string, string>? Metadata(FlatVector pairs)
    {
        if (pairs.Count == 0)
            return null;
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < pairs.Count; i++)
        {
            FlatTable pair = pairs.Table(i);
            metadata[pair.Text(0) ?? ""] = pair.Text(1) ?? "";
        }
        return metadata;
    }
}
