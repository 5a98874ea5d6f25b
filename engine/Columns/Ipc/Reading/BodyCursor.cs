namespace ChurnEngine.Columns;

/// <summary>Walks the buffers of one batch in the order of its columns, and gives out none that the body does not hold.</summary>
/// <remarks>The lengths of all buffers together may not exceed the body, so that no byte of a file can be claimed by many columns.
/// Memory: what is borrowed keeps the body alive.</remarks>
internal sealed unsafe class BodyCursor
{
    private const int MostBareNulls = 1 << 22;
    private const int MostNullsAByte = 64;
    private readonly NativeBuffer<byte> _body;
    private readonly ForeignMemory _owner;
    private readonly FlatVector _nodes;
    private readonly FlatVector _buffers;
    private readonly FlatVector _variadicCounts;
    private int _node;
    private int _buffer;
    private int _variadicCount;

    /// <summary>Starts at the first column.</summary>
    /// <param name="batch">The RecordBatch table.</param>
    /// <param name="body">All of the body.</param>
    /// <param name="owner">Disposes the body when nobody looks any more.</param>
    /// <param name="place">For errors.</param>
    public BodyCursor(FlatTable batch, NativeBuffer<byte> body, ForeignMemory owner, IpcPlace place)
    {
        (_body, _owner, Place) = (body, owner, place);
        long rows = RowsOf(batch, place);
        Rows = rows <= Array.MaxLength ? (int)rows : throw IpcErrors.TooLarge(place, $"{rows} rows are more than one batch may have");
        _nodes = batch.Vector(1, 16);
        _buffers = batch.Vector(2, 16);
        _variadicCounts = batch.Vector(4, 8);
        CheckBuffers();
    }

    /// <summary>For errors.</summary>
    public IpcPlace Place { get; }

    /// <summary>Rows of every column.</summary>
    public int Rows { get; }

    /// <summary>Rows that a batch says it has.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> when its body is compressed, so that nobody could read them.</remarks>
    public static long RowsOf(IpcMessage batch) => RowsOf(batch.Header, batch.Place);

    /// <summary>Passes over a column that nobody asked for.</summary>
    public void Skip(WireShape shape, string column)
    {
        int buffers = shape.Buffers;
        for (int i = 0; i < shape.Views; i++)
            buffers += NextVariadicCount(column);
        if (shape.Nodes > _nodes.Count - _node || buffers > _buffers.Count - _buffer)
            throw IpcErrors.BadColumn(Place, column, $"it has {_nodes.Count - _node} nodes and {_buffers.Count - _buffer} buffers of {shape.Nodes} and {buffers}");
        (_node, _buffer) = (_node + shape.Nodes, _buffer + buffers);
    }

    /// <summary>The rows of the next column, all of them null, which has a node and no buffers.</summary>
    public void NextOfNulls(string column)
    {
        if (_node == _nodes.Count || _nodes.Int64(_node) != Rows)
            throw IpcErrors.BadColumn(Place, column, $"no node of {Rows} rows");
        // Nulls take no bytes here and some of ours: a small file must not fill the memory with them.
        if (Rows > MostBareNulls && Rows / MostNullsAByte > _body.Length)
            throw IpcErrors.TooLarge(Place, $"column '{column}' has {Rows} nulls in a body of {_body.Length} bytes");
        _node++;
    }

    /// <summary>The validity of the next column, or null when no row is null.</summary>
    public NativeBuffer<byte>? NextValidity(string column)
    {
        if (_node == _nodes.Count)
            throw IpcErrors.BadColumn(Place, column, $"there are nodes for {_nodes.Count} columns only");
        long length = _nodes.Int64(_node);
        long nulls = _nodes.Int64(_node++, 8);
        if (length != Rows)
            throw IpcErrors.BadColumn(Place, column, $"{length} rows in a batch of {Rows}");
        if (nulls < -1 || nulls > Rows)
            throw IpcErrors.BadColumn(Place, column, $"{nulls} nulls among {Rows} rows");
        BodyPart bits = Next(column);
        // A count of -1 says that nobody counted; without a bitmap, nothing is null.
        return nulls == 0 || Rows == 0 || (nulls < 0 && bits.Length == 0) ? null : Borrow<byte>(bits, Bitmap.ByteLength(Rows), column, "validity");
    }

