namespace ChurnEngine.Ingest.Files;

/// <summary>Looks at the beginning of a text file for what is no text in UTF-8: another encoding, or another kind of file under a text's name.</summary>
internal static class TextForm
{
    private const int SampleBytes = 1 << 16;
    private const int ManyParts = 20;

    /// <summary>What the file is instead, and what to do; null for text.</summary>
    public static (string What, string Hint)? Fault(SourceFile file)
    {
        byte[] sample = new byte[SampleBytes];
        using Stream stream = file.OpenBytes();
        int length = stream.ReadAtLeast(sample, sample.Length, throwOnEndOfStream: false);
        return Fault(sample.AsSpan(0, length));
    }

    internal static (string What, string Hint)? Fault(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) || start.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
            return Encoded("UTF-32");
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return Encoded("UTF-16");
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return ("packed with gzip", "end its name with .gz, or unpack it: gunzip");
        if (start.StartsWith("PK\x03\x04"u8))
            return ("a ZIP archive, as .xlsx and .zip are", "unpack it, or save the sheet as CSV in UTF-8");
        // A stream of Arrow begins with FFFFFFFF and a length, a Feather file of version 1 with FEA1.
        if (start.StartsWith("ARROW1"u8) || start.StartsWith("FEA1"u8) || start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFF, 0xFF, 0xFF]))
            return ("Arrow data", "end its name with .arrow");
        if (start.StartsWith("PAR1"u8))
            return ("a Parquet file", "end its name with .parquet");
        return FaultOfBytes(start);
    }

    private static (string What, string Hint)? FaultOfBytes(ReadOnlySpan<byte> start)
    {
        int even = 0, odd = 0, control = 0;
        for (int i = 0; i < start.Length; i++)
        {
            if (start[i] == 0)
                _ = (i & 1) == 0 ? even++ : odd++;
            else if (start[i] < ' ' && start[i] is not (>= 9 and <= 13 or 27))
                control++;
        }
        int nulls = even + odd;
        // Latin letters in two bytes: every second byte is 0, and only those.
        if (nulls * 3 > start.Length && Math.Min(even, odd) * ManyParts < nulls)
            return Encoded("UTF-16 without a byte-order mark");
        if ((nulls + control) * ManyParts > start.Length)
            return ("no text: it is full of bytes that no text has", "check what wrote it, and export it again as text in UTF-8");
        int end = start.IndexOfAny((byte)'\n', (byte)'\r');
        return IsUtf8(end < 0 ? start : start[..end], isCut: end < 0) ? null : ("not in UTF-8, as its header shows", "convert it, for example: iconv -f WINDOWS-1252 -t UTF-8 old > new");
    }

    private static bool IsUtf8(ReadOnlySpan<byte> text, bool isCut)
    {
        for (int cut = 0; cut <= (isCut ? 3 : 0) && cut <= text.Length; cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(text[..^cut]))
                return true;
        }
        return false;
    }

    private static (string, string) Encoded(string encoding) => ($"in {encoding}", $"convert it, for example: iconv -f {encoding.Split(' ')[0]} -t UTF-8 old > new");
}
