using System.Buffers.Binary;

namespace ChurnEngine.Columns;

/// <summary>Writes batches as an Arrow IPC file (also known as Feather V2), which is read in any order by its footer.</summary>
/// <remarks>A file has one dictionary a column, so those of all batches are merged and written behind the last batch; read it from disk, not from
/// a pipe. Equal batches make equal bytes. Memory: copies of the columns of one batch that have nulls, and the dictionaries.
/// Source: Arrow columnar format, "IPC File Format".</remarks>
public sealed class ArrowFileWriter : IBatchSink
{
    private readonly Stream _stream;
    private readonly Schema _schema;
    private readonly bool _leaveOpen;
    private readonly MessageSink _sink;
    private readonly UnifiedDictionary?[] _dictionaries;
    private readonly List<long> _batchBlocks = [];
    private bool _completed;

    /// <summary>Writes the start of the file.</summary>
    /// <param name="stream">Need not seek; disposed with the writer unless <paramref name="leaveOpen"/>.</param>
    /// <param name="schema">Columns of every batch to come, with their metadata.</param>
    /// <param name="leaveOpen">True leaves the stream open.</param>
    public ArrowFileWriter(Stream stream, Schema schema, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(schema);
        (_stream, _schema, _leaveOpen) = (stream, schema, leaveOpen);
        _dictionaries = [.. schema.Fields.Select(field => field.Type == ColumnType.Dictionary ? new UnifiedDictionary() : null)];
        _sink = new MessageSink(stream);
        _sink.Write(ArrowFileReader.Magic);
        _sink.Write([0, 0]);
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
            if (batch.Columns[i] is DictionaryColumn coded && _dictionaries[i]!.Recode(coded) is { } codes)
                body.Add(coded, codes);
            else
                body.Add(batch.Columns[i]);
        }
        AddBlock(_batchBlocks, _sink.Write(MessageEncoding.OfBatch(batch.Length, body), body));
    }

    /// <summary>Writes the dictionaries and the footer: a file without them is not whole.</summary>
    public void Complete()
    {
        if (_completed)
            return;
        _completed = true;
        var dictionaryBlocks = new List<long>();
        for (int i = 0; i < _dictionaries.Length; i++)
        {
            if (_dictionaries[i] is not { } dictionary)
                continue;
            using Utf8Column entries = dictionary.Build();
            using var body = new BodyParts();
            body.Add(entries);
            AddBlock(dictionaryBlocks, _sink.Write(MessageEncoding.OfDictionary(i, entries.Length, body), body));
        }
        _sink.WriteEnd();
        ReadOnlyMemory<byte> footer = MessageEncoding.OfFooter(_schema, dictionaryBlocks, _batchBlocks);
        _sink.Write(footer.Span);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        _sink.Write(length);
        _sink.Write(ArrowFileReader.Magic);
        _stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (UnifiedDictionary? dictionary in _dictionaries)
            dictionary?.Dispose();
        if (!_leaveOpen)
            _stream.Dispose();
    }

    // The struct is [offset: long][metadata length: int][padding: int][body length: long], so the middle one is a long too.
    private static void AddBlock(List<long> blocks, (long Offset, long MetadataLength, long BodyLength) block) =>
        blocks.AddRange(block.Offset, block.MetadataLength, block.BodyLength);
}
