using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using ChurnEngine.Columns;

namespace ChurnEngine.Bench.Peers;

/// <summary>NumPy's array file, version 1.0, little-endian float32, row-major: both sides read it without a conversion.</summary>
/// <remarks>Source: NumPy enhancement proposal 1.</remarks>
internal static partial class NpyFile
{
    private const int HeaderBytes = 128;
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    /// <summary>Writes the header; the values follow.</summary>
    /// <param name="stream">At its start.</param>
    /// <param name="rows">N.</param>
    /// <param name="columns">F, or 0 for an array of one dimension.</param>
    public static void WriteHeader(Stream stream, long rows, int columns)
    {
        string shape = string.Create(CultureInfo.InvariantCulture, $"{rows}, {(columns == 0 ? "" : $"{columns}")}").TrimEnd(' ');
        string text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}".PadRight(HeaderBytes - Magic.Length - 3) + '\n';
        stream.Write(Magic);
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        stream.Write(length);
        stream.Write(Encoding.ASCII.GetBytes(text));
    }

    /// <summary>Writes a whole array.</summary>
    public static void Write(string path, ReadOnlySpan<float> values, long rows, int columns)
    {
        using FileStream stream = File.Create(path);
        WriteHeader(stream, rows, columns);
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Reads a whole array; the caller disposes it.</summary>
    /// <returns>The values, N, and F (0 for one dimension).</returns>
    /// <remarks>Errors: <see cref="InvalidDataException"/> for what is not such a file.</remarks>
    public static unsafe (NativeBuffer<float> Values, long Rows, int Columns) Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        Span<byte> start = stackalloc byte[10];
        stream.ReadExactly(start);
        if (!start[..6].SequenceEqual(Magic[..6]) || start[6] != 1)
            throw new InvalidDataException($"{path} is no NumPy file of version 1");
        byte[] header = new byte[BinaryPrimitives.ReadUInt16LittleEndian(start[8..])];
        stream.ReadExactly(header);
        string text = Encoding.ASCII.GetString(header);
        Match match = HeaderPattern().Match(text);
        if (!match.Success)
            throw new InvalidDataException($"{path} is no row-major float32 array of one or two dimensions: {text.Trim()}");
        long rows = long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        int columns = match.Groups[2].Length == 0 ? 0 : int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
        long count = rows * Math.Max(1, columns);
        if (stream.Length - stream.Position != count * sizeof(float))
            throw new InvalidDataException($"{path} holds {stream.Length - stream.Position} bytes of values, not {count * sizeof(float)}");
        NativeBuffer<float> values = NativeBuffer<float>.Allocate(count);
        const int Block = 1 << 24;
        for (long done = 0; done < count; done += Block)
            stream.ReadExactly(MemoryMarshal.AsBytes(values.Slice(done, (int)Math.Min(Block, count - done))));
        return (values, rows, columns);
    }

    [GeneratedRegex(@"^\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+),(?: (\d+))?\)")]
    private static partial Regex HeaderPattern();
}
