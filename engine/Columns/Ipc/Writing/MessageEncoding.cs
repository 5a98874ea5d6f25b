namespace ChurnEngine.Columns;

/// <summary>The metadata of messages and of the footer.</summary>
/// <remarks>Source: Arrow's Message.fbs, Schema.fbs and File.fbs; the numbers of slots and types are theirs.</remarks>
internal static class MessageEncoding
{
    private const short Version = 4; // V5
    private const byte IntType = 2;

    public static ReadOnlyMemory<byte> OfSchema(Schema schema)
    {
        var builder = new FlatBuilder();
        return Message(builder, MessageKind.Schema, SchemaTable(builder, schema), 0);
    }

    public static ReadOnlyMemory<byte> OfBatch(int rows, BodyParts body)
    {
        var builder = new FlatBuilder();
        return Message(builder, MessageKind.RecordBatch, BatchTable(builder, rows, body), body.Length);
    }

    public static ReadOnlyMemory<byte> OfDictionary(int id, int entries, BodyParts body)
    {
        var builder = new FlatBuilder();
        int data = BatchTable(builder, entries, body);
        builder.StartTable();
        builder.Int64(0, id);
        builder.Offset(1, data);
        builder.Bool(2, false);
        return Message(builder, MessageKind.DictionaryBatch, builder.EndTable(), body.Length);
    }

    /// <summary>The footer of a file.</summary>
    /// <param name="schema">Its columns.</param>
    /// <param name="dictionaries">Offset, metadata length and body length of each.</param>
    /// <param name="batches">The same of each record batch.</param>
    public static ReadOnlyMemory<byte> OfFooter(Schema schema, IReadOnlyList<long> dictionaries, IReadOnlyList<long> batches)
    {
        var builder = new FlatBuilder();
        int batchVector = builder.Structs(batches, 3);
        int dictionaryVector = builder.Structs(dictionaries, 3);
        int schemaTable = SchemaTable(builder, schema);
        builder.StartTable();
        builder.Int16(0, Version);
        builder.Offset(1, schemaTable);
        builder.Offset(2, dictionaryVector);
        builder.Offset(3, batchVector);
        return builder.Finish(builder.EndTable());
    }

    private static ReadOnlyMemory<byte> Message(FlatBuilder builder, MessageKind kind, int header, long bodyLength)
    {
        builder.StartTable();
        builder.Int64(3, bodyLength);
        builder.Offset(2, header);
        builder.Int16(0, Version);
        builder.Byte(1, (byte)kind);
        return builder.Finish(builder.EndTable());
    }

    private static int BatchTable(FlatBuilder builder, int rows, BodyParts body)
    {
        int nodes = builder.Structs(body.Nodes, 2);
        int buffers = builder.Structs(body.Buffers, 2);
        builder.StartTable();
        builder.Int64(0, rows);
        builder.Offset(1, nodes);
        builder.Offset(2, buffers);
        return builder.EndTable();
    }

    private static int SchemaTable(FlatBuilder builder, Schema schema)
    {
        int[] fields = [.. schema.Fields.Select((field, index) => FieldTable(builder, field, index))];
        int vector = builder.Offsets(fields);
        int metadata = Metadata(builder, schema.Metadata);
        builder.StartTable();
        builder.Int16(0, 0); // little-endian
        builder.Offset(1, vector);
        builder.Offset(2, metadata);
        return builder.EndTable();
    }

    private static int FieldTable(FlatBuilder builder, Field field, int index)
    {
        int metadata = Metadata(builder, field.Metadata);
        int children = builder.Offsets([]);
        int dictionary = field.Type == ColumnType.Dictionary ? DictionaryTable(builder, index) : 0;
        (byte typeNumber, int type) = TypeTable(builder, field.Type);
        int name = builder.Text(field.Name);
        builder.StartTable();
        builder.Offset(0, name);
        builder.Offset(3, type);
        builder.Offset(4, dictionary);
        builder.Offset(5, children);
        builder.Offset(6, metadata);
        builder.Bool(1, field.Nullable);
        builder.Byte(2, typeNumber);
        return builder.EndTable();
    }

    private static int DictionaryTable(FlatBuilder builder, int id)
    {
        int codes = IntTable(builder, 32);
        builder.StartTable();
        builder.Int64(0, id);
        builder.Offset(1, codes);
        builder.Bool(2, false);
        return builder.EndTable();
    }

    private static (byte Number, int Table) TypeTable(FlatBuilder builder, ColumnType type) => type switch
    {
        ColumnType.Boolean => (6, Table(builder, unit: null)),
        ColumnType.Int8 => (IntType, IntTable(builder, 8)),
        ColumnType.Int16 => (IntType, IntTable(builder, 16)),
        ColumnType.Int32 => (IntType, IntTable(builder, 32)),
        ColumnType.Int64 => (IntType, IntTable(builder, 64)),
        ColumnType.Float32 => (3, Table(builder, unit: 1)),
        ColumnType.Float64 => (3, Table(builder, unit: 2)),
        ColumnType.Date32 => (8, Table(builder, unit: 0)),
        ColumnType.TimestampMillis => (10, TimestampTable(builder, unit: 1)),
        ColumnType.TimestampMicros => (10, TimestampTable(builder, unit: 2)),
        ColumnType.Utf8 or ColumnType.Dictionary => (5, Table(builder, unit: null)),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    // Precision of a float, unit of a date, or a type without parameters.
    private static int Table(FlatBuilder builder, short? unit)
    {
        builder.StartTable();
        if (unit is { } value)
            builder.Int16(0, value);
        return builder.EndTable();
    }

    private static int IntTable(FlatBuilder builder, int bits)
    {
        builder.StartTable();
        builder.Int32(0, bits);
        builder.Bool(1, true);
        return builder.EndTable();
    }

    private static int TimestampTable(FlatBuilder builder, short unit)
    {
        int zone = builder.Text("UTC");
        builder.StartTable();
        builder.Int16(0, unit);
        builder.Offset(1, zone);
        return builder.EndTable();
    }

    // In ordinal order of the keys, so that equal metadata make equal bytes.
    private static int Metadata(FlatBuilder builder, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null || metadata.Count == 0)
            return 0;
        var pairs = new List<int>(metadata.Count);
        foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            (int keyText, int valueText) = (builder.Text(key), builder.Text(value));
            builder.StartTable();
            builder.Offset(0, keyText);
            builder.Offset(1, valueText);
            pairs.Add(builder.EndTable());
        }
        return builder.Offsets(pairs);
    }
}
