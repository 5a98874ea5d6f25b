namespace ChurnEngine.Columns;

/// <summary>Writes batches as an Arrow IPC stream, for a pipe or another process.</summary>
/// <remarks>A dictionary is sent before the first batch that uses it, and again when a later batch has another. Equal batches make equal bytes.
/// Memory: copies of the columns of one batch that have nulls, and the dictionaries. Source: Arrow columnar format, "IPC Streaming Format".</remarks>
public sealed class ArrowStreamWriter : IBatchSink
{
    private readonly Stream _stream;
    private readonly Schema _schema;
    private readonly bool _leaveOpen;
    private readonly MessageSink _sink;
    private readonly byte[]?[] _sent;
    private bool _completed;

    /// <summary>Writes the schema.</summary>
    /// <param name="stream">Need not seek; disposed with the writer unless <paramref name="leaveOpen"/>.</param>
    /// <param name="schema">Columns of every batch to come, with their metadata.</param>
    /// <param name="leaveOpen">True leaves the stream open.</param>
    public ArrowStreamWriter(Stream stream, Schema schema, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(schema);
        (_stream, _schema, _leaveOpen) = (stream, schema, leaveOpen);
        _sent = new byte[]?[schema.Fields.Count];
        _sink = new MessageSink(stream);
        _sink.Write(MessageEncoding.OfSchema(schema), null);
    }

    /// <inheritdoc/>
    /// <remarks>Errors: <see cref="ArgumentException"/> when the batch has another schema.</remarks>
    public void Write(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!batch.Schema.SameAs(_schema))
            throw new ArgumentException("the batch has another schema", nameof(batch));
        ObjectDisposedException.ThrowIf(_completed, this);
        using var body = new BodyParts();
        for (int i = 0; i < batch.Columns.Count; i++)
        {
            if (batch.Columns[i] is DictionaryColumn coded)
                SendDictionary(i, coded.Dictionary);
            body.Add(batch.Columns[i]);
        }
        _sink.Write(MessageEncoding.OfBatch(batch.Length, body), body);
    }

    /// <summary>Writes the end-of-stream marker: a stream without it is not whole.</summary>
    public void Complete()
    {
        if (_completed)
            return;
        _completed = true;
        _sink.WriteEnd();
        _stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_leaveOpen)
            _stream.Dispose();
    }

    private void SendDictionary(int id, Utf8Column dictionary)
    {
        using var body = new BodyParts();
        body.Add(dictionary);
        using var bytes = new MemoryStream(checked((int)body.Length));
        body.WriteTo(bytes);
        byte[] now = bytes.ToArray();
        if (_sent[id] is { } before && before.AsSpan().SequenceEqual(now))
            return;
        _sink.Write(MessageEncoding.OfDictionary(id, dictionary.Length, body), body);
        _sent[id] = now;
    }
}
