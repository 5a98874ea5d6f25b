using System.Runtime.InteropServices;

namespace ChurnEngine.Columns;

/// <summary>Reads schemas that another library hands over through the Arrow C data interface.</summary>
public static unsafe class ArrowSchemaImport
{
    /// <summary>Reads a struct schema as the schema of a batch.</summary>
    /// <param name="source">Stays the caller's, to be released by it.</param>
    /// <remarks>Errors: <see cref="ChurnDataException"/> when a column has a type that <see cref="ColumnType"/> lacks.
    /// Source: Arrow specification, "The Arrow C data interface", data type description.</remarks>
    public static Schema Read(ArrowCSchema* source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source->IsReleased)
            throw InteropErrors.Released();
        string format = Text(source->Format);
        if (format != "+s")
            throw InteropErrors.NotAStruct(format);
        var fields = new Field[source->ChildCount];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i] = ReadField(source->Children[i]);
            if (!names.Add(fields[i].Name))
                throw InteropErrors.DuplicateName(fields[i].Name);
        }
        return new Schema(fields);
    }

    private static Field ReadField(ArrowCSchema* child)
    {
        string name = Text(child->Name);
        string format = Text(child->Format);
        ColumnType type;
        if (child->Dictionary == null)
        {
            type = TypeOf(name, format);
        }
        else
        {
            string values = Text(child->Dictionary->Format);
            if (format != "i" || values != "u")
                throw InteropErrors.UnknownFormat(name, $"dictionary<{format}, {values}>");
            type = ColumnType.Dictionary;
        }
        return new Field(name, type, (child->Flags & ArrowCSchema.NullableFlag) != 0);
    }

    private static ColumnType TypeOf(string column, string format) => format switch
    {
        "b" => ColumnType.Boolean,
        "c" => ColumnType.Int8,
        "s" => ColumnType.Int16,
        "i" => ColumnType.Int32,
        "l" => ColumnType.Int64,
        "f" => ColumnType.Float32,
        "g" => ColumnType.Float64,
        "tdD" => ColumnType.Date32,
        "tsm:" or "tsm:UTC" => ColumnType.TimestampMillis,
        "tsu:" or "tsu:UTC" => ColumnType.TimestampMicros,
        "u" => ColumnType.Utf8,
        _ => throw InteropErrors.UnknownFormat(column, format),
    };

    private static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8) ?? "";
}
