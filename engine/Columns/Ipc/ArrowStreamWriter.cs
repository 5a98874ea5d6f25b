namespace ChurnEngine.Columns;

/// <summary>Writes batches as an Arrow IPC stream, for a pipe or another process.</summary>
/// <remarks>A dictionary is sent before the first batch that uses it, and again when a later batch has another. Equal batches make equal bytes.
/// Memory: copies of the columns of one batch that have nulls, and the dictionaries. Source: Arrow columnar format, "IPC Streaming Format".</remarks>
public sealed class ArrowStreamWriter : ArrowWriter
{
    private readonly byte[]?[] _sent;

    /// <summary>Writes the schema.</summary>
    /// <param name="stream">Need not seek; disposed with the writer unless <paramref name="leaveOpen"/>.</param>
    /// <param name="schema">Columns of every batch to come, with their metadata.</param>
    /// <param name="leaveOpen">True leaves the stream open.</param>
    public ArrowStreamWriter(Stream stream, Schema schema, bool leaveOpen = false) : base(stream, schema, leaveOpen)
    {
        _sent = new byte[]?[schema.Fields.Count];
        Sink.Write(MessageEncoding.OfSchema(schema), null);
    }

    private protected override void AddColumn(int field, Column column, BodyParts body)
    {
        if (column is DictionaryColumn coded)
            SendDictionary(field, coded.Dictionary);
        body.Add(column);
    }

    private protected override void WriteBatch(int length, BodyParts body) => Sink.Write(MessageEncoding.OfBatch(length, body), body);

    private protected override void WriteEnd() => Sink.WriteEnd();

    private void SendDictionary(int id, Utf8Column dictionary)
    {
        using var body = new BodyParts();
        body.Add(dictionary);
        using var bytes = new MemoryStream(checked((int)body.Length));
        body.WriteTo(bytes);
        byte[] now = bytes.ToArray();
        if (_sent[id] is { } before && before.AsSpan().SequenceEqual(now))
            return;
        Sink.Write(MessageEncoding.OfDictionary(id, dictionary.Length, body), body);
        _sent[id] = now;
    }
}
