using System.IO.Compression;

namespace ChurnEngine.Ingest.Files;

/// <summary>Finds out whether a gzip file is whole: neither DuckDB nor .NET notices a cut one, and would hand over its beginning as all there is.</summary>
/// <remarks>The file is unpacked with one more packed member behind it. Where the file is whole, what comes out ends with that member; where it is cut,
/// the member is taken for the missing data, and its text never appears. Files of several members pass like those of one.</remarks>
internal static class PackedFile
{
    private static readonly byte[] s_mark = [.. "whole: 9d3f0c77-2b1e-4e0e-a5d4"u8];

    /// <summary>Reads the file once to its end.</summary>
    /// <remarks>Errors: <see cref="InvalidDataException"/> when it is cut or damaged.</remarks>
    public static void CheckWhole(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[2];
        if (file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length || magic[0] != 0x1F || magic[1] != 0x8B)
            throw new InvalidDataException("its name says gzip, its content does not");
        file.Position = 0;
        try
        {
            ReadToMark(file);
        }
        catch (InvalidDataException broken)
        {
            throw new InvalidDataException("its packed data is cut short or damaged", broken);
        }
    }

    private static void ReadToMark(FileStream file)
    {
        using var unpacked = new GZipStream(new Followed(file, Pack(s_mark)), CompressionMode.Decompress);
        byte[] block = new byte[s_mark.Length + (1 << 17)];
        int kept = 0;
        for (int read = unpacked.Read(block, kept, block.Length - kept); read > 0; read = unpacked.Read(block, kept, block.Length - kept))
        {
            int length = kept + read;
            kept = Math.Min(s_mark.Length, length);
            block.AsSpan(length - kept, kept).CopyTo(block);
        }
        if (!block.AsSpan(0, kept).SequenceEqual(s_mark))
            throw new InvalidDataException("it ends too early");
    }

    private static byte[] Pack(byte[] text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(text);
        return packed.ToArray();
    }

    private sealed class Followed(Stream first, byte[] then) : Stream
    {
        private int _next;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int read = first.Read(buffer);
            if (read > 0)
                return read;
            int rest = Math.Min(buffer.Length, then.Length - _next);
            then.AsSpan(_next, rest).CopyTo(buffer);
            _next += rest;
            return rest;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
