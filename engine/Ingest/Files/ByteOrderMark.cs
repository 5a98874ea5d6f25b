using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Files;

/// <summary>The three bytes that some editors put before UTF-8. DuckDB passes over them in delimited text, and takes the first line of JSON for malformed.</summary>
internal static class ByteOrderMark
{
    /// <summary>The file's path, or, where it begins with the mark, that of an unpacked copy without it in <paramref name="folder"/>.</summary>
    public static string Without(SourceFile file, string folder)
    {
        using Stream stream = file.OpenBytes();
        Span<byte> start = stackalloc byte[3];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.SequenceEqual((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            return file.Path;
        FileChanges.CreateFolder(folder);
        string copy = Path.Combine(folder, $"{Guid.NewGuid():N}.jsonl");
        using FileStream to = FileChanges.Create(copy);
        stream.CopyTo(to);
        return copy;
    }
}
