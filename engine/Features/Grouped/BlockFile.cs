using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ChurnEngine.Columns;
using Microsoft.Win32.SafeHandles;

namespace ChurnEngine.Features;

/// <summary>Writes buffers one after the other, each from the beginning of a page on, as they lie in memory; the hash of it all comes out at the end.</summary>
internal sealed unsafe class BlockFileWriter(Stream stream) : IDisposable
{
    public const int PageBytes = 4096;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    public void Write<T>(NativeBuffer<T> values) where T : unmanaged
    {
        const long Most = 1L << 30;
        long bytes = values.Length * sizeof(T);
        for (long done = 0; done < bytes; done += Most)
            Put(new ReadOnlySpan<byte>((byte*)values.Pointer + done, (int)Math.Min(Most, bytes - done)));
        FillPage();
    }

    public void Write<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        Put(MemoryMarshal.AsBytes(values));
        FillPage();
    }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void Put(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _hash.AppendData(bytes);
        Length += bytes.Length;
    }

    private void FillPage()
    {
        ReadOnlySpan<byte> zeros = stackalloc byte[PageBytes];
        Put(zeros[..(int)((PageBytes - Length % PageBytes) % PageBytes)]);
    }
}

/// <summary>Takes back, in the same order, what a <see cref="BlockFileWriter"/> wrote.</summary>
internal sealed unsafe class BlockFileReader(SafeFileHandle file)
{
    private long _offset;

    public NativeBuffer<T> Read<T>(long length) where T : unmanaged
    {
        NativeBuffer<T> values = NativeBuffer<T>.ReadFrom(file, _offset, length);
        _offset += (length * sizeof(T) + BlockFileWriter.PageBytes - 1) / BlockFileWriter.PageBytes * BlockFileWriter.PageBytes;
        return values;
    }
}
