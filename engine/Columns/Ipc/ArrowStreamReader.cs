namespace ChurnEngine.Columns;

/// <summary>Reads the batches of an Arrow IPC stream one by one, from a pipe or a file, and holds none of them.</summary>
/// <remarks>
/// What comes is turned into the engine's types. Without a copy: bool, int8 to int64, float32/64, date32, timestamps in ms and us, utf8, dictionaries
/// of int32 and uint32 codes. Widened: uint8 to int16, uint16 to int32, uint32 and uint64 to int64 (a value above 2^63 - 1 is refused), float16 to float32,
/// seconds to us, codes of other widths to int32. date64, which counts milliseconds, becomes a timestamp in ms. Nanoseconds are rounded down to us. A
/// timestamp with a zone is the instant that it is in UTC, one without a zone is taken as UTC. large_utf8 and utf8_view become utf8. Rows whose dictionary
/// entry is null are null. Every other type is refused, as are compressed bodies, deltas of dictionaries and big-endian order.
/// A file of the file format is read too, from its start, if its dictionaries come before its batches.
/// Memory: one batch, and the dictionaries; never much more than has really come, whatever lengths the bytes promise.
/// Errors: <see cref="ChurnDataException"/> for whatever is wrong with the bytes. Source: Arrow columnar format, "IPC Streaming Format".
/// </remarks>
public sealed class ArrowStreamReader : IDisposable
{
    private readonly Stream _stream;
    private readonly ArrowReadOptions _options;
    private readonly MessageSource _messages;
    private readonly BatchDecoder _decoder;
    private int _batches;
    private int _dictionaries;
    private bool _ended;

    /// <summary>Reads the schema.</summary>
    /// <param name="stream">Need not seek; disposed with the reader unless the options say otherwise, and when this constructor throws.</param>
    /// <param name="options">Null: the defaults.</param>
    public ArrowStreamReader(Stream stream, ArrowReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _options = options ?? new ArrowReadOptions();
        try
        {
            _messages = new MessageSource(stream, _options.Name);
            IpcMessage message = _messages.Next("schema") ?? throw IpcErrors.NotArrow(_options.Name, "nothing");
            if (message.Kind != MessageKind.Schema || message.BodyLength != 0)
                throw IpcErrors.UnexpectedMessage(message.Place, message.Kind.ToString(), "a schema, without a body");
            Described = WireSchema.Describe(message.Header);
            _decoder = new BatchDecoder(WireSchema.Read(message.Header, message.Place, _options.Columns));
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>The columns of every batch, with their metadata.</summary>
    public Schema Schema => _decoder.Schema.Schema;

    /// <summary>All columns of the stream, those that are passed over too.</summary>
    public IReadOnlyList<ArrowColumn> Described { get; }

    /// <summary>The next batch, for the caller to dispose, or null at the end. A batch may have no rows.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/>; nothing can be read after it.</remarks>
    public RecordBatch? Read()
    {
        while (!_ended)
        {
            IpcMessage? message = _messages.Next($"message {_batches + _dictionaries + 1}");
            if (message is null)
            {
                _ended = true;
                return _messages.SawEnd || _options.AllowMissingEnd ? null : throw IpcErrors.NoEndMarker(_options.Name);
            }
            switch (message.Kind)
            {
                case MessageKind.DictionaryBatch:
                    message = message with { Place = message.Place with { Part = $"dictionary batch {++_dictionaries}" } };
                    _decoder.Dictionary(message, _messages.ReadBody(message), mayReplace: true);
                    break;
                case MessageKind.RecordBatch:
                    message = message with { Place = message.Place with { Part = $"record batch {++_batches}" } };
                    return _decoder.Batch(message, _messages.ReadBody(message));
                default:
                    throw IpcErrors.UnexpectedMessage(message.Place, message.Kind.ToString(), "a dictionary or a record batch");
            }
        }
        return null;
    }

    /// <summary>The batches that are left, for the caller to dispose one by one.</summary>
    public IEnumerable<RecordBatch> ReadAll()
    {
        while (Read() is { } batch)
            yield return batch;
    }

    /// <summary>Counts the rows of the batches that are left, and passes their bodies over.</summary>
    internal long CountRows()
    {
        long rows = 0;
        while (_messages.Next($"message {++_batches}") is { } message)
        {
            rows += message.Kind == MessageKind.RecordBatch ? BodyCursor.RowsOf(message) : 0;
            _messages.SkipBody(message);
        }
        _ended = true;
        return _messages.SawEnd || _options.AllowMissingEnd ? rows : throw IpcErrors.NoEndMarker(_options.Name);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _decoder.Dispose();
        Close();
    }

    private void Close()
    {
        if (!_options.LeaveOpen)
            _stream.Dispose();
    }
}
