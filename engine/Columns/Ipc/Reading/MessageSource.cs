using System.Buffers.Binary;
using System.Text;

namespace ChurnEngine.Columns;

/// <summary>One message: what its metadata say, and how many bytes of body follow.</summary>
internal sealed record IpcMessage(MessageKind Kind, FlatTable Header, long BodyLength, IpcPlace Place);

/// <summary>Kinds of messages, as Message.fbs numbers them.</summary>
internal enum MessageKind : byte
{
    None,
    Schema,
    DictionaryBatch,
    RecordBatch,
    Tensor,
    SparseTensor,
}

/// <summary>Cuts bytes into messages, and never allocates much more than has really come.</summary>
/// <remarks>
/// <code>
///   since 0.15:  FFFFFFFF  length  metadata  body        end:  FFFFFFFF 00000000
///   before:                length  metadata  body        end:           00000000
/// </code>
/// Source: Arrow columnar format, "Encapsulated message format".
/// </remarks>
internal sealed class MessageSource(Stream stream, string name)
{
    /// <summary>More than any schema needs, and less than four letters of any text read as a length.</summary>
    private const int MostMetadataBytes = 1 << 28;

    // A pipe does not say how much it holds: what it promises beyond this is allocated as it comes.
    private const int TrustedBytes = 1 << 24;
    private const int Continuation = -1;
    private const int MostBytesARead = 1 << 30;

    /// <summary>True until the first message: what does not read as one is then no Arrow at all.</summary>
    public bool AtStart { get; set; } = true;

    /// <summary>End of what may be read of a stream that can seek.</summary>
    public long Limit { get; set; } = stream.CanSeek ? stream.Length : long.MaxValue;

    /// <summary>True once the end-of-stream marker has come.</summary>
    public bool SawEnd { get; private set; }

    /// <summary>The next message, or null at the end, marked or not; its body is to be read next.</summary>
    public IpcMessage? Next(string part)
    {
        var place = new IpcPlace(name, part);
        Span<byte> word = stackalloc byte[4];
        int got = stream.ReadAtLeast(word, 4, throwOnEndOfStream: false);
        if (got == 0)
            return null;
        if (got < 4)
            throw AtStart ? IpcErrors.NotArrow(name, Show(word[..got])) : IpcErrors.Truncated(place, 4 - got, 0);
        // What gzip begins with would pass for a length, though for one of 512 kB and more.
        if (AtStart && word.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            throw IpcErrors.NotArrow(name, Show(word));
        if (AtStart && word.SequenceEqual(ArrowFileReader.Magic.AsSpan(0, 4)))
            SkipFileStart(word, place);
        int length = BinaryPrimitives.ReadInt32LittleEndian(word);
        if (length == Continuation)
            length = ReadWord(word, place);
        if (length == 0)
        {
            SawEnd = true;
            return null;
        }
        if (length is < 0 or > MostMetadataBytes)
            throw AtStart ? IpcErrors.NotArrow(name, Show(word)) : IpcErrors.BadMetadata(place, $"a length of {length} bytes");
        AtStart = false;
        return Parse(ReadMetadata(length, place), place);
    }

    /// <summary>The body of the message that <see cref="Next"/> has just given.</summary>
    public NativeBuffer<byte> ReadBody(IpcMessage message)
    {
        long length = message.BodyLength;
        CheckThere(length, message.Place);
        NativeBuffer<byte> body = NativeBuffer<byte>.Allocate(stream.CanSeek ? length : Math.Min(length, TrustedBytes));
        try
        {
            long got = 0;
            while (got < length)
            {
                if (got == body.Length)
                    body = Grow(body, Math.Min(length, body.Length * 2));
                int read = stream.Read(body.Slice(got, (int)Math.Min(body.Length - got, MostBytesARead)));
                if (read == 0)
                    throw IpcErrors.Truncated(message.Place, length - got, 0);
                got += read;
            }
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Goes past the body of the message that <see cref="Next"/> has just given; the stream must seek.</summary>
    public void SkipBody(IpcMessage message)
    {
        CheckThere(message.BodyLength, message.Place);
        stream.Position += message.BodyLength;
    }

    /// <summary>Reads so many bytes, however long a pipe says they are.</summary>
    public byte[] ReadMetadata(int length, IpcPlace place)
    {
        CheckThere(length, place);
        byte[] bytes = new byte[stream.CanSeek ? length : Math.Min(length, TrustedBytes)];
        int got = 0;
        while (got < length)
        {
            if (got == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(length, bytes.Length * 2L));
            int read = stream.Read(bytes.AsSpan(got));
            if (read == 0)
                throw IpcErrors.Truncated(place, length - got, 0);
            got += read;
        }
        return bytes;
    }

    /// <summary>Bytes as an error shows them.</summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        return text.All(c => c is >= ' ' and <= '~') ? $"'{text}'" : Convert.ToHexString(bytes);
    }

    private int ReadWord(Span<byte> word, IpcPlace place)
    {
        int got = stream.ReadAtLeast(word, 4, throwOnEndOfStream: false);
        return got == 4 ? BinaryPrimitives.ReadInt32LittleEndian(word) : throw IpcErrors.Truncated(place, 4 - got, 0);
    }

    // ARROW1 00 00: the file format, whose messages follow as in a stream.
    private void SkipFileStart(Span<byte> word, IpcPlace place)
    {
        ReadWord(word, place);
        if (!word.StartsWith(ArrowFileReader.Magic.AsSpan(4)))
            throw IpcErrors.NotArrow(name, "'ARRO' and " + Show(word));
        ReadWord(word, place);
    }

    private void CheckThere(long length, IpcPlace place)
    {
        if (stream.CanSeek && length > Limit - stream.Position)
            throw IpcErrors.Truncated(place, length, Math.Max(0, Limit - stream.Position));
    }

    private static unsafe NativeBuffer<byte> Grow(NativeBuffer<byte> body, long length)
    {
        NativeBuffer<byte> larger = NativeBuffer<byte>.Allocate(length);
        Buffer.MemoryCopy(body.Pointer, larger.Pointer, length, body.Length);
        body.Dispose();
        return larger;
    }

    private static IpcMessage Parse(byte[] bytes, IpcPlace place)
    {
        FlatTable root = new FlatBytes(bytes, place).Root;
        if (root.Int16(0) is not (3 or 4) and short version)
            throw IpcErrors.OldVersion(place, version);
        var kind = (MessageKind)root.Byte(1);
        if (root.Table(2) is not { } header)
            throw IpcErrors.BadMetadata(place, "a message without a header");
        long body = root.Int64(3);
        return body >= 0 ? new IpcMessage(kind, header, body, place) : throw IpcErrors.BadMetadata(place, $"a body of {body} bytes");
    }
}
