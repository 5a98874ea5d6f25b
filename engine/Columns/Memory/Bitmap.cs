using System.Numerics;

namespace ChurnEngine.Columns;

/// <summary>Validity bitmaps as Arrow lays them out: bit i of the run is bit (i mod 8) of byte i / 8, and 1 means valid.</summary>
public static class Bitmap
{
    /// <summary>Bytes that hold <paramref name="bits"/> bits.</summary>
    public static int ByteLength(int bits) => (bits + 7) >>> 3;

    /// <summary>Reads one bit.</summary>
    public static bool Get(ReadOnlySpan<byte> bitmap, int index) => (bitmap[index >>> 3] >>> (index & 7) & 1) != 0;

    /// <summary>Writes one bit.</summary>
    public static void Set(Span<byte> bitmap, int index, bool value)
    {
        int bit = 1 << (index & 7);
        ref byte cell = ref bitmap[index >>> 3];
        cell = (byte)(value ? cell | bit : cell & ~bit);
    }

    /// <summary>Counts the ones among the first <paramref name="length"/> bits.</summary>
    public static int CountSet(ReadOnlySpan<byte> bitmap, int length)
    {
        int whole = length >>> 3;
        int count = 0;
        ReadOnlySpan<ulong> words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bitmap[..whole]);
        foreach (ulong word in words)
            count += BitOperations.PopCount(word);
        for (int i = words.Length * 8; i < whole; i++)
            count += BitOperations.PopCount(bitmap[i]);
        int tail = length & 7;
        return tail == 0 ? count : count + BitOperations.PopCount((uint)(bitmap[whole] & ((1 << tail) - 1)));
    }

    /// <summary>Copies <paramref name="length"/> bits that start at bit <paramref name="offset"/> of the source to bit 0 of the target.</summary>
    /// <param name="source">Bits to read.</param>
    /// <param name="offset">First bit, 0 and up; need not be on a byte boundary.</param>
    /// <param name="length">Bits to copy.</param>
    /// <param name="target">At least ByteLength(length) bytes; bits past the end of the last byte become 0.</param>
    public static void Copy(ReadOnlySpan<byte> source, int offset, int length, Span<byte> target)
    {
        int shift = offset & 7;
        ReadOnlySpan<byte> from = source[(offset >>> 3)..];
        int bytes = ByteLength(length);
        for (int i = 0; i < bytes; i++)
        {
            int low = from[i] >>> shift;
            int high = shift != 0 && i + 1 < from.Length ? from[i + 1] << (8 - shift) : 0;
            target[i] = (byte)(low | high);
        }
        if ((length & 7) != 0)
            target[bytes - 1] &= (byte)((1 << (length & 7)) - 1);
    }
}
