namespace ChurnEngine.Columns;

/// <summary>Writes batches of one schema as Arrow IPC messages; what stands around the batches is the form's own.</summary>
/// <remarks>Equal batches make equal bytes.</remarks>
public abstract class ArrowWriter : IBatchSink
{
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private bool _completed;

    private protected ArrowWriter(Stream stream, Schema schema, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(schema);
        (_stream, Schema, _leaveOpen) = (stream, schema, leaveOpen);
        Sink = new MessageSink(stream);
    }

    private protected Schema Schema { get; }

    private protected MessageSink Sink { get; }

    /// <inheritdoc/>
    /// <remarks>Errors: <see cref="ArgumentException"/> when the batch has another schema.</remarks>
    public void Write(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!batch.Schema.SameAs(Schema))
            throw new ArgumentException("the batch has another schema", nameof(batch));
        ObjectDisposedException.ThrowIf(_completed, this);
        using var body = new BodyParts();
        for (int i = 0; i < batch.Columns.Count; i++)
            AddColumn(i, batch.Columns[i], body);
        WriteBatch(batch.Length, body);
    }

    /// <summary>Writes what follows the last batch: without it the stream or file is not whole.</summary>
    public void Complete()
    {
        if (_completed)
            return;
        _completed = true;
        WriteEnd();
        _stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        if (!_leaveOpen)
            _stream.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract void AddColumn(int field, Column column, BodyParts body);

    private protected abstract void WriteBatch(int length, BodyParts body);

    private protected abstract void WriteEnd();

    private protected virtual void Release()
    {
    }
}
