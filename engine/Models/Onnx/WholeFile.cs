using ChurnEngine.Columns;

namespace ChurnEngine.Models;

/// <summary>A file that is there whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes the file by <see cref="AtomicFile"/>.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            AtomicFile.Write(path, stream => stream.Write(bytes.Span));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw ModelErrors.Unwritable(path, fault);
        }
    }

    /// <summary>Throws now what <see cref="Write"/> would throw later.</summary>
    public static void Probe(string path)
    {
        try
        {
            AtomicFile.Probe(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw ModelErrors.Unwritable(path, fault);
        }
    }

    public static byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // A pipe would be waited for, and a device read until memory ends.
        PathKind kind = PathKinds.Of(path);
        if (kind is PathKind.Folder or PathKind.Pipe or PathKind.Device or PathKind.Loop)
            throw ModelErrors.NotAFile(path, kind);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ModelErrors.NotFound(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw ModelErrors.Unreadable(path, fault);
        }
    }
}
