using System.Buffers.Binary;

namespace ChurnEngine.Columns;

/// <summary>Reads the batches of an Arrow IPC file in any order, by its footer.</summary>
/// <remarks>Types as in <see cref="ArrowStreamReader"/>. Memory: one batch, and the dictionaries.
/// Errors: <see cref="ChurnDataException"/> for whatever is wrong with the bytes. Source: Arrow columnar format, "IPC File Format".</remarks>
public sealed class ArrowFileReader : IDisposable
{
    internal static readonly byte[] Magic = "ARROW1"u8.ToArray();
    private const int BlockBytes = 24;
    private readonly Stream _stream;
    private readonly ArrowReadOptions _options;
    private readonly MessageSource _messages;
    private readonly BatchDecoder _decoder;
    private readonly FlatVector _batches;

    /// <summary>Reads the footer and the dictionaries.</summary>
    /// <param name="stream">Must seek; disposed with the reader unless the options say otherwise, and when this constructor throws.</param>
    /// <param name="options">Null: the defaults.</param>
    public ArrowFileReader(Stream stream, ArrowReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _options = options ?? new ArrowReadOptions();
        try
        {
            if (!stream.CanSeek)
                throw new ArgumentException("the file format is read by seeking; read a pipe with ArrowStreamReader", nameof(stream));
            _messages = new MessageSource(stream, _options.Name) { AtStart = false };
            FlatTable footer = ReadFooter();
            var place = new IpcPlace(_options.Name, "footer");
            if (footer.Table(1) is not { } schema)
                throw IpcErrors.BadMetadata(place, "no schema");
            _batches = footer.Vector(3, BlockBytes);
            Described = WireSchema.Describe(schema);
            FlatVector dictionaries = footer.Vector(2, BlockBytes);
            _decoder = new BatchDecoder(WireSchema.Read(schema, place, _options.Columns));
            for (int i = 0; i < dictionaries.Count; i++)
            {
                IpcMessage message = Seek(dictionaries, i, $"dictionary batch {i + 1}", MessageKind.DictionaryBatch);
                _decoder.Dictionary(message, _messages.ReadBody(message), mayReplace: false);
            }
        }
        catch
        {
            _decoder?.Dispose();
            Close();
            throw;
        }
    }

    /// <summary>The columns of every batch, with their metadata.</summary>
    public Schema Schema => _decoder.Schema.Schema;

    /// <summary>All columns of the file, those that are passed over too.</summary>
    internal IReadOnlyList<ArrowColumn> Described { get; }

    /// <summary>Batches in the file.</summary>
    public int BatchCount => _batches.Count;

    /// <summary>One batch, for the caller to dispose. It may have no rows.</summary>
    /// <param name="index">0 to <see cref="BatchCount"/> - 1.</param>
    public RecordBatch Read(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)BatchCount, nameof(index));
        IpcMessage message = Seek(_batches, index, $"record batch {index + 1}", MessageKind.RecordBatch);
        return _decoder.Batch(message, _messages.ReadBody(message));
    }

    /// <summary>All batches in the footer's order, for the caller to dispose one by one.</summary>
    public IEnumerable<RecordBatch> ReadAll()
    {
        for (int i = 0; i < BatchCount; i++)
            yield return Read(i);
    }

    /// <summary>Counts the rows of all batches without reading their bodies.</summary>
    internal long CountRows()
    {
        long rows = 0;
        for (int i = 0; i < BatchCount; i++)
            rows += BodyCursor.RowsOf(Seek(_batches, i, $"record batch {i + 1}", MessageKind.RecordBatch));
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _decoder.Dispose();
        Close();
    }

    // ARROW1 00 00 | messages | footer | length of the footer | ARROW1
    private FlatTable ReadFooter()
    {
        Span<byte> head = stackalloc byte[8];
        _stream.Position = 0;
        int got = _stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (got < Magic.Length || !head.StartsWith(Magic))
            throw IpcErrors.NotArrow(_options.Name, got == 0 ? "nothing" : MessageSource.Show(head[..Math.Min(got, 4)]));
        Span<byte> tail = stackalloc byte[10];
        long end = _stream.Length - tail.Length;
        if (end < 8)
            throw IpcErrors.NoFooter(_options.Name, $"it has {_stream.Length} bytes");
        _stream.Position = end;
        _stream.ReadExactly(tail);
        int length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (!tail[4..].SequenceEqual(Magic))
            throw IpcErrors.NoFooter(_options.Name, "it does not end with ARROW1");
        if (length <= 0 || length > end - 8)
            throw IpcErrors.NoFooter(_options.Name, $"a footer of {length} bytes in a file of {_stream.Length}");
        _stream.Position = end - length;
        var place = new IpcPlace(_options.Name, "footer");
        byte[] bytes = _messages.ReadMetadata(length, place);
        _messages.Limit = end - length;
        FlatTable footer = new FlatBytes(bytes, place).Root;
        return footer.Int16(0) is 3 or 4 ? footer : throw IpcErrors.OldVersion(place, footer.Int16(0));
    }

    private IpcMessage Seek(FlatVector blocks, int index, string part, MessageKind kind)
    {
        var place = new IpcPlace(_options.Name, part);
        long offset = blocks.Int64(index);
        long body = blocks.Int64(index, 16);
        if (offset < 8 || offset >= _messages.Limit)
            throw IpcErrors.BadMetadata(place, $"the footer puts it at byte {offset} of {_messages.Limit}");
        _stream.Position = offset;
        IpcMessage message = _messages.Next(part) ?? throw IpcErrors.BadMetadata(place, $"no message at byte {offset}");
        if (message.Kind != kind)
            throw IpcErrors.UnexpectedMessage(place, message.Kind.ToString(), kind.ToString());
        return message.BodyLength == body ? message : throw IpcErrors.BadMetadata(place, $"a body of {message.BodyLength} bytes, and of {body} by the footer");
    }

    private void Close()
    {
        if (!_options.LeaveOpen)
            _stream.Dispose();
    }
}