    /// <summary>The next buffer.</summary>
    public BodyPart Next(string column)
    {
        if (_buffer == _buffers.Count)
            throw IpcErrors.BadColumn(Place, column, $"there are {_buffers.Count} buffers only");
        var part = new BodyPart(_buffers.Int64(_buffer), _buffers.Int64(_buffer, 8));
        _buffer++;
        return part;
    }

    /// <summary>How many buffers of text the next view column has.</summary>
    public int NextVariadicCount(string column)
    {
        long count = _variadicCount < _variadicCounts.Count ? _variadicCounts.Int64(_variadicCount++) : -1;
        return count >= 0 && count <= _buffers.Count - _buffer ? (int)count : throw IpcErrors.BadColumn(Place, column, $"{count} buffers of text");
    }

    /// <summary>Throws when something is left over.</summary>
    public void CheckAtEnd()
    {
        if (_node != _nodes.Count || _buffer != _buffers.Count)
            throw IpcErrors.BadMetadata(Place, $"{_nodes.Count - _node} nodes and {_buffers.Count - _buffer} buffers belong to no column of the schema");
    }

    /// <summary>Values to read now, not to keep; they need not be aligned.</summary>
    public ReadOnlySpan<T> View<T>(BodyPart part, int count, string column, string what = "values") where T : unmanaged
    {
        Check<T>(part, count, column, what);
        return count == 0 ? [] : new ReadOnlySpan<T>(_body.Pointer + part.Offset, count);
    }

    /// <summary>Values to keep: the body's own where they are aligned, a copy otherwise.</summary>
    public NativeBuffer<T> Borrow<T>(BodyPart part, int count, string column, string what = "values") where T : unmanaged
    {
        Check<T>(part, count, column, what);
        return part.Offset % sizeof(T) == 0
            ? NativeBuffer<T>.Borrow((T*)(_body.Pointer + part.Offset), count, _owner)
            : NativeBuffer<T>.CopyOf(new ReadOnlySpan<T>(_body.Pointer + part.Offset, count));
    }

    private static long RowsOf(FlatTable batch, IpcPlace place)
    {
        if (batch.Table(3) is { } compression)
            throw IpcErrors.Compressed(place, compression.Byte(0) switch { 0 => "LZ4", 1 => "ZSTD", byte codec => $"codec {codec}" });
        long rows = batch.Int64(0);
        return rows >= 0 ? rows : throw IpcErrors.BadMetadata(place, $"{rows} rows");
    }

    private void Check<T>(BodyPart part, int count, string column, string what) where T : unmanaged
    {
        if (part.Length < (long)count * sizeof(T))
            throw IpcErrors.BadColumn(Place, column, $"{part.Length} bytes of {what} where {(long)count * sizeof(T)} are needed");
    }

    private void CheckBuffers()
    {
        long left = _body.Length;
        for (int i = 0; i < _buffers.Count; i++)
        {
            (long offset, long length) = (_buffers.Int64(i), _buffers.Int64(i, 8));
            // An empty buffer may point anywhere; a body whose buffers fit in it one by one, but not together, is told here too.
            if (length < 0 || (length > 0 && (offset < 0 || offset > _body.Length - length)) || length > left)
                throw IpcErrors.BadMetadata(Place, $"buffer {i} has {length} bytes at byte {offset} of a body of {_body.Length}");
            left -= length;
        }
    }
}

/// <summary>A buffer's place in a body; checked to be inside unless it is empty.</summary>
internal readonly record struct BodyPart(long Offset, long Length);
