using System.Buffers.Binary;

namespace ChurnEngine.Columns;

/// <summary>Writes messages one behind another, each body at a multiple of 64 bytes from the start.</summary>
internal sealed class MessageSink(Stream stream)
{
    private const int Alignment = 64;
    private const int PrefixBytes = 8;

    /// <summary>Bytes written so far.</summary>
    public long Position { get; private set; }

    /// <summary>Writes a message.</summary>
    /// <returns>Its place in the footer: offset, metadata with prefix and padding, and body length.</returns>
    public (long Offset, long MetadataLength, long BodyLength) Write(ReadOnlyMemory<byte> metadata, BodyParts? body)
    {
        long offset = Position;
        int padding = (int)(-(offset + PrefixBytes + metadata.Length) & (Alignment - 1));
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        BinaryPrimitives.WriteInt32LittleEndian(prefix, -1);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[4..], metadata.Length + padding);
        Write(prefix);
        Write(metadata.Span);
        Span<byte> zeros = stackalloc byte[Alignment];
        zeros.Clear();
        Write(zeros[..padding]);
        if (body is not null)
        {
            body.WriteTo(stream);
            Position += body.Length;
        }
        return (offset, PrefixBytes + metadata.Length + padding, body?.Length ?? 0);
    }

    /// <summary>Writes the end-of-stream marker.</summary>
    public void WriteEnd() => Write([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);

    /// <summary>Writes bytes that are no message.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        Position += bytes.Length;
    }
}
