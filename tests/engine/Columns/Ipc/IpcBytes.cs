namespace ChurnEngine.Columns.Tests.Ipc;

/// <summary>Writes batches into bytes and reads them back.</summary>
internal static class IpcBytes
{
    public static byte[] Stream(Schema schema, params IEnumerable<RecordBatch> batches) => Write(stream => new ArrowStreamWriter(stream, schema, leaveOpen: true), batches);

    public static byte[] File(Schema schema, params IEnumerable<RecordBatch> batches) => Write(stream => new ArrowFileWriter(stream, schema, leaveOpen: true), batches);

    public static ArrowStreamReader OpenStream(byte[] bytes, bool allowMissingEnd = false) => new(new MemoryStream(bytes), new ArrowReadOptions { AllowMissingEnd = allowMissingEnd });

    public static ArrowFileReader OpenFile(byte[] bytes) => new(new MemoryStream(bytes));

    /// <summary>The values of one column of all batches, as objects; null where null.</summary>
    public static List<object?> Values(byte[] stream, int column = 0)
    {
        using ArrowStreamReader reader = OpenStream(stream);
        return Values(reader.ReadAll(), column);
    }

    public static List<object?> Values(IEnumerable<RecordBatch> batches, int column = 0)
    {
        var values = new List<object?>();
        foreach (RecordBatch batch in batches)
        {
            using (batch)
                values.AddRange(Enumerable.Range(0, batch.Length).Select(row => Value(batch.Columns[column], row)));
        }
        return values;
    }

    public static ChurnDataException Refused(byte[] stream, int code)
    {
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => Values(stream));
        Assert.True(error.Code.Number == code, error.Describe());
        return error;
    }

    private static object? Value(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        BooleanColumn c => c[row],
        PrimitiveColumn<sbyte> c => c.Values[row],
        PrimitiveColumn<short> c => c.Values[row],
        PrimitiveColumn<int> c => c.Values[row],
        PrimitiveColumn<long> c => c.Values[row],
        PrimitiveColumn<float> c => c.Values[row],
        PrimitiveColumn<double> c => c.Values[row],
        Utf8Column c => c.GetString(row),
        DictionaryColumn c => c.GetString(row),
        _ => throw new NotSupportedException(),
    };

    private static byte[] Write(Func<Stream, IBatchSink> open, IEnumerable<RecordBatch> batches)
    {
        var stream = new MemoryStream();
        using (IBatchSink writer = open(stream))
        {
            foreach (RecordBatch batch in batches)
                writer.Write(batch);
            writer.Complete();
        }
        return stream.ToArray();
    }
}
